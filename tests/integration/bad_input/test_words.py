# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Mistakes in options, connectors and files. One line names the connector, the key and the fix."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from testing.ansible_runs import PlaybookRun
from testing.fake_connect import FakeCluster
from testing.sandbox import Sandbox

from .cases import Case, check, play_cases

SOURCE = {"connector.class": "FileStreamSource", "topic": "t", "file": "/x"}
SINK = {"connector.class": "FileStreamSink", "file": "/x"}
FOLDER = "FOLDER"
"""A placeholder for the folder of the test's files, which does not exist yet when the cases are defined."""

FILES: dict[str, str | bytes] = {
    "bad.yml": "a: [1,\nb: 2\n",
    "tab.yml": "name: a\n\tconfig: b\n",
    "bad.json": '{"name": "a", "config": {"x": 1,}}',
    "bytes.json": b"\x00\xff\xfe",
    "twice.yml": "connector.class: X\nfile: a\nfile: b\n",
    "twice.json": '{"connector.class": "X", "file": "a", "file": "b"}',
    "date.yml": "connector.class: FileStreamSource\nfile: 2024-01-01\ntopic: t\n",
    "empty.yml": "",
    "text.yml": "hello",
    "notes.txt": "hello",
    "bad.properties": "connector.class\n\\u12",
    "two/a.yml": "name: same\nconnector.class: X\n",
    "two/b.json": '{"name": "same", "config": {"connector.class": "X"}}',
    "many/a.yml": "a: [1,\n",
    "many/b.json": "{",
    "none/README.md": "hello",
}


def connectors(label: str, *entries: object, words: list[str], lines: int = 1, **options: Any) -> Case:
    return Case(label, "connectors", {"connectors": list(entries), **options}, words, lines)


def connector(label: str, config: object, *, words: list[str], lines: int = 1, **options: Any) -> Case:
    return Case(label, "connector", {"name": "a", "config": config, **options}, words, lines)


def file(label: str, path: str, *words: str, lines: int = 1) -> Case:
    return Case(label, "connectors", {"src": f"{FOLDER}/{path}"}, [path if path in FILES else "", *words], lines)


WRONG_CONNECTORS = [
    connectors(
        "config is text", {"name": "a", "config": "x"}, words=['connector "a"', "config is text", "a mapping of keys"]
    ),
    connectors("config is a list", {"name": "a", "config": ["x"]}, words=['connector "a"', "config is a list"]),
    connector("config of a single connector is text", "x", words=["argument 'config'", "unable to convert to dict"]),
    connectors("entry is text", "x", words=["'connectors'", "unable to convert to dict"]),
    connectors("no config", {"name": "a"}, words=['connector "a"', "config is missing", "set state to absent"]),
    connectors(
        "unknown key of an entry",
        {"name": "a", "config": SOURCE, "stat": "paused"},
        words=['connector "a"', 'key "stat"', 'did you mean "state"?'],
    ),
    connectors(
        "unknown state",
        {"name": "a", "config": SOURCE, "state": "runing"},
        words=['connector "a"', '"runing"', 'did you mean "running"?'],
    ),
    connector("nested value", {**SOURCE, "x": {"y": 1}}, words=['connector "a"', 'key "x" is a mapping', "with dots"]),
    connector("list", {**SOURCE, "x": ["y"]}, words=['connector "a"', 'key "x" is a list', "comma-separated"]),
    connector("null", {**SOURCE, "file": None}, words=['connector "a"', 'key "file" is null', "remove the key"]),
    connector("control character", SOURCE, name="a\tb", words=['name "a\\tb"', "control characters: remove them"]),
    connector("line feed", SOURCE, name="a\nb", words=['name "a\\nb"', "control characters: remove them"]),
    connector("name of dots", SOURCE, name="..", words=['connector ".."', "choose another name"]),
    connector("braces in the name", SOURCE, name="a{b}", words=['connector "a{b}"', '"{}"', "choose another name"]),
    connector("space before the name", SOURCE, name=" a", words=['name " a"', "space", "remove it"]),
    connector("empty name", SOURCE, name="", words=["name is empty"]),
    connectors("name is a number", {"name": 12, "config": SOURCE}, words=["name is a number", "quote it"]),
    connector(
        "another name", {**SOURCE, "name": "b"}, words=['connector "a"', 'key "name" is "b"', "make both the same"]
    ),
    connectors(
        "twice",
        {"name": "a", "config": SOURCE},
        {"name": "a", "config": SOURCE},
        words=['connector "a" is defined twice', "connectors[0]", "connectors[1]"],
    ),
    connector("no class", {"topic": "t"}, words=['connector "a"', 'key "connector.class" is missing']),
    connector(
        "initial state beside a state",
        SOURCE,
        state="paused",
        initial_state="stopped",
        words=['connector "a"', "initial_state", "remove one"],
    ),
    connectors(
        "several mistakes at once",
        {"name": "a", "config": {**SOURCE, "x": None}},
        {"name": "b"},
        words=["2 problems, nothing was changed", 'connector "a"', 'connector "b"'],
        lines=3,
    ),
]

WRONG_OPTIONS = [
    Case("no config for one", "connector", {"name": "a"}, ["state is present", "missing: config"]),
    Case("no name", "connector", {"config": SOURCE}, ["missing required arguments: name"]),
    connector("unknown option", SOURCE, confg=1, words=["unknown option confg", "config"]),
    connector("unknown choice", SOURCE, state="runing", words=["state", "running", "runing"]),
    connector("known_keys", SOURCE, known_keys="~(", words=['"~("', "not a regular expression"]),
    connector("max_parallel", SOURCE, max_parallel=0, words=["max_parallel is 0", "at least 1"]),
    connector("stable_for", SOURCE, stable_for=-1, words=["stable_for is -1", "0 or more"]),
    connector("run_timeout", SOURCE, run_timeout=-1, words=["run_timeout is -1", "0 or more"]),
    connector("report_path", SOURCE, report_path="/nowhere/r", words=["report_path /nowhere/r", "existing directory"]),
    connector("backup_dir", SOURCE, backup_dir="/proc/nowhere", words=["backup_dir /proc/nowhere", "can't be written"]),
    connectors("batches", {"name": "a", "config": SOURCE}, batches=["x"], words=['batches entry "x"', '"25%"']),
    connectors(
        "override's pattern",
        {"name": "a", "config": SOURCE},
        overrides=[{"match": "~(", "config": {"x": 1}}],
        words=["overrides[0]", '"~("', "not a regular expression"],
    ),
    connectors(
        "override's value",
        {"name": "a", "config": SOURCE},
        overrides=[{"config": {"x": {"y": 1}}}],
        words=["overrides[0]", 'key "x" is a mapping'],
    ),
    connectors(
        "override's key",
        {"name": "a", "config": SOURCE},
        overrides=[{"match": "a", "config": {}, "confg": {}}],
        words=["unknown option overrides.confg"],
    ),
    connectors(
        "purge without a pattern", {"name": "a", "config": SOURCE}, purge=True, words=["purge is True", "purge_match"]
    ),
    Case(
        "purge of all", "connectors", {"purge": True, "purge_match": "*"}, ["desired set is empty", "purge_allow_empty"]
    ),
    Case("connect_timeout", "connector_info", {"connect_timeout": 0}, ["connect_timeout is 0", "positive number"]),
    Case("timeout in words", "connector_info", {"connect_timeout": "soon"}, ["'connect_timeout'", "float"]),
    Case("pattern", "connector_state", {"name": "~(", "state": "paused"}, ['"~("', "not a regular expression"]),
    Case("states", "connector_info", {"states": "runing"}, ["states", "running", "runing"]),
    Case(
        "state of a misspelled connector",
        "connector_state",
        {"name": "bad-input-order", "state": "paused"},
        ['connector "bad-input-order" does not exist', 'did you mean "bad-input-orders"?'],
    ),
]

WRONG_FILES = [
    file("no such file", "nowhere.yml", "nowhere.yml", "does not exist", "on the controller"),
    file(
        "directory without files", "none", "none: contains no file that ends in one of .json, .yml, .yaml, .properties"
    ),
    file("suffix", "notes.txt", "one of .json, .yml, .yaml, .properties"),
    file("invalid YAML", "bad.yml", "bad.yml:3: is not valid YAML"),
    file("YAML with a tab", "tab.yml", "tab.yml:2: is not valid YAML", "tab"),
    file("invalid JSON", "bad.json", "bad.json:1: is not valid JSON"),
    file("binary file", "bytes.json", "is not UTF-8"),
    file("key twice in YAML", "twice.yml", "twice.yml:3", 'key "file" appears twice', "remove one"),
    file("key twice in JSON", "twice.json", 'key "file" appears twice', "remove one"),
    file("date", "date.yml", 'connector "date"', 'key "file" is a date', "quote it"),
    file("empty file", "empty.yml", "contains no connector"),
    file("plain text file", "text.yml", "is not a connector", "name and config"),
    file("properties", "bad.properties", "four hexadecimal digits"),
    file("name in two files", "two", 'connector "same" is defined twice', "two/a.yml", "two/b.json"),
    file("two files", "many", "2 problems, nothing was changed", "many/a.yml", "many/b.json", lines=3),
]

REFUSED_BY_WORKERS = [
    connector(
        "unknown class",
        {**SOURCE, "connector.class": "FileStreamSorce"},
        words=[
            'connector "a"',
            'key "connector.class"',
            "FileStreamSorce is not installed",
            "FileStreamSourceConnector",
        ],
    ),
    connector(
        "class that does not exist",
        {**SOURCE, "connector.class": "com.example.Nothing"},
        words=['connector "a"', "com.example.Nothing is not installed on any worker", "install it on every worker"],
    ),
    connector(
        "unknown key",
        {**SOURCE, "tasks.maxx": 1},
        validate="strict",
        words=['connector "a"', 'key "tasks.maxx" is unknown to FileStreamSource', 'did you mean "tasks.max"?'],
    ),
    connector(
        "missing key",
        {"connector.class": "FileStreamSource", "file": "/x"},
        words=['connector "a"', 'key "topic"', "Missing required configuration"],
    ),
    connector(
        "unknown converter",
        {**SOURCE, "key.converter": "org.example.Nothing"},
        words=['connector "a"', 'key "key.converter"', "org.example.Nothing could not be found"],
    ),
    connector(
        "transform without a type",
        {**SOURCE, "transforms": "t"},
        words=['connector "a"', 'key "transforms.t.type"', "Missing required configuration"],
    ),
    connector(
        "topics in two ways",
        {**SINK, "topics": "a", "topics.regex": "b.*"},
        words=["2 problems, nothing was changed", 'key "topics"', 'key "topics.regex"', "mutually exclusive"],
        lines=3,
    ),
    connectors(
        "invalid values of several",
        {"name": "a", "config": {**SOURCE, "batch.size": "many"}},
        {"name": "b", "config": {"connector.class": "FileStreamSource", "file": "/x"}},
        {"name": "c", "config": {**SOURCE, "connector.class": "com.example.Nothing"}},
        {"name": "d", "config": SOURCE},
        words=[
            "3 problems, nothing was changed",
            'connector "a": key "batch.size": Invalid value many for configuration batch.size',
            'connector "b": key "topic": Missing required configuration',
            'connector "c": key "connector.class": plugin com.example.Nothing is not installed',
        ],
        lines=4,
    ),
]

CASES = [*WRONG_CONNECTORS, *WRONG_OPTIONS, *WRONG_FILES, *REFUSED_BY_WORKERS]


@pytest.fixture(scope="module")
def existing(sandbox: Sandbox) -> Iterator[dict[str, Any]]:
    """The connectors of the real cluster before the wrong tasks."""
    path = "/connectors/bad-input-orders"
    sandbox.request("PUT", f"{path}/config", SOURCE)
    yield _stored(sandbox)
    sandbox.request("DELETE", path)


@pytest.fixture(scope="module")
def run(sandbox: Sandbox, existing: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> PlaybookRun:
    """All cases against the real cluster."""
    assert existing
    folder = tmp_path_factory.mktemp("bad-input")
    for name, content in FILES.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    return play_cases([_placed(case, folder) for case in CASES], sandbox.urls, folder)


def _placed(case: Case, folder: Path) -> Case:
    if "src" not in case.options:
        return case
    options = {**case.options, "src": case.options["src"].replace(FOLDER, str(folder))}
    return Case(case.label, case.module, options, case.words, case.lines, case.kind)


def _stored(sandbox: Sandbox) -> dict[str, Any]:
    status, answer = sandbox.request("GET", "/connectors?expand=info")
    assert status == 200
    return {name: entry["info"]["config"] for name, entry in answer.items()}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.label)
def test_the_message_names_the_mistake(run: PlaybookRun, case: Case) -> None:
    check(case, run)


def test_the_cluster_is_unchanged_after_invalid_input(
    sandbox: Sandbox, existing: dict[str, Any], run: PlaybookRun
) -> None:
    assert len(run.records) == len(CASES)
    assert _stored(sandbox) == existing


UNINSTALLED = Case(
    "one worker lacks it",
    "connector",
    {"name": "a", "config": SOURCE},
    ['connector "a"', "FileStreamSource", "is not installed on", "install it"],
)


def test_a_plugin_that_one_worker_lacks_is_refused(tmp_path: Path) -> None:
    with FakeCluster() as cluster:
        cluster.workers[1].uninstall(["FileStreamSource"])
        run = play_cases([UNINSTALLED], cluster.urls, tmp_path)
        check(UNINSTALLED, run)
        message = run.of(UNINSTALLED.label).message
        assert cluster.urls[1] in message
        assert cluster.urls[0] not in message
        assert cluster.urls[2] not in message
        assert cluster.writes() == []


@pytest.mark.parametrize("name", ["a/b", "a\\b", "100%"])
def test_a_name_that_newer_workers_reject_is_refused(tmp_path: Path, name: str) -> None:
    case = connector(
        "name", SOURCE, name=name, stable_for=0, words=[f'connector "{name}"', "Kafka 4.3.1", "another name"]
    )
    with FakeCluster(version="4.3.1") as cluster:
        check(case, play_cases([case], cluster.urls, tmp_path / "new"))
        assert cluster.writes() == []
    with FakeCluster(version="3.9.1") as cluster:
        run = play_cases([case], cluster.urls, tmp_path / "old")
        assert run.of("name").status == "ok", run.of("name").message
        assert list(cluster.connectors) == [name]


OLD_FEATURES = [
    Case(
        "stopped on 3.4",
        "connector_state",
        {"name": "a", "state": "stopped"},
        ['connector "a"', "Kafka 3.4.0 has no stopped state", "use paused"],
    ),
]


@pytest.mark.parametrize("case", OLD_FEATURES, ids=lambda case: case.label)
def test_a_feature_that_this_version_lacks_is_named(tmp_path: Path, case: Case) -> None:
    with FakeCluster(version="3.4.0") as cluster:
        cluster.connectors.put("a", SOURCE)
        check(case, play_cases([case], cluster.urls, tmp_path))
        assert cluster.writes() == []


def test_an_unknown_key_is_a_warning_by_default(tmp_path: Path) -> None:
    case = connector("typo", {**SOURCE, "tasks.maxx": 1}, words=[], stable_for=0)
    known = connector("known", {**SOURCE, "driver.x": 1}, words=[], stable_for=0, known_keys="driver.*")
    with FakeCluster() as cluster:
        run = play_cases([case, known], cluster.urls, tmp_path)
    (warning,) = run.of("typo").result["warnings"]
    assert run.of("typo").status == "ok"
    assert 'connector "a": key "tasks.maxx" is unknown to FileStreamSource: did you mean "tasks.max"?' in warning
    assert run.of("known").result.get("warnings", []) == []


def test_a_report_path_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    # Root can write to every folder, so the path leads through a file.
    (tmp_path / "file").touch()
    path = os.fspath(tmp_path / "file" / "report.jsonl")
    case = connector("no folder", SOURCE, report_path=path, words=[f"report_path {path}", "existing directory"])
    with FakeCluster() as cluster:
        check(case, play_cases([case], cluster.urls, tmp_path / "run"))
        assert cluster.writes() == []
