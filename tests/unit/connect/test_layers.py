# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The layers of the engine: what its files may import, and how its folders depend on each other."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path, PurePath

from testing.sandbox.environment import CHECKOUT

ENGINE = CHECKOUT / "plugins" / "module_utils" / "_connect"
FILES = sorted(file for file in ENGINE.rglob("*.py") if file.name != "__init__.py")


def names_in(file: Path) -> Iterator[str]:
    here = file.relative_to(ENGINE).parent.parts
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield node.module or ""
        elif isinstance(node, ast.ImportFrom):
            assert node.level <= len(here) + 1, f"{file} looks out of the engine"
            folder = ".".join(here[: len(here) + 1 - node.level])
            names = [node.module] if node.module else [name.name for name in node.names]
            yield from (f"{folder}.{name}".lstrip(".") for name in names)


@cache
def imported(file: Path) -> frozenset[str]:
    """Names of modules: of the engine itself as `folder.file` or `file`, of others in full."""
    return frozenset(names_in(file))


def importers(library: str) -> list[str]:
    return [
        str(PurePath(file.relative_to(ENGINE)))
        for file in FILES
        if any(name.partition(".")[0] == library for name in imported(file))
    ]


def test_the_engine_imports_nothing_of_ansible() -> None:
    assert importers("ansible") + importers("ansible_collections") == []


def test_one_file_touches_each_network() -> None:
    assert importers("requests") == ["rest/transport.py"]
    assert importers("confluent_kafka") == ["group/brokers.py"]
    assert importers("urllib3") == ["rest/transport.py"]
    assert importers("http") == ["rest/transport.py"]
    # network_errors.py names the type of a failed name look-up; brokers.py asks a port that librdkafka has no word for.
    assert importers("socket") == ["group/brokers.py", "network_errors.py"]


def test_no_two_folders_need_each_other() -> None:
    needs: dict[str, set[str]] = {}
    for file in FILES:
        folder = file.relative_to(ENGINE).parent.name
        others = {name.partition(".")[0] for name in imported(file) if (ENGINE / name.partition(".")[0]).is_dir()}
        needs.setdefault(folder, set()).update(others - {folder})
    assert len(needs) > 1
    TopologicalSorter(needs).prepare()


def test_shared_files_import_from_no_folder() -> None:
    grounds = [file for file in FILES if file.parent == ENGINE]
    assert [name for file in grounds for name in imported(file) if (ENGINE / name.partition(".")[0]).is_dir()] == []


def test_recorded_data_imports_nothing() -> None:
    files = [file for file in FILES if file.parent.name == "data"]
    assert len(files) > 1
    assert {name for file in files for name in imported(file)} <= {"__future__", "typing"}
