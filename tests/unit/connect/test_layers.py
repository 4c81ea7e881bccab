# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the files of the engine and of Ansible's edge may import, and in which direction."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path, PurePath

import pytest

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
            assert node.level <= len(here) + 1, f"{file} imports from outside the engine"
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


def test_one_place_imports_each_network_library() -> None:
    # The adapter for names that cannot be resolved is a file of its own, since few runs need it. The transport mounts it.
    assert importers("requests") == ["rest/host_addresses.py", "rest/transport.py"]
    # The readers of consumer groups and of topics are files of their own, and let brokers.py make their clients.
    assert importers("confluent_kafka") == [
        "group/brokers.py",
        "group/consumer_groups.py",
        "group/topic_reader.py",
        "group/topic_writer.py",
    ]
    assert importers("urllib3") == ["rest/host_addresses.py", "rest/transport.py"]
    assert importers("http") == ["rest/transport.py"]
    # network_errors.py and host_addresses.py name the type of a failed name look-up; port_probe.py probes ports, since librdkafka has no code for the reason.
    assert importers("socket") == ["group/port_probe.py", "network_errors.py", "rest/host_addresses.py"]


def test_one_file_starts_threads() -> None:
    """Threads that are started otherwise take the signals that end a run from the main thread."""
    plugins = sorted((CHECKOUT / "plugins").rglob("*.py"))
    starting = [file.name for file in plugins if "threading.Thread(" in file.read_text(encoding="utf-8")]
    assert starting == ["background.py"]


def test_no_two_folders_import_each_other() -> None:
    needs: dict[str, set[str]] = {}
    for file in FILES:
        folder = file.relative_to(ENGINE).parent.name
        others = {name.partition(".")[0] for name in imported(file) if (ENGINE / name.partition(".")[0]).is_dir()}
        needs.setdefault(folder, set()).update(others - {folder})
    assert len(needs) > 1
    TopologicalSorter(needs).prepare()


def test_root_files_import_no_folder() -> None:
    root_files = [file for file in FILES if file.parent == ENGINE]
    assert [name for file in root_files for name in imported(file) if (ENGINE / name.partition(".")[0]).is_dir()] == []


def test_recorded_data_imports_nothing() -> None:
    files = [file for file in FILES if file.parent.name == "data"]
    assert len(files) > 1
    assert {name for file in files for name in imported(file)} <= {"__future__", "typing"}


# Files and folders of the engine and of Ansible's edge

PLUGINS = CHECKOUT / "plugins"
EDGE = PLUGINS / "module_utils" / "_ansible"
CONTROLLER = PLUGINS / "plugin_utils"
COLLECTION = "ansible_collections.streamops.kafka_connect.plugins."
PYTHON = {
    ".".join(file.relative_to(PLUGINS).with_suffix("").parts): file
    for house in (ENGINE, EDGE, CONTROLLER)
    for file in house.rglob("*.py")
    if file.name != "__init__.py"
}
FOLDERS = sorted(
    {file.parent for file in PYTHON.values()}
    | {file.parent for house in (ENGINE, EDGE) for file in house.rglob("__init__.py")}
)

LATE = {
    "compiled in every run: only runs that need it pay",
    "a host may lack it",
}
"""The reasons for which an import may be inside a function."""


def own_imports(file: Path) -> set[str]:
    """The collection's files that this one imports, also in functions and for types: `module_utils._connect.model`."""
    here = file.relative_to(PLUGINS).parent.parts
    found = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.ImportFrom):
            continue
        module = node.module or ""
        if node.level:
            module = ".".join((*here[: len(here) + 1 - node.level], *filter(None, [module])))
        elif module.startswith(COLLECTION):
            module = module.removeprefix(COLLECTION)
        else:
            continue
        found |= {module} if module in PYTHON else {f"{module}.{name.name}" for name in node.names}
    return found


def room(name: str) -> str:
    """The folder of a file as the docstrings name it: `rest`, `_connect` for the engine's own files, `_ansible`."""
    parts = name.removeprefix("module_utils.").split(".")
    return parts[1] if parts[0] == "_connect" and len(parts) > 2 else parts[0]


def test_no_two_files_need_each_other() -> None:
    needs = {name: own_imports(file) for name, file in PYTHON.items()}
    assert sum(map(len, needs.values())) > 500
    assert {other for others in needs.values() for other in others} <= PYTHON.keys()
    TopologicalSorter(needs).prepare()


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: str(folder.relative_to(PLUGINS)))
def test_each_folder_documents_its_content_and_its_imports(folder: Path) -> None:
    text = ast.get_docstring(ast.parse((folder / "__init__.py").read_text(encoding="utf-8"))) or ""
    first, _blank, rest = text.partition("\n\n")
    assert first.endswith("."), "what lives there"
    message = set(re.findall(r"`([a-z_]+)`", " ".join(re.findall(r"Imports [^.]*\.", rest))))
    imported_rooms = {room(other) for file in folder.glob("*.py") for other in own_imports(file)}
    if ENGINE in (folder, *folder.parents):
        # Every folder may import the files at the root of the engine.
        imported_rooms -= {"_connect", folder.name}
    elif folder in (EDGE, CONTROLLER):
        imported_rooms = {"_connect" if (ENGINE / name).is_dir() else name for name in imported_rooms} - {folder.name}
    else:
        imported_rooms = {"_connect" if (ENGINE / name).is_dir() else name for name in imported_rooms}
    assert message == imported_rooms


def test_imports_in_functions_give_one_of_two_reasons() -> None:
    late = [
        (str(file.relative_to(PLUGINS)), line.rpartition("#")[2].strip())
        for file in PYTHON.values()
        for line in file.read_text(encoding="utf-8").splitlines()
        if "PLC0415" in line
    ]
    assert late
    assert [entry for entry in late if entry[1] not in LATE] == []
