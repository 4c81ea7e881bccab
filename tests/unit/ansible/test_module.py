# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module process with constructed input: its output, and its log entries on the host."""

from __future__ import annotations

import os
import pty
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible.module import is_read
from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible.quiet_module import QuietModule
from testing.ansible_runs.module_process import run_module
from testing.fake_connect import FakeCluster
from tests.unit.connect.support import secret_source

SECRET = "hunter2-in-clear"


def test_a_successful_module_exits_with_its_result(fake: FakeCluster) -> None:
    status, printed, result = run_module(
        "connector",
        url=fake.urls,
        name="customers",
        config=secret_source(),
        stable_for=0,
        _ansible_verbosity=4,
        _ansible_diff=True,
    )
    assert status == 0, printed
    assert result["changed"] is True
    assert not result.get("invocation", {}).get("module_args"), "ansible-core 2.16 shows what is there"
    assert any("database.password" in str(text) for text in result["warnings"]), "a literal secret is warned of"
    assert SECRET not in printed
    assert "customers" in fake.connectors


def test_a_failed_module_exits_with_its_error(fake: FakeCluster) -> None:
    status, printed, result = run_module(
        "connector", url=fake.urls, name="customers", config=secret_source(**{"database.port": "many"})
    )
    assert status == 1
    assert result["failed"] is True
    assert 'connector "customers": key "database.port"' in result["msg"]
    assert SECRET not in printed
    assert "Traceback" not in printed


def test_a_module_in_check_mode_writes_nothing(fake: FakeCluster) -> None:
    _status, _printed, result = run_module(
        "connector", url=fake.urls, name="customers", config=secret_source(), _ansible_check_mode=True
    )
    assert result["changed"] is True
    assert fake.writes() == []


def test_the_journal_of_the_host_gets_option_names_only() -> None:
    """An AnsibleModule logs its arguments; no argument spec can name the secrets in a config."""
    logged: list[str] = []

    class Recorded(QuietModule):
        def __init__(self) -> None:
            self.params = {"config": secret_source(), "name": "customers", "token": None, "batches": [], "url": ["u"]}

        def log(self, msg: Any, log_args: Any = None) -> None:
            assert log_args is None
            logged.append(msg)

    Recorded()._log_invocation()
    assert logged == ["Invoked with config, name, url"]


@pytest.mark.parametrize("make", [os.pipe, lambda: tuple(end.detach() for end in socket.socketpair()), pty.openpty])
def test_a_module_detects_whether_its_output_is_read(make: Callable[[], tuple[int, int]]) -> None:
    theirs, ours = make()
    try:
        assert is_read(ours)
        os.close(theirs)
        assert not is_read(ours)
    finally:
        os.close(ours)


def test_output_to_a_file_counts_as_read(tmp_path: Path) -> None:
    with (tmp_path / "printed").open("w", encoding="utf-8") as file:
        assert is_read(file.fileno())
