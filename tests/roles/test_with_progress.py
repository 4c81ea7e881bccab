# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""with_progress, run by ansible-playbook: the result is that of the other module, and waits are visible."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from testing.ansible_runs import play, run_playbook, task
from testing.ansible_runs.stand_ins import collection_with_intervals

HOSTS: Mapping[str, Mapping[str, Any]] = {"worker-1": {}, "worker-2": {}}
SECRET = "k3pt-canary"


@pytest.fixture(scope="module")
def quick(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, str]:
    """The environment of runs with the collection's progress lines ten times as often as usual."""
    root = tmp_path_factory.mktemp("quick")
    collection_with_intervals(root, 0.1)
    return {"ANSIBLE_COLLECTIONS_PATH": str(root)}


def with_progress(module: str, arguments: Mapping[str, Any], /, **options: Any) -> dict[str, Any]:
    return {"module": module, "arguments": dict(arguments), **options}


def test_a_long_task_shows_what_each_host_is_doing(tmp_path: Path, quick: Mapping[str, str]) -> None:
    slow = with_progress("ansible.builtin.command", {"argv": ["sleep", "2.5"]}, text="installing openjdk-17")
    run = run_playbook([play([task("with_progress", "slow", slow)])], HOSTS, tmp_path, environment=quick)
    for host in HOSTS:
        shown = re.findall(rf"^{host} \|\s+([12])\.\d s \| installing openjdk-17$", run.output, flags=re.MULTILINE)
        assert shown == ["1", "2"], run.output
        assert run.of("slow", host).result["cmd"] == ["sleep", "2.5"]


CASES: Mapping[str, tuple[str, Mapping[str, Any]]] = {
    "module": ("ansible.builtin.stat", {"path": "/"}),
    "action": ("ansible.builtin.copy", {"content": "new\n", "dest": "{{ folder }}/copied", "mode": "0600"}),
    "another user of the module": ("ansible.builtin.command", {"argv": ["echo", "{{ inventory_hostname }}"]}),
    "omitted": ("ansible.builtin.file", {"path": "{{ folder }}", "owner": "{{ nothing | default(omit) }}"}),
    "failure": ("ansible.builtin.command", {"argv": ["false"]}),
    "failure of an action": ("ansible.builtin.copy", {"src": "/no/such/file", "dest": "/nowhere"}),
    "wrong option": ("ansible.builtin.stat", {"way": "/"}),
    "shell": ("ansible.builtin.shell", {"cmd": "echo $((1 + 1))"}),
    "defaults": ("ansible.builtin.file", {"path": "{{ folder }}/defaults", "state": "directory"}),
}
IGNORED = {"start", "end", "delta", "invocation", "src", "after_header", "exception", "ctime", "mtime", "atime"}


@pytest.mark.parametrize("arguments", [[], ["--check", "--diff"]], ids=["run", "check"])
def test_the_result_is_the_one_of_the_other_module(tmp_path: Path, arguments: list[str]) -> None:
    tasks = []
    for name, (module, options) in CASES.items():
        tasks += [
            task(module, f"{name}: direct", options, vars={"folder": str(tmp_path / "direct")}),
            task(
                "with_progress",
                f"{name}: wrapped",
                with_progress(module, options),
                vars={"folder": str(tmp_path / "wrapped")},
            ),
        ]
    for folder in ("direct", "wrapped"):
        (tmp_path / folder).mkdir()
    defaults = {"ansible.builtin.file": {"mode": "0711"}}
    host = {"ansible_python_interpreter": sys.executable}
    run = run_playbook([play(tasks, module_defaults=defaults)], {"w": host}, tmp_path / "run", arguments=arguments)
    for name in CASES:
        direct, wrapped = run.of(f"{name}: direct"), run.of(f"{name}: wrapped")
        assert wrapped.status == direct.status, name
        assert comparable(wrapped.result) == comparable(direct.result), name


def comparable(value: Any) -> Any:
    """A result without what differs between two runs of a module."""
    if isinstance(value, dict):
        return {key: comparable(entry) for key, entry in value.items() if key not in IGNORED}
    if isinstance(value, list):
        return [comparable(entry) for entry in value]
    return value.replace("/direct", "/wrapped") if isinstance(value, str) else value


def test_differences_are_shown_in_diff_mode(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("before\n", encoding="utf-8")
    options = with_progress("ansible.builtin.copy", {"content": "after\n", "dest": str(tmp_path / "file")})
    run = run_playbook(
        [play([task("with_progress", "copy", options)])],
        {"worker-1": {}},
        tmp_path / "run",
        arguments=["--check", "--diff"],
    )
    assert "-before" in run.output
    assert "+after" in run.output
    assert (tmp_path / "file").read_text(encoding="utf-8") == "before\n"


def test_an_unreachable_host_is_unreachable(tmp_path: Path) -> None:
    hosts = {"worker-1": {"ansible_connection": "ssh", "ansible_host": "127.0.0.1", "ansible_port": 1}}
    run = run_playbook(
        [play([task("with_progress", "stat", with_progress("ansible.builtin.stat", {"path": "/"}))])], hosts, tmp_path
    )
    assert run.of("stat").status == "unreachable"


@pytest.mark.parametrize("verbosity", ["-v", "-vvvv"])
def test_nothing_of_a_task_with_no_log_is_shown(tmp_path: Path, quick: Mapping[str, str], verbosity: str) -> None:
    options = with_progress(
        "ansible.builtin.command", {"argv": ["sh", "-c", "sleep 1.5"], "stdin": SECRET}, text=f"sends {SECRET}"
    )
    run = run_playbook(
        [play([task("with_progress", "Read beans", options, no_log=True)])],
        {"worker-1": {}},
        tmp_path,
        arguments=[verbosity],
        environment=quick,
    )
    assert SECRET not in run.output
    assert re.search(r"^worker-1 \|\s+1\.\d s \| Read beans$", run.output, flags=re.MULTILINE), run.output


def test_a_module_runs_again_until_a_field_of_its_result_matches(tmp_path: Path) -> None:
    script = f"echo x >> {tmp_path}/count; wc -l < {tmp_path}/count"
    until = [{"field": "stdout", "matches": "^3$"}, {"field": "rc", "matches": "^7$"}]
    options = with_progress("ansible.builtin.shell", {"cmd": script}, until=until, pause=0.1)
    never = with_progress(
        "ansible.builtin.shell",
        {"cmd": "echo no"},
        until=[{"field": "stdout", "matches": "yes"}],
        pause=0.1,
        wait_timeout=0.5,
    )
    run = run_playbook(
        [play([task("with_progress", "counted", options), task("with_progress", "never", never)])],
        {"worker-1": {}},
        tmp_path / "run",
    )
    counted = run.of("counted").result
    assert (counted["attempts"], counted["matched"], counted["stdout"]) == (3, True, "3")
    never_matched = run.of("never")
    assert never_matched.failed
    assert (never_matched.result["matched"], never_matched.result["stdout"]) == (False, "no")


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"arguments": {}}, "missing required arguments: module"),
        ({"module": "no.such.module"}, "module: no.such.module was not found"),
        ({"module": "ansible.builtin.stat", "until": [{"field": "a", "matches": "("}]}, "is not a regular expression"),
        ({"module": "ansible.builtin.stat", "arguments": "path=/"}, "arguments is not a mapping"),
    ],
)
def test_wrong_options_fail_in_one_line(tmp_path: Path, options: dict[str, Any], words: str) -> None:
    run = run_playbook([play([task("with_progress", "wrong", options)])], {"worker-1": {}}, tmp_path)
    assert run.of("wrong").failed
    assert words in run.of("wrong").message
    assert "Traceback" not in run.output
