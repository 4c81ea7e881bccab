# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the sandbox says when it can't do its job."""

from __future__ import annotations


class SandboxError(Exception):
    """One message for a person: what failed, and where possible the cure."""
