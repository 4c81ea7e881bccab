# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The role diagnose while everything is down: the logs of the hosts that can be reached name the cause. Ansible runs the role."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from testing.ansible_runs import PlaybookRun, play, run_playbook

WORKERS = {"name": "Group the workers", "ansible.builtin.group_by": {"key": "kafka_connect_workers"}}
TASKS = [{"name": "Diagnose", "ansible.builtin.include_role": {"name": "streamops.kafka_connect.diagnose"}}]
SECRET = "k3pt-of-a-log"


def line(text: str, level: str = "ERROR") -> str:
    return time.strftime("[%Y-%m-%d %H:%M:%S,000] ", time.localtime()) + f"{level} {text}\n"


@pytest.fixture(scope="module")
def diagnosed(tmp_path_factory: pytest.TempPathFactory) -> tuple[PlaybookRun, Path]:
    """A run on a host whose worker ran out of memory, and on one that cannot be reached, and the directory of the reports."""
    folder = tmp_path_factory.mktemp("diagnose")
    log = folder / "connect.log"
    log.write_text(
        line(
            "Uncaught exception in herder work thread (org.apache.kafka.connect.runtime.distributed.DistributedHerder:388)"
        )
        + f"java.lang.OutOfMemoryError: Java heap space while it read password={SECRET}\n",
        encoding="utf-8",
    )
    common: dict[str, Any] = {
        "ansible_become": False,
        "ansible_python_interpreter": sys.executable,
        "diagnose_log_file": str(log),
        "diagnose_dir": str(folder / "reports"),
        "kafka_connect_url": ["http://127.0.0.1:1"],
        "kafka_connect_group_id": "connect-orders",
        "diagnose_fail_on_unhealthy": True,
    }
    unreachable = {
        "ansible_connection": "ssh",
        "ansible_host": "127.0.0.1",
        "ansible_port": 1,
        "ansible_ssh_timeout": 2,
    }
    run = run_playbook(
        [play([WORKERS, *TASKS], ignore_errors=False)],
        {"connect-1": common, "connect-2": common | unreachable},
        folder / "run",
    )
    return run, folder / "reports"


def report(reports: Path) -> dict[str, Any]:
    (path,) = reports.glob("*.json")
    return dict(json.loads(path.read_text(encoding="utf-8")))


def test_a_cluster_that_is_down_is_diagnosed_all_the_same(diagnosed: tuple[PlaybookRun, Path]) -> None:
    run, reports = diagnosed
    kinds = [cause["kind"] for cause in report(reports)["causes"]]
    assert sorted(kinds) == ["connection_refused", "log_out_of_memory"], run.output


def test_what_could_not_be_read_is_listed(diagnosed: tuple[PlaybookRun, Path]) -> None:
    unread = report(diagnosed[1])["unread"]
    assert any(text.startswith("history: give bootstrap_servers") for text in unread)
    assert any(text.startswith("log of connect-2: ") for text in unread)


def test_the_screen_shows_causes_without_markup(diagnosed: tuple[PlaybookRun, Path]) -> None:
    lines = diagnosed[0].output.splitlines()
    (first,) = (text for text in lines if text.startswith("connect-orders: not healthy (2 errors)"))
    assert any(text.startswith("   fix: ") for text in lines[lines.index(first) :])


def test_a_schedule_notices_that_the_cluster_is_not_healthy(diagnosed: tuple[PlaybookRun, Path]) -> None:
    assert diagnosed[0].returncode != 0
    assert "connect-orders: not healthy (2 errors)" in diagnosed[0].output


def test_the_report_contains_no_secret(diagnosed: tuple[PlaybookRun, Path]) -> None:
    run, reports = diagnosed
    texts = [path.read_text(encoding="utf-8") for path in reports.iterdir()]
    assert len(texts) == 3
    assert all(SECRET not in text for text in (*texts, run.output))


def test_check_mode_reads_and_writes_no_file(tmp_path: Path) -> None:
    variables = {
        "ansible_python_interpreter": sys.executable,
        "diagnose_dir": str(tmp_path / "reports"),
        "kafka_connect_url": ["http://127.0.0.1:1"],
    }
    run = run_playbook([play(TASKS, ignore_errors=False)], {"shop": variables}, tmp_path / "run", arguments=["--check"])
    assert "shop: not healthy (1 error)" in run.output
    assert not (tmp_path / "reports").exists()
