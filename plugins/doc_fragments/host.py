# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Attributes of modules that need a worker's host alone."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
attributes:
  check_mode:
    description: Can run in check_mode and return changed status prediction without modifying target.
    support: full
  idempotent:
    description: When run twice in a row outside check mode, the second invocation indicates that nothing changed.
    support: full
  platform:
    description: Target OS/families that can be operated against.
    support: full
    platforms: posix
  action_group:
    description: >-
      Use C(group/streamops.kafka_connect.kafka_connect) in C(module_defaults) to set options of all modules at once.
    support: full
    membership:
      - streamops.kafka_connect.kafka_connect
requirements:
  - Python 3.7 or later on the managed host, and no further library
"""
