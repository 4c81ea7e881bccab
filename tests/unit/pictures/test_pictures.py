# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pictures match their sources, and the sources match the project."""

from __future__ import annotations

import ast
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from testing.demo import picture, program
from testing.pictures import draw
from testing.pictures.diagram import diagram
from testing.pictures.terminal import read_line, terminal
from testing.sandbox.environment import CHECKOUT

ENGINE = CHECKOUT / "plugins" / "module_utils" / "_connect"
SVG = "{http://www.w3.org/2000/svg}"


@pytest.mark.parametrize("source", draw.sources(), ids=lambda path: path.name)
def test_a_picture_is_what_its_source_draws(source: Path) -> None:
    assert source.with_suffix(".svg").read_text(encoding="utf-8") == draw.drawn(source), "run `make pictures`"


@pytest.mark.parametrize("source", draw.sources(), ids=lambda path: path.name)
def test_a_picture_names_and_describes_itself_for_a_screen_reader(source: Path) -> None:
    root = ET.fromstring(draw.drawn(source))
    assert root.get("role") == "img"
    assert root.findtext(f"{SVG}title")
    assert root.findtext(f"{SVG}desc")


def test_every_picture_has_a_source() -> None:
    assert {path.stem for path in draw.IMAGES.glob("*.svg")} == {path.stem for path in draw.sources()}


def imported_folders(folder: Path) -> Iterator[str]:
    """The folders of the engine that the files of one folder import from."""
    for file in folder.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.level == 2 and node.module:
                yield node.module.split(".")[0]


def test_the_house_has_every_folder_of_the_engine_above_those_that_it_imports() -> None:
    boxes = yaml.safe_load((draw.IMAGES / "house.yml").read_text(encoding="utf-8"))["boxes"]
    heights = {box["id"]: box["at"][1] for box in boxes if "id" in box}
    folders = {path.parent.name for path in ENGINE.glob("*/__init__.py")}
    assert folders - heights.keys() == set()
    upwards = [
        f"{folder} imports {other}"
        for folder in sorted(folders)
        for other in sorted({*imported_folders(ENGINE / folder)} & folders - {folder})
        if heights[other] <= heights[folder]
    ]
    assert upwards == []


def test_a_wrong_kind_of_box_is_refused() -> None:
    box = {"at": [0, 0], "size": [1, 1], "kind": "pink"}
    with pytest.raises(ValueError, match="kind pink"):
        diagram({"title": "t", "description": "d", "width": 1, "height": 1, "boxes": [box]})


def test_colors_of_a_terminal_are_read() -> None:
    assert read_line("a \x1b[0;32mok: [demo]\x1b[0m") == [("", "a "), ("green", "ok: [demo]")]
    assert read_line("") == []


def test_text_of_a_terminal_is_escaped() -> None:
    shown = terminal({"title": "t", "description": "d", "columns": 10, "lines": [[["red", "<&>"]]]})
    assert "&lt;&amp;&gt;" in shown
    ET.fromstring(shown)


def printed() -> str:
    """The output of a demo, as far as it matters for the picture."""
    plan = [
        "$ ansible-playbook deploy.yml --check --diff",
        "PLAY [Connectors] ***",
        "TASK [Ensure] *******",
        "\x1b[0;31m--- before: first\x1b[0m",
        "\x1b[0;32m+name: first\x1b[0m",
        "",
        "--- before: second",
        "+name: second",
        "\x1b[0;33mchanged: [demo]\x1b[0m",
        "TASK [Requests] *****",
        "ok: [demo]",
        "PLAY RECAP **********",
        "\x1b[0;33mdemo\x1b[0m     : ok=2 changed=1",
    ]
    failing = ["$ ansible-playbook failing.yml", "TASK [A] ***", "ok: [demo]", "TASK [B] ***"]
    failing += ["[ERROR]: broken", "Origin: here", "fatal: [demo]: FAILED!", "    msg: broken"]
    steps = [(program.PLAN, plan), (program.DEPLOY, ["$ a"]), (program.AGAIN, ["$ b"]), (program.FAIL, failing)]
    return "".join(f"── {step.heading} ──────\r\n" + "\r\n".join([*lines, ""]) for step, lines in steps)


def test_a_shortened_run_shows_where_lines_are_omitted() -> None:
    lines = ["".join(text for _style, text in line) for line in picture.shortened(printed())]
    assert lines[1:8] == [
        "$ ansible-playbook deploy.yml --check --diff",
        "TASK [Ensure]",
        "--- before: first",
        "+name: first",
        "…",
        "changed: [demo]",
        "…",
    ]
    assert lines[-6:] == [
        "$ ansible-playbook failing.yml",
        "…",
        "TASK [B]",
        "…",
        "fatal: [demo]: FAILED!",
        "    msg: broken",
    ]
