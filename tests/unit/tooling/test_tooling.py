# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The programs behind `make test` must not report success for a failed run."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from testing.sandbox.environment import CHECKOUT
from testing.tooling import environments, run, sanity


def _session(name: str, result: str) -> dict[str, object]:
    return {"name": name, "result": result, "duration": 61.04}


def test_the_table_has_every_session_the_time_that_passed_and_the_sum(capsys: pytest.CaptureFixture[str]) -> None:
    assert run.summarize([_session("lint", "success"), _session("unit-2.21", "success")], 66.0) == 0
    lines = capsys.readouterr().out.split("\n")
    assert "lint          61.0  passed" in lines
    assert "2 of 2 passed in 1.1 minutes; 2.0 minutes of sessions" in lines


@pytest.mark.parametrize("result", ["failed", "skipped", "aborted"])
def test_a_session_that_did_not_pass_fails_the_run(result: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run.summarize([_session("lint", "success"), _session("unit-2.21", result)], 66.0) != 0
    assert result.upper() in capsys.readouterr().out


def test_no_session_at_all_is_a_failure(capsys: pytest.CaptureFixture[str]) -> None:
    assert run.summarize([], 1.0) != 0
    assert "0 of 0 passed" in capsys.readouterr().out


def test_arguments_after_two_dashes_go_to_the_sessions(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[list[str]] = []

    def record(arguments: list[str], *, side_by_side: bool) -> int:
        seen.append([*arguments, f"side by side: {side_by_side}"])
        return 0

    monkeypatch.setattr(run, "run", record)
    assert run.main(["unit-2.21", "--", "-k", "plan", "--deep"]) == 0
    assert run.main(["--deep"]) == 0
    assert run.main(["--hosts"]) == 0
    assert run.main(["--hosts-deep"]) == 0
    assert seen == [
        ["--session", "unit-2.21", "--", "-k", "plan", "--deep", "side by side: False"],
        ["--tags", "deep", "side by side: True"],
        ["--tags", "hosts", "side by side: False"],
        ["--tags", "hosts-deep", "side by side: False"],
    ]


def test_every_session_is_in_one_lane() -> None:
    waiting = ["contract-2.21", "integration-2.21", "examples", "chaos-sample", "roles-2.21"]
    sessions = ["lint", "unit-2.21", "modes-2.16", *waiting]
    lanes = run.in_lanes("run1", sessions)
    assert [lane.arguments[1:] for lane in lanes] == [
        ("integration-2.21",),
        ("examples", "chaos-sample", "contract-2.21"),
        ("roles-2.21",),
        ("lint", "unit-2.21", "modes-2.16"),
    ]
    assert len({lane.sandbox for lane in lanes}) == 4, "each lane has a cluster of its own"


_OUTPUT = """\
nox > Running session lint
error: unused variable
nox > Session lint was successful in 2 seconds.
nox > Running session hosts-worker
TASK [Install a worker] ***
ok: [worker-1]

TASK [Find the heap dumps] ***
FAILED - RETRYING: [worker-1]: Find the heap dumps (59 retries left).
fatal: [worker-1]: FAILED! => {"msg": "there is none"}

TASK [Stop the hosts] ***
nox > Session hosts-worker failed.
nox > Running session unit-2.21
E   assert 1 == 2
FAILED tests/unit/test_x.py::test_x - assert 1 == 2
nox > Session unit-2.21 aborted: 1 of 2 commands failed
"""


def test_the_errors_of_the_sessions_that_failed_are_repeated_with_the_name_of_their_task() -> None:
    assert run.errors_of_failed(_OUTPUT) == [
        "Errors of hosts-worker:",
        "  TASK [Find the heap dumps] ***",
        '  fatal: [worker-1]: FAILED! => {"msg": "there is none"}',
        "Errors of unit-2.21:",
        "  E   assert 1 == 2",
        "  FAILED tests/unit/test_x.py::test_x - assert 1 == 2",
    ]


def test_a_session_that_failed_without_a_known_error_is_named() -> None:
    output = "nox > Running session docs\nTASK [Build] ***\nno page\nnox > Session docs failed.\n"
    assert run.errors_of_failed(output) == ["Errors of docs:"]
    assert run.errors_of_failed(output.replace("TASK [Build] ***\n", "")) == ["Errors of docs:"]


def test_the_output_is_printed_while_the_sessions_run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    log = tmp_path / "1.log"
    with log.open("wb") as output:
        program = subprocess.Popen([sys.executable, "-c", "print('first'); print('last')"], stdout=output)
    run._print_until_it_ends(program, log)
    assert capsys.readouterr().out == "first\nlast\n"


def test_the_sessions_keep_the_bytecode_that_they_compile(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    assert "PYTHONDONTWRITEBYTECODE" not in run._with_bytecode()
    assert run._with_bytecode().keys() >= {"PATH"}


def test_the_unit_tests_run_beside_the_other_quick_checks() -> None:
    lanes = run.in_lanes("run1", ["lint", "types", "unit-2.21"])
    assert [lane.arguments[1:] for lane in lanes] == [("unit-2.21",), ("lint", "types")]


def test_there_is_no_empty_lane() -> None:
    assert [lane.arguments for lane in run.in_lanes("run1", ["lint", "types"])] == [("--session", "lint", "types")]


def test_a_missing_python_is_named_with_those_that_were_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(environments, "interpreters", lambda: {(3, 11): Path("/usr/bin/python3.11")})
    with pytest.raises(environments.NoInterpreter, match=r"core-2\.21 needs Python 3\.12 to 3\.14 .* found: 3\.11 "):
        environments.interpreter_for("core-2.21")
    assert environments.interpreter_for("core-2.16") == ((3, 11), Path("/usr/bin/python3.11"))
    assert environments.newest() == "core-2.19"


def test_the_message_without_any_python_names_the_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(environments, "interpreters", dict)
    with pytest.raises(environments.NoInterpreter, match="apt install python3-venv"):
        environments.newest()


def test_a_program_that_is_not_python_is_ignored(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shim = tmp_path / "python3.12"
    shim.write_text("#!/bin/sh\necho 'pyenv: python3.12: command not found' >&2\nexit 127\n", encoding="utf-8")
    shim.chmod(0o755)
    monkeypatch.setattr(environments, "_candidates", lambda: iter([shim]))
    assert environments.interpreters.__wrapped__() == {}


def test_every_version_of_ansible_core_has_its_pins() -> None:
    for core in environments.CORE_PYTHONS:
        pins = (CHECKOUT / "requirements" / f"core-{core}.txt").read_text(encoding="utf-8")
        assert f"\nansible-core=={core}." in pins


def test_everything_that_is_installed_is_pinned() -> None:
    for file in (CHECKOUT / "requirements").glob("*.txt"):
        for line in file.read_text(encoding="utf-8").splitlines():
            assert re.match(r"#|-r \S+\.txt$|[\w.-]+==[\w.!]+(; .*)?$", line), f"{file.name}: {line}"


LISTED = "compile\nimport\npep8\nshellcheck\n"
LOOKED = 'Running sanity test "compile" on Python 3.12\nRunning sanity test "pep8"\nRunning sanity test "shellcheck"\n'


@pytest.mark.parametrize(
    ("message", "problem"),
    [
        (LOOKED, "import did not run"),
        (f'{LOOKED}Running sanity test "import" on Python 3.12\nNo tests applicable.\n', "import checked no file"),
        (
            f'{LOOKED}WARNING: Skipping sanity test "shellcheck" because shellcheck is missing.\n',
            'WARNING: Skipping sanity test "shellcheck" because shellcheck is missing.',
        ),
    ],
)
def test_a_sanity_test_that_checked_no_file_is_a_problem(
    message: str, problem: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sanity, "ansible_test", lambda *_arguments: (0, LISTED))
    assert problem in sanity.missing_tests(tmp_path, {}, message)


def test_a_missing_interpreter_is_not_a_problem(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sanity, "ansible_test", lambda *_arguments: (0, LISTED))
    missing = 'WARNING: Skipping sanity test "import" on Python 3.14 because it could not be found.\n'
    message = f'{LOOKED}Running sanity test "import" on Python 3.12\n{missing}'
    assert not [problem for problem in sanity.missing_tests(tmp_path, {}, message) if "3.14" in problem]


OWN = f"{sys.version_info[0]}.{sys.version_info[1]}"


@pytest.mark.parametrize(("words", "chosen"), [([], ["--python", OWN]), (["--every-python"], [])])
def test_a_quick_sanity_run_uses_the_python_of_the_controller(
    words: list[str], chosen: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[tuple[str, ...]] = []

    def record(_collection: Path, _variables: dict[str, str], *arguments: str) -> tuple[int, str]:
        calls.append(arguments)
        return 0, LISTED

    monkeypatch.setattr(sanity, "cache_directory", lambda: tmp_path)
    monkeypatch.setattr(sanity, "copy_collection", lambda root: root)
    monkeypatch.setattr(sanity, "surroundings", lambda _root, _home: {})
    monkeypatch.setattr(sanity, "blind_spots", lambda *_arguments: [])
    monkeypatch.setattr(sanity, "ansible_test", record)
    sanity.main([*words, "2.21", "--test", "pep8"])
    assert calls == [(*chosen, "--test", "pep8")]


def test_a_sanity_test_that_misses_an_error_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    message = 'Running sanity test "shellcheck"\nERROR: plugins/faulty.sh:2:3: SC2086: Double quote\n'
    monkeypatch.setattr(sanity, "ansible_test", lambda *_arguments: (1, message))
    missed = sanity.blind_spots(tmp_path, {})
    assert "pylint does not find the error in plugins/modules/faulty.py" in missed
    assert not [line for line in missed if line.startswith("shellcheck does not")]
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_make_help_names_every_target() -> None:
    text = (CHECKOUT / "Makefile").read_text(encoding="utf-8")
    shown = subprocess.run(["make", "help"], cwd=CHECKOUT, capture_output=True, text=True, check=True).stdout
    for target in re.findall(r"^([a-z-]+):", text, flags=re.MULTILINE):
        assert f"make {target} " in shown
