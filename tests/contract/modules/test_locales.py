# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Both run modes report failed connections in the same way when the operating system speaks another language.

Ansible calls setlocale(LC_ALL, "") in ansible-playbook as well as in a module.
"""

from __future__ import annotations

import socket
from typing import Any

import pytest

from testing.ansible_runs import PlaybookRun, play, run_playbook, task
from testing.tooling import foreign_locale

LOCALES = ("de_DE.UTF-8", "ja_JP.UTF-8")
RUN_MODES: dict[str, dict[str, Any]] = {"in-process": {}, "module": {"async": 60, "poll": 1}}
UNKNOWN = "http://no-such-host.invalid:8083"


@pytest.fixture(scope="module")
def refusing() -> str:
    """The URL of a port without a listener."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return f"http://127.0.0.1:{server.getsockname()[1]}"


@pytest.fixture(scope="module", params=LOCALES)
def run(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, refusing: str) -> PlaybookRun:
    """A task for each URL in each run mode, in a locale with installed translations."""
    tasks = [
        task("connector_info", f"{name} {mode}", {"url": url}, **how)
        for mode, how in RUN_MODES.items()
        for name, url in (("refused", refusing), ("unknown", UNKNOWN))
    ]
    hosts = {"controller": {"ansible_python_interpreter": "{{ ansible_playbook_python }}"}}
    environment = foreign_locale.variables(request.param)
    return run_playbook([play(tasks)], hosts, tmp_path_factory.mktemp("locale"), environment=environment)


@pytest.mark.parametrize("mode", RUN_MODES)
@pytest.mark.parametrize(
    ("name", "kind", "words"),
    [("refused", "connection_refused", "connection refused"), ("unknown", "host_unknown", "unknown host name")],
)
def test_a_failed_connection_is_reported_in_english_in_every_locale(
    run: PlaybookRun, mode: str, name: str, kind: str, words: str
) -> None:
    result = run.of(f"{name} {mode}").result
    assert result["error"]["kind"] == kind
    assert words in result["msg"]
