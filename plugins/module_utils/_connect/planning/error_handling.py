# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a connector does with a record that it cannot process: fail, skip it, or set it aside (KIP-298). Pure."""

from __future__ import annotations

from ..model import Config

QUEUE = "errors.deadletterqueue.topic.name"
CONTEXT = "errors.deadletterqueue.context.headers.enable"


def queue_in(config: Config, connector_type: str) -> str:
    """The name of the dead letter topic, empty without one. `connector_type`: only a sink has one."""
    return config.get(QUEUE, "").strip() if connector_type == "sink" else ""


def tolerates(config: Config) -> bool:
    """Whether the connector continues after a record that it cannot process."""
    return config.get("errors.tolerance", "").strip().lower() == "all"


def swallows(config: Config, connector_type: str) -> bool:
    """Whether such a record disappears without a trace."""
    logs = _is_true(config.get("errors.log.enable", ""))
    return tolerates(config) and not logs and not queue_in(config, connector_type)


def handling_problem(config: Config, connector_type: str) -> str:
    """What an operator regrets later, with its fix in one line; empty if there is nothing. `connector_type`: source or sink."""
    if swallows(config, connector_type):
        fix = "set errors.log.enable: true" + (f", or {QUEUE}" if connector_type == "sink" else "")
        return f"errors.tolerance is all, and records with errors disappear without a trace: {fix}"
    if not queue_in(config, connector_type):
        return ""
    if not tolerates(config):
        return (
            f"{QUEUE} has no effect, because a task fails at the first record with an error: set errors.tolerance: all"
        )
    if not _is_true(config.get(CONTEXT, "")):
        return f"its dead letters will not show their causes: set {CONTEXT}: true"
    return ""


def _is_true(text: str) -> bool:
    return text.strip().lower() == "true"
