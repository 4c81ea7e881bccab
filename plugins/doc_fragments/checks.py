# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is checked in a configuration before the first write (CHECKS in _ansible/arguments.py)."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  validate:
    description:
      - What to check in each configuration that will be written, before the first write. All errors of all configurations are
        reported at once.
      - V(none) only checks that a new plugin class is installed on every worker of the list.
      - V(standard) also has the worker validate the configuration, and warns about keys that none of the plugins involved
        knows, with the nearest known key. Connect itself ignores such keys silently.
      - V(strict) makes unknown keys errors.
      - The default is V(standard), because some plugins read keys that they do not declare.
    type: str
    choices: [none, standard, strict]
    default: standard
  known_keys:
    description:
      - Patterns of keys that are correct although no plugin declares them, for example V(driver.*) for Debezium.
    type: list
    elements: str
    default: []
  warn_literal_secrets:
    description:
      - Whether to warn about plain-text secrets in a configuration. Everyone who can read the REST API or the config topic can
        read them. A reference to a config provider, such as V(${file:/etc/kafka/orders.properties:password}), is resolved on
        the worker.
      - Only checks keys that the plugin itself declares as passwords, and only with O(validate) other than V(none).
    type: bool
    default: true
  overlaps:
    description:
      - What to do if a configuration that will be written does the same work as another one, of this task or of the cluster -
        it reads the same source, or it is a sink with the same target and topics, or it shares the consumer group of another
        sink.
      - V(warn) issues a warning. V(fail) makes it an error, before the first write. V(ignore) does not compare.
      - Connectors that are paused or stopped do no work, and do not count.
      - The default is V(warn), because two connectors may share a source deliberately.
    type: str
    choices: [warn, fail, ignore]
    default: warn
"""
