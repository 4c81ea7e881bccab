# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options of a run besides the desired state: plain data that imports nothing of what it governs."""

from __future__ import annotations

from typing import Literal, NamedTuple

from .change import Rules

ValidateMode = Literal["none", "standard", "strict"]
OverlapMode = Literal["warn", "fail", "ignore"]


class Checks(NamedTuple):
    """The checks before a run. `validate`: none skips keys and the worker's validation; strict makes unknown keys errors.
    `overlaps`: what to do about connectors that do the same work.
    """

    validate: ValidateMode = "standard"
    known_keys: tuple[str, ...] = ()
    warn_literal_secrets: bool = True
    max_parallel: int = 8
    overlaps: OverlapMode = "warn"


class ApplyOptions(NamedTuple):
    """How a plan is applied. `batches` as Ansible's `serial`: counts and percentages, the last one repeats; empty: all at
    once.
    """

    wait: bool = True
    max_parallel: int = 8
    batches: tuple[str, ...] = ()
    continue_on_error: bool = False
    on_failure: Literal["keep", "rollback"] = "keep"
    backup_dir: str = ""
    on_drift: Literal["replan", "fail"] = "replan"


class RunOptions(NamedTuple):
    """The options that all changing modules share. Times in seconds."""

    check_mode: bool = False
    apply: ApplyOptions = ApplyOptions()
    checks: Checks = Checks()
    rules: Rules = Rules()
    wait_timeout: float = 300.0
    stable_for: float = 10.0
    report_path: str = ""
