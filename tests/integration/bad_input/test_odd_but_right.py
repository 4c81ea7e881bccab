# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Unusual but valid input: odd names, odd types, hundreds of keys. Created, deployed again, paused and deleted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest

from testing.ansible_runs import PlaybookRun, play, run_playbook, task
from testing.sandbox import Sandbox

from .cases import GROUP

SOURCE = {"connector.class": "FileStreamSource", "topic": "odd", "file": "/nowhere/in.txt"}
SINK = {"connector.class": "FileStreamSink", "file": "/dev/null"}

NAMES = {
    "space": "two words",
    "unicode": "zähler-日本-🚀",
    "query": "a?b=c&d",
    "fragment": "a#b",
    "plus": "a+b",
    "quotes": "say \"hi\" 'there'",
    "colon": "a:b@c",
    "brackets": "[a](b)<c>",
    "long": "n" * 200,
}

TYPES: dict[str, Any] = {
    "errors.log.enable": True,
    "errors.log.include.messages": False,
    "tasks.max": 1,
    "errors.retry.timeout": -1,
    "errors.retry.delay.max.ms": 9007199254740993,
    "batch.size": 2_000,
}

CONFIGS: dict[str, dict[str, Any]] = {
    "types": {**SOURCE, **TYPES},
    "regular expression": {**SINK, "topics.regex": r"odd-[a-z]+\.(one|two)"},
    "unicode value": {**SOURCE, "topic": "odd", "file": "/tmp/日本/{zähler}.txt"},
    "several lines": {**SOURCE, "header.note": "first\nsecond\n\tthird"},
    "empty value": {**SOURCE, "predicates": ""},
    "hundreds of keys": {**SOURCE, **{f"x.key.{number:03}": f"value {number}" for number in range(400)}},
    "transforms": {
        **SOURCE,
        "transforms": "note,route",
        "transforms.note.type": "org.apache.kafka.connect.transforms.InsertField$Value",
        "transforms.note.static.field": "origin",
        "transforms.note.static.value": "a,b = ${c}",
        "transforms.route.type": "org.apache.kafka.connect.transforms.RegexRouter",
        "transforms.route.regex": r"(.*)-(\d+)",
        "transforms.route.replacement": "$1",
        "transforms.route.predicate": "some",
        "predicates": "some",
        "predicates.some.type": "org.apache.kafka.connect.transforms.predicates.TopicNameMatches",
        "predicates.some.pattern": "odd.*",
    },
}


@dataclass(frozen=True)
class Odd:
    """The run, and the configs by name in the cluster after it."""

    run: PlaybookRun
    stored: dict[str, dict[str, str]]
    names: dict[str, str]


@pytest.fixture(scope="module")
def odd(sandbox: Sandbox, tmp_path_factory: pytest.TempPathFactory) -> Odd:
    """All connectors as one set: created, deployed again, paused, read, and finally deleted by the collection."""
    mark = f"odd-{uuid4().hex[:6]}"
    names = {label: f"{mark} {name}" for label, name in NAMES.items()}
    names |= {label: f"{mark} {label}" for label in CONFIGS}
    entries = [{"name": name, "config": CONFIGS.get(label, SOURCE)} for label, name in names.items()]
    deploy = {"connectors": entries, "stable_for": 0, "known_keys": ["x.*", "header.note"]}
    absent = {"connectors": [{"name": name, "state": "absent"} for name in names.values()]}
    all_of_them = {"name": list(names.values()), "stable_for": 0}
    defaults = {GROUP: {"url": sandbox.urls}}
    here = {"cluster": {"ansible_python_interpreter": "{{ ansible_playbook_python }}"}}
    folder = tmp_path_factory.mktemp("odd")
    first = [
        task("connectors", "create", deploy),
        task("connectors", "again", deploy),
        task("connector_state", "pause", {**all_of_them, "state": "paused"}),
        task("connector_info", "info", {"name": list(names.values())}),
    ]
    run = run_playbook([play(first, module_defaults=defaults)], here, folder)
    _status, answer = sandbox.request("GET", "/connectors?expand=info")
    stored = {name: entry["info"]["config"] for name, entry in answer.items() if name.startswith(mark)}
    last = run_playbook([play([task("connectors", "delete", absent)], module_defaults=defaults)], here, folder / "last")
    return Odd(PlaybookRun(0, run.output + last.output, (*run.records, *last.records)), stored, names)


@pytest.mark.parametrize("label", [*NAMES, *CONFIGS])
def test_a_connector_is_created_once(odd: Odd, label: str) -> None:
    assert odd.run.of("create").status == "ok", odd.run.of("create").message
    entry = next(entry for entry in odd.run.of("create").result["connectors"] if entry["name"] == odd.names[label])
    assert (entry["action"], entry["state"]) == ("create", "RUNNING")
    again = next(entry for entry in odd.run.of("again").result["connectors"] if entry["name"] == odd.names[label])
    assert again["action"] == "none"


def test_a_second_deployment_takes_one_request(odd: Odd) -> None:
    assert odd.run.of("again").result["changed"] is False
    assert odd.run.of("again").result["run"]["requests"] == 1


@pytest.mark.parametrize("label", CONFIGS)
def test_a_config_is_stored_as_strings(odd: Odd, label: str) -> None:
    expected = {
        key: str(value).lower() if isinstance(value, bool) else str(value) for key, value in CONFIGS[label].items()
    }
    assert odd.stored[odd.names[label]] == {**expected, "name": odd.names[label]}


@pytest.mark.parametrize("label", [*NAMES, *CONFIGS])
def test_a_connector_is_found_and_paused_by_its_name(odd: Odd, label: str) -> None:
    assert odd.run.of("pause").status == "ok", odd.run.of("pause").message
    entry = next(entry for entry in odd.run.of("info").result["connectors"] if entry["name"] == odd.names[label])
    assert entry["state"] == "PAUSED"


def test_all_connectors_are_deleted(odd: Odd, sandbox: Sandbox) -> None:
    record = odd.run.of("delete")
    assert record.status == "ok", record.message
    assert {entry["action"] for entry in record.result["connectors"]} == {"delete"}
    assert not set(odd.names.values()) & set(sandbox.request("GET", "/connectors")[1])
