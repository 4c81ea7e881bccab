# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import builtins
import datetime
import json
import sys
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.desired.entry_formats import (
    raw_connectors,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.desired.quick_check import (
    passes_quick_check,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.desired.schema import (
    ENTRIES,
    FILE,
    RULES,
    _validator,
    check_entries,
    check_rules,
    file_schema_text,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.errors import InputError
from testing.sandbox.environment import CHECKOUT

FLAT = {"connector.class": "x.Sink", "tasks.max": 2, "errors.log.enable": True}
ENTRY = {"name": "a", "config": FLAT}

ACCEPTED = [
    ENTRY,
    {**ENTRY, "tasks": [{"connector": "a", "task": 0}], "type": "sink"},
    {**ENTRY, "initial_state": "PAUSED", "known_keys": ["driver.*"]},
    {**ENTRY, "state": "stopped"},
    {"name": "a", "state": "absent"},
    FLAT,
    {**FLAT, "name": "a"},
    [ENTRY, {**FLAT, "name": "b"}],
    [],
    {"connectors": [ENTRY]},
    {"a": FLAT, "b": {"config": FLAT}, "c": {"info": {**ENTRY, "name": "c"}, "status": {}}},
    {"a": {"state": "absent"}},
    {"with/slash and spaceé": {"config": FLAT, "state": "running"}},
]
REFUSED = [
    {"name": "a"},
    {"name": "a", "confg": FLAT},
    {"name": "", "config": FLAT},
    {"name": " a", "config": FLAT},
    {"name": "a\n", "config": FLAT},
    {"name": "a", "config": {"x": None}},
    {"name": "a", "config": {"x": [1]}},
    {"name": "a", "config": [FLAT]},
    {**ENTRY, "state": "runing"},
    {**ENTRY, "initial_state": "absent"},
    {**ENTRY, "known_keys": "driver.*"},
    {**FLAT, "x": {"y": 1}},
    ["a"],
    "a",
    {"connectors": [ENTRY], "more": 1},
    {"a": "b"},
    {"a": {}},
    {},
]


def is_accepted(document: object) -> bool:
    """Whether our own reader accepts the document without a violation."""
    try:
        return not check_entries([item.entry for item in raw_connectors(document, "f", "stem")])
    except InputError:
        return False


@pytest.mark.parametrize("schema", [FILE, ENTRIES, RULES])
def test_the_schemas_are_valid_schemas(schema: dict[str, Any]) -> None:
    Draft202012Validator.check_schema(schema)


def test_the_shipped_file_has_this_schema() -> None:
    """If it fails, write the result of file_schema_text() to that file."""
    shipped = CHECKOUT / "docs" / "schema" / "connectors.schema.json"
    assert shipped.read_text(encoding="utf-8") == file_schema_text()


@pytest.mark.parametrize("document", ACCEPTED)
def test_the_shipped_schema_accepts_what_the_reader_accepts(document: object) -> None:
    assert is_accepted(document)
    assert list(Draft202012Validator(FILE).iter_errors(document)) == []


@pytest.mark.parametrize("document", REFUSED)
def test_the_shipped_schema_refuses_what_the_reader_refuses(document: object) -> None:
    assert list(Draft202012Validator(FILE).iter_errors(document))
    if document != {}:
        assert not is_accepted(document)


def texts(*entries: object) -> list[str]:
    return [finding.text for finding in check_entries(entries)]  # type: ignore[arg-type]  # wrong types are the test


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        ({"config": FLAT}, ["name is missing"]),
        ({}, ["name and config are missing"]),
        ({"name": "a"}, ["config is missing: write it, or set state to absent"]),
        ({"name": "a", "config": {"k": None}}, ['key "k" is null: remove the key or set it to ""']),
        (
            {"name": "a", "config": {"k": datetime.date(2024, 1, 1)}},
            ['key "k" is a date or time in YAML: quote it'],
        ),
        ({"name": "a", "config": {"k": b"x"}}, ['key "k" is binary data in YAML: quote it']),
        ({"name": "a", "config": {"k": {"x"}}}, ['key "k" is a set in YAML: quote it']),
        ({"name": "a", "config": None}, ["config is null, but must be a mapping of keys to values"]),
        ({"name": "a", "config": "k=v"}, ["config is text, but must be a mapping of keys to values"]),
        ({**ENTRY, "name": 5}, ["name is a number, but must be text: quote it"]),
        ({**ENTRY, "name": None}, ["name is null, but must be text: quote it"]),
        ({**ENTRY, "name": ""}, ["name is empty"]),
        ({**ENTRY, "name": "a\u0007"}, ['name "a\\u0007" has control characters: remove them']),
        ({**ENTRY, "confg": 1}, ['key "confg" is unknown: did you mean "config"?']),
        (
            {**ENTRY, "state": "runing"},
            ['state "runing" is not one of present, absent, running, paused, stopped: did you mean "running"?'],
        ),
        (
            {**ENTRY, "state": True},
            ["state is a boolean, but must be one of present, absent, running, paused, stopped"],
        ),
        ({**ENTRY, "initial_state": "off"}, ['initial_state "off" is not one of running, paused, stopped']),
        ({**ENTRY, "known_keys": [1]}, ["known_keys must be a list of patterns"]),
        ({**ENTRY, "tasks": 1}, ["tasks is a number, but must be a list"]),
    ],
)
def test_violations_have_our_own_messages(entry: dict[str, object], expected: list[str]) -> None:
    assert texts(entry) == expected


def test_nested_values_are_reported_by_their_keys() -> None:
    assert [text.split(":")[0] for text in texts({"name": "a", "config": {"l": [1], "m": {"x": 1}}})] == [
        'key "l" is a list',
        'key "m" is a mapping',
    ]


def test_violations_are_in_the_order_of_the_entries() -> None:
    bad = {"name": "a", "config": {"k": None}}
    findings = check_entries([{"name": "x", "state": "absent", "more": 1}, ENTRY, bad, {"name": "y"}])
    assert [(finding.index, finding.key) for finding in findings] == [(0, ""), (2, "k"), (3, "")]


def test_rules_are_checked_by_a_schema() -> None:
    assert check_rules([{"match": "*", "config": {"k": None, "l": "x"}, "connector_class": "a"}]) == []
    found = check_rules(
        [{"match": "", "config": {"k": [1]}}, {"match": 1}, "x", {"match": "*", "config": {}, "cfg": 1}]
    )
    assert [(finding.index, finding.text.split(":")[0]) for finding in found] == [
        (0, "match is text, but must be a pattern"),
        (0, 'key "k" is a list'),
        (1, "match is a number, but must be text"),
        (1, "config is missing"),
        (2, "is text, but must be a mapping"),
        (3, 'key "cfg" is unknown'),
    ]


def test_without_jsonschema_the_message_names_the_package(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def without(name: str, *arguments: Any, **keywords: Any) -> Any:
        if name.startswith("jsonschema"):
            raise ImportError(name)
        return real(name, *arguments, **keywords)

    for name in [name for name in sys.modules if name.startswith("jsonschema")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setattr(builtins, "__import__", without)
    _validator.cache_clear()
    odd = {**ENTRY, "confg": {}}
    assert check_entries([ENTRY]) == []
    with pytest.raises(InputError, match="pip install jsonschema"):
        check_entries([ENTRY, odd])
    monkeypatch.undo()
    assert [finding.index for finding in check_entries([ENTRY, odd])] == [1]


VALUES = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.lists(st.text()) | st.just({"a": 1})


ENTRIES_OF_ALL_KINDS = st.fixed_dictionaries(
    {},
    optional={
        "name": st.text() | st.sampled_from(["a", "a b", " a", "a\n", "\u00fc"]) | VALUES,
        "config": st.dictionaries(st.text(), VALUES, max_size=3) | VALUES,
        "state": st.sampled_from(["present", "absent", "running", "Running"]) | VALUES,
        "initial_state": st.sampled_from(["paused", "PAUSED", "absent"]) | VALUES,
        "tasks": VALUES,
        "type": VALUES,
        "known_keys": VALUES,
        "other": VALUES,
    },
)


@given(ENTRIES_OF_ALL_KINDS)
def test_entries_that_pass_the_quick_check_match_the_schema(entry: dict[str, object]) -> None:
    group = "absent" if entry.get("state") == "absent" else "present"
    fits = not list(Draft202012Validator(ENTRIES).iter_errors({group: [entry]}))
    assert fits or not passes_quick_check(entry)
    assert bool(check_entries([entry])) is not fits


@pytest.mark.parametrize("more", [{}, {"state": "paused"}, {"initial_state": "stopped"}, {"tasks": [], "type": "sink"}])
def test_plain_entries_pass_the_quick_check(more: dict[str, object]) -> None:
    assert passes_quick_check(
        {"name": "a/b c", "config": {"text": "x", "number": 1, "truth": True, "half": 0.5}, **more}
    )


@given(st.text(min_size=5))
def test_no_violation_quotes_a_value_of_a_config(secret: str) -> None:
    for value in ([secret], {secret: 1}, {"a": secret}, (secret,)):
        for text in texts({"name": "a", "config": {"k": value}}, {"name": "b", "config": [secret]}):
            assert json.dumps(secret) not in text
