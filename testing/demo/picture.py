# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The picture of the demo in the README: a real run, shortened (``make demo-picture``).

A line with three dots marks omitted output. The rest is unchanged, except for the asterisks that Ansible prints after
the name of a task.
"""

from __future__ import annotations

import json
import os
import pty
import re
import sys
from collections.abc import Iterator, Sequence

from testing.pictures.draw import IMAGES, drawn
from testing.pictures.terminal import Line, read_line

from . import program

SOURCE = IMAGES / "demo.json"
COLUMNS = 96
SHOWN = ((program.PLAN, 1, 1), (program.DEPLOY, 1, 1), (program.AGAIN, 1, 2), (program.FAIL, 2, 2))
"""The steps in the picture, and the first and last task that are shown of each."""

_ESCAPE = re.compile(r"\x1b\[[0-9;]*m")
_NO_NEWS = re.compile(r"PLAY |\S+ +: ok=\d|$")
"""Banners and empty lines, which are omitted without a mark."""

_DOTS: Line = [("dim", "…")]


def draw_demo(name: str) -> None:
    """Runs the demo and prints its output, then writes the picture and its source."""
    printed: list[bytes] = []

    def keep(descriptor: int) -> bytes:
        data = os.read(descriptor, 65536)
        printed.append(data)
        return data

    status = pty.spawn([sys.executable, "-m", "testing.demo", "up", "--name", name], keep)
    if os.waitstatus_to_exitcode(status) != 0:
        raise program.UnexpectedError("the demo failed, so there is nothing to draw")
    write_picture(b"".join(printed).decode("utf-8"))


def write_picture(output: str) -> None:
    """Writes the picture of what a demo has printed."""
    source = {
        "title": "make demo",
        "description": "The demo on a real cluster: check mode shows what a deployment would change, the deployment ends when "
        "connectors and tasks run, a second one sends a single request, and a connector that fails reports the cause and a fix.",
        "columns": COLUMNS,
    }
    # One line of the terminal in one of the file, so that a change can be read.
    lines = ",\n".join(f"  {json.dumps(line, ensure_ascii=False)}" for line in shortened(output))
    text = json.dumps(source, indent=1, ensure_ascii=False)
    SOURCE.write_text(f'{text[:-2]},\n "lines": [\n{lines}\n ]\n}}\n', encoding="utf-8")
    SOURCE.with_suffix(".svg").write_text(drawn(SOURCE), encoding="utf-8")


def shortened(output: str) -> list[Line]:
    """The steps in SHOWN, each with its heading, its command and what its tasks show."""
    steps = re.split(r"^── (.*?) ─+\s*$", output.replace("\r", ""), flags=re.MULTILINE)
    found = dict(zip(steps[1::2], steps[2::2], strict=True))
    lines: list[Line] = []
    for step, *tasks in SHOWN:
        lines += [[], [("dim", f"── {step.heading}")], *_step(found[step.heading].strip("\n").split("\n"), *tasks)]
    return lines[1:]


def _step(printed: Sequence[str], first: int, last: int) -> Iterator[Line]:
    task, diffs, left_out, in_error = 0, 0, False, False
    for line in printed:
        text = _ESCAPE.sub("", line).rstrip()
        task += text.startswith("TASK")
        diffs += text.startswith("--- before")
        # A failure is printed twice: as an error with its place in the playbook, and as the task's result.
        in_error = text.startswith("[ERROR]") or (in_error and not text.startswith("fatal:"))
        if _NO_NEWS.match(text):
            continue
        if text.startswith("$"):
            yield [("bold", text)]
        elif not first <= task <= last or in_error or (diffs > 1 and re.match(r"---|[+@]", text)):
            left_out = True
        else:
            if left_out:
                yield _DOTS
            left_out = False
            yield [("", text.rstrip("* "))] if text.startswith("TASK") else read_line(line.rstrip())
    if left_out:
        yield _DOTS
