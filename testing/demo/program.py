# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The steps of the demo. Each prints its command, runs it, and checks the output."""

from __future__ import annotations

import argparse
import os
import re
import shlex
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from testing.sandbox import Sandbox, SandboxError, collections_path
from testing.sandbox.environment import CHECKOUT

NAME = "demo"
FILES = "DEMO_FILES"
"""Environment variable with the directory of the files that the connectors read and write."""

ORIGINAL, COPY = "orders.txt", "orders-copy.txt"
_WIDTH = 100
_ARRIVES_WITHIN = 30.0
_TRACE_LINES = 3
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")


class UnexpectedError(Exception):
    """A step whose output is not as expected."""


@dataclass(frozen=True)
class Playbook:
    """One run of ansible-playbook: its exit code, and regular expressions that its output must and must not match."""

    heading: str
    arguments: Sequence[str]
    shows: Sequence[str] = ()
    returns: int = 0


PLAN = Playbook(
    "Plan: what would a deploy change? Nothing is written.",
    ["testing/demo/deploy.yml", "--check", "--diff"],
    shows=["orders-from-file", "FileStreamSource", r"changed=1 "],
)
DEPLOY = Playbook(
    "Deploy: the run ends when all connectors and tasks run.",
    ["testing/demo/deploy.yml"],
    shows=[r"changed=1 "],
)
SHOW = Playbook(
    "Check: both run, and the lines went through the topic.",
    ["testing/demo/show.yml"],
    shows=["orders-from-file: RUNNING, tasks: RUNNING, topics: orders", "orders-to-file: RUNNING, tasks: RUNNING"],
)
AGAIN = Playbook(
    "Deploy again: one request, nothing to change.",
    ["testing/demo/deploy.yml"],
    shows=[r"changed=0 ", r"requests: 1\b"],
)
PAUSE = Playbook(
    "Pause the sink.",
    ["testing/demo/state.yml", "-e", "desired_state=paused"],
    shows=[r"changed=1 "],
)
SHOW_PAUSED = Playbook(
    "Check: it is paused.", ["testing/demo/show.yml"], shows=["orders-to-file: PAUSED, tasks: PAUSED"]
)
RESUME = Playbook(
    "Resume it.",
    ["testing/demo/state.yml", "-e", "desired_state=running"],
    shows=[r"changed=1 "],
)
FAIL = Playbook(
    "A connector that fails: the run fails too, and reports the cause. (This failure is expected.)",
    ["testing/demo/failing.yml"],
    shows=[
        "orders-as-json",
        "task 0 is FAILED",
        "JsonParseException",
        r"key\.converter or\s+value\.converter",
        r"failed=1 ",
    ],
    returns=2,
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the demo or ends it; returns the program's exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m testing.demo", description="Shows the main use case of the collection on a real cluster."
    )
    parser.add_argument("command", choices=("up", "down", "picture"))
    parser.add_argument(
        "--name",
        default=NAME,
        help="name of the sandbox (default: %(default)s); use several names to run several demos",
    )
    options = parser.parse_args(arguments)
    try:
        if options.command == "up":
            up(options.name)
        elif options.command == "picture":
            # Imported here because `up` and `down` do not need it.
            from .picture import draw_demo

            draw_demo(options.name)
        else:
            down(options.name)
    except SandboxError as error:
        print(error, file=sys.stderr)
        return 1
    except UnexpectedError as error:
        print(f"\nThe demo failed: {error}\nThe cluster is still up. Stop it with `make demo-down`.")
        return 1
    except KeyboardInterrupt:
        print("\ninterrupted; run `make demo-down` to stop the cluster", file=sys.stderr)
        return 130
    return 0


def up(name: str = NAME) -> None:
    """Starts a new sandbox and runs the steps. The sandbox stays up afterwards.

    Raises UnexpectedError if the output of a step is not as expected, SandboxError if the sandbox cannot start.
    """
    begin = time.monotonic()
    playbook_program()
    _down_if_there(name)
    _heading("A real cluster: one Kafka broker, three Connect workers")
    sandbox = Sandbox.up(name, report=_say)
    environment = environment_for(sandbox)
    script = _short(_write_environment(sandbox, environment))
    _say(f"\nTo continue by hand at any time, in another shell, from {_short(CHECKOUT)}:\n  $ . {script}")

    _play(PLAN, environment)
    if (there := sandbox.request("GET", "/connectors")[1]) != []:
        raise UnexpectedError(f"after the plan there are connectors: {there}")
    _play(DEPLOY, environment)
    _heading("Data flows: lines of one file go through the topic `orders` into another.")
    _append(environment, ["order 1", "order 2"])
    _show(environment, ["order 1", "order 2"])
    _play(SHOW, environment)
    _play(AGAIN, environment)
    _play(PAUSE, environment)
    _append(environment, ["order 3"])
    _play(SHOW_PAUSED, environment)
    if "order 3" in (sandbox.files / COPY).read_text(encoding="utf-8"):
        raise UnexpectedError(f"{COPY} was written to while its connector was paused")
    _play(RESUME, environment)
    _show(environment, ["order 1", "order 2", "order 3"])
    _play(FAIL, environment)
    _show_trace(sandbox)
    _heading(f"Done in {time.monotonic() - begin:.0f} s. The cluster is still up.")
    _say(f"Continue by hand:  $ . {script}\nStop the cluster:  $ make demo-down")


def down(name: str = NAME) -> None:
    """Stops and removes the sandbox of the demo if it exists."""
    _say("The demo is stopped, and its files are removed." if _down_if_there(name) else "No demo is running.")


def playbook_program() -> Path:
    """The ansible-playbook beside the running Python; raises SandboxError if there is none."""
    program = Path(sys.executable).parent / "ansible-playbook"
    if not program.exists():
        raise SandboxError(f"{program} is missing: run `make demo`, or a Python that has ansible-core and requests.")
    return program


def environment_for(sandbox: Sandbox) -> dict[str, str]:
    """Environment variables for the commands of the demo, also for running them by hand."""
    return {
        "PATH": f"{playbook_program().parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
        "ANSIBLE_CONFIG": str(CHECKOUT / "testing" / "demo" / "ansible.cfg"),
        "ANSIBLE_COLLECTIONS_PATH": str(collections_path()),
        "KAFKA_CONNECT_URL": ",".join(sandbox.urls),
        FILES: str(sandbox.files),
    }


def _down_if_there(name: str) -> bool:
    try:
        sandbox = Sandbox.attach(name)
    except SandboxError:
        return False
    sandbox.down()
    return True


def _write_environment(sandbox: Sandbox, environment: Mapping[str, str]) -> Path:
    script = sandbox.directory / "demo.env"
    lines = [f"export {name}={shlex.quote(value)}\n" for name, value in environment.items() if name != "PATH"]
    lines.append(f'export PATH={shlex.quote(str(playbook_program().parent))}:"$PATH"\n')
    script.write_text("".join(lines), encoding="utf-8")
    return script


def _play(playbook: Playbook, environment: Mapping[str, str]) -> None:
    """Runs a playbook and prints its output. Raises UnexpectedError if the output is not as expected."""
    _heading(playbook.heading)
    command = ["ansible-playbook", *playbook.arguments]
    _say(f"$ {shlex.join(command)}")
    color = {"ANSIBLE_FORCE_COLOR": "1"} if sys.stdout.isatty() else {}
    message: list[str] = []
    with subprocess.Popen(
        command,
        cwd=CHECKOUT,
        env={**os.environ, **environment, **color},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        assert process.stdout is not None
        for line in process.stdout:
            message.append(_COLOUR.sub("", line))
            # Skip the empty lines that Ansible prints between tasks.
            if line.strip():
                print(line, end="", flush=True)
    if process.returncode != playbook.returns:
        raise UnexpectedError(f"exit code {process.returncode} and not {playbook.returns}")
    for pattern in playbook.shows:
        if not re.search(pattern, "".join(message)):
            raise UnexpectedError(f"the output has nothing that matches {pattern!r}")


def _append(environment: Mapping[str, str], lines: Sequence[str]) -> None:
    _shell(f"printf '%s\\n' {shlex.join(lines)} >> ${FILES}/{ORIGINAL}", environment)


def _show(environment: Mapping[str, str], expected: Sequence[str]) -> None:
    """Prints the copy once it holds these lines. Raises UnexpectedError after a time limit."""
    path = Path(environment[FILES], COPY)
    deadline = time.monotonic() + _ARRIVES_WITHIN
    while not path.exists() or path.read_text(encoding="utf-8").splitlines() != list(expected):
        if time.monotonic() > deadline:
            found = path.read_text(encoding="utf-8").splitlines() if path.exists() else "no file"
            raise UnexpectedError(f"{path} holds {found} and not {list(expected)}")
        time.sleep(0.1)
    _shell(f"cat ${FILES}/{COPY}", environment)


def _show_trace(sandbox: Sandbox) -> None:
    """Prints the start of the stack trace in the REST API. Raises UnexpectedError if there is none."""
    path = "/connectors/orders-as-json/status"
    _heading("The same failure as the REST API reports it.")
    _status, answer = sandbox.request("GET", path)
    lines = [line for task in answer["tasks"] for line in task.get("trace", "").splitlines()]
    if not lines:
        raise UnexpectedError(f"{path} has no trace: {answer}")
    _say(f"GET {sandbox.urls[0]}{path} has a stack trace of {len(lines)} lines:")
    for line in lines[:_TRACE_LINES]:
        _say(line)
    _say(f"… {len(lines) - _TRACE_LINES} more lines. The run above reports the cause and the fix in one line.")


def _shell(command: str, environment: Mapping[str, str]) -> None:
    _say(f"$ {command}")
    subprocess.run(["sh", "-c", command], check=True, env={**os.environ, **environment})


def _short(path: Path) -> str:
    """A path as a person would type it."""
    home = Path.home()
    return f"~/{shlex.quote(str(path.relative_to(home)))}" if path.is_relative_to(home) else shlex.quote(str(path))


def _heading(text: str) -> None:
    _say(f"\n── {text} {'─' * max(0, _WIDTH - len(text) - 4)}")


def _say(text: str) -> None:
    print(text, flush=True)
