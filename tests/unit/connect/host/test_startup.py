# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a worker was started with, compared with what it would read now. Ansible's tests of the role have the same cases."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.host.programs import Deadline
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.host.startup import (
    NOT_MANAGED,
    inspect_startup,
    restart_reasons,
)

STARTED = ["1  /c/worker.properties", "1  /c/environment", "/x/versions/kafka-a  installation"]


def reasons(current: list[str], *pending: str, started: list[str] | None = STARTED, **more: bool) -> list[str]:
    flags = {"is_active": True, "has_script": True, **more}
    return restart_reasons(started, current, pending, **flags)


def test_a_worker_that_has_read_the_current_files_needs_no_restart() -> None:
    assert reasons(STARTED) == []
    assert reasons(STARTED, "1  /c/worker.properties", "kafka-a  installation") == []


def test_pending_files_are_reasons_before_they_are_written() -> None:
    pending = ("2  /c/worker.properties", "1  /c/environment", "1  /c/log4j2.yaml", "kafka-b  installation")
    assert reasons(STARTED, *pending) == ["/c/log4j2.yaml", "/c/worker.properties", "installation"]


def test_a_change_that_will_be_reverted_is_no_reason() -> None:
    current = ["2  /c/worker.properties", "1  /c/environment", "/x/versions/kafka-b  installation"]
    assert reasons(current) == ["/c/worker.properties", "installation"]
    assert reasons(current, "1  /c/worker.properties", "kafka-a  installation") == []


def test_a_service_of_another_tool_needs_a_restart_once_the_role_manages_its_files() -> None:
    assert reasons([], started=None) == [NOT_MANAGED]
    assert reasons([], started=None, has_script=False) == []
    assert reasons([], "1  /c/a", started=None, has_script=False) == [NOT_MANAGED]
    assert reasons([], "1  /c/a", started=None, is_active=False) == []


def inspected(folder: Path, script: str, **more: Any) -> dict[str, Any]:
    program = folder / "list-startup-files"
    program.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    program.chmod(0o755)
    options = {"pending": [], "is_active": True, "deadline": Deadline(30), **more}
    return inspect_startup(str(folder / "started-with"), str(program), **options)


def test_the_record_and_the_script_are_compared(tmp_path: Path) -> None:
    (tmp_path / "started-with").write_text("".join(f"{line}\n" for line in STARTED), encoding="utf-8")
    assert inspected(tmp_path, "echo '1  /c/environment'") == {
        "recorded": True,
        "running_version": "kafka-a",
        "restart_reasons": ["/c/worker.properties", "installation"],
        "error": "",
    }


def test_a_script_that_fails_is_an_error_and_a_reason(tmp_path: Path) -> None:
    (tmp_path / "started-with").write_text("1  /c/a\n", encoding="utf-8")
    found = inspected(tmp_path, "exit 3")
    assert found["error"] == f"{tmp_path}/list-startup-files failed with exit status 3"
    assert found["restart_reasons"] == [found["error"]]


def test_the_script_is_not_run_without_a_record(tmp_path: Path) -> None:
    found = inspected(tmp_path, f"touch {tmp_path}/ran", is_active=False)
    assert found == {"recorded": False, "running_version": "", "restart_reasons": [], "error": ""}
    assert not (tmp_path / "ran").exists()
