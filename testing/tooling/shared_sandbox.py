# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The real cluster for all sessions of a run. STREAMOPS_SANDBOX names it, and the program that sets it stops the cluster."""

from __future__ import annotations

from testing.sandbox import Sandbox, SandboxError

DEFAULT_KAFKA = "4.3"
KAFKA_LINES = (DEFAULT_KAFKA, "3.9")


def shared_name(run: str, kafka: str) -> str:
    """The name of a run's sandbox with that line of Kafka."""
    return f"{run}-kafka{kafka.replace('.', '')}"


def end_shared(run: str) -> None:
    """Stops the clusters that the sessions of a run have started."""
    for kafka in KAFKA_LINES:
        try:
            sandbox = Sandbox.attach(shared_name(run, kafka))
        except SandboxError:
            continue  # No session used it.
        sandbox.down()
