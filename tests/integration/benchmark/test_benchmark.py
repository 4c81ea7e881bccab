# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The benchmark at its smallest size: every case performs its measured operation, regardless of the time."""

from __future__ import annotations

from pathlib import Path

import pytest

from testing.benchmark import creation, fleet, history
from testing.benchmark.__main__ import main
from testing.benchmark.playbooks import Playbook, RunFailedError
from testing.sandbox import Sandbox

SMALLEST = ["--rounds", "1", "--connectors", "3", "--uri-items", "1", "--items", "2", "--scale", "3", "--quiet"]


def test_the_benchmark_measures_its_parts_on_the_fake_worker(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["no-op", "loop", "scale", *SMALLEST]) == 0
    printed = capsys.readouterr().out
    rows = {line.split("|")[1].strip(): line.split("|") for line in printed.splitlines() if line.startswith("| ")}
    for name in ("src of JSON files", "src of YAML files", "from a variable"):
        assert rows[f"ours, {name}"][7].strip() == "1", printed
    assert rows["loop of uri over 1 of them"][7].strip() == "1"
    assert "reached: writes: 0" in printed
    assert "reached: 3 connectors: peak memory in MB" in printed


def test_the_benchmark_measures_one_part_on_a_real_cluster(sandbox: Sandbox, tmp_path: Path) -> None:
    message: list[str] = []
    printed = "\n".join(creation.run(creation.Sizes(2, (8,), 1), tmp_path, message.append, sandbox))
    assert "ours, max_parallel 8: rebalances: " in printed
    assert len(message) == 3, message
    _status, left = sandbox.request("GET", "/connectors")
    assert not [name for name in left if name.startswith(creation.PREFIX)]


def test_the_benchmark_measures_the_lifecycle_of_connectors_on_a_real_cluster(sandbox: Sandbox, tmp_path: Path) -> None:
    printed = list(fleet.run(fleet.Sizes(3), tmp_path, lambda _text: None, sandbox))[-1]
    rows = [[cell.strip() for cell in line.split("|")[1:4]] for line in printed.splitlines()[2:]]
    assert rows == [
        ["deploy", "3", "0"],
        ["deploy again", "0", "0"],
        ["change 3", "3", "0"],
        ["change 3, one of them wrongly", "2", "1"],
        ["delete", "3", "0"],
    ]


def test_the_benchmark_measures_a_history_on_a_real_broker(sandbox: Sandbox, tmp_path: Path) -> None:
    printed = "\n".join(history.run(history.Sizes(3000), tmp_path, lambda _text: None, sandbox))
    assert "|    3,000 |" in printed
    assert "seconds: " in printed


def test_a_failed_play_is_not_a_measurement(tmp_path: Path) -> None:
    broken = Playbook(tmp_path, "broken", [{"ansible.builtin.fail": {"msg": "not today"}}])
    with pytest.raises(RunFailedError, match="not today"):
        broken.run()


def test_an_unknown_name_is_reported(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["noop"])
    assert "noop: not known; there are no-op, creation, loop, scale, fleet, history" in capsys.readouterr().err
