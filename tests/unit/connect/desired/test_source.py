# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.desired.entry_formats import Rule
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.desired.source import (
    RawConnector,
    desired_set,
    from_option,
    read_files,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.errors import InputError
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.model import Absent, Desired, Present

SINK = {"connector.class": "com.example.ThingSinkConnector", "topics": "t"}
STORED = {"connector.class": "com.example.ThingSinkConnector", "topics": "t"}


def decrypt(data: bytes, origin: str) -> bytes:
    if b"unknown" in data:
        raise ValueError(f"no secret matches {origin}")
    return data.partition(b"\n")[2].replace(b"SECRET", b"s3cret")


def read(*paths: Path) -> tuple[RawConnector, ...]:
    return read_files([str(path) for path in paths], decrypt)


def one(entry: Mapping[str, object], **rules: list[Rule]) -> Desired:
    return desired_set([RawConnector(entry, "a.yml")], **rules).connectors[0]


def config(entry: Mapping[str, object], **rules: list[Rule]) -> Mapping[str, str]:
    desired = one(entry, **rules)
    assert isinstance(desired, Present)
    return desired.config


def problems(error: pytest.ExceptionInfo[InputError]) -> list[str]:
    return [problem.text for problem in error.value.problems]


def refusal(*entries: Mapping[str, object], **rules: list[Rule]) -> list[str]:
    with pytest.raises(InputError) as caught:
        desired_set([RawConnector(entry, f"{n}.yml") for n, entry in enumerate(entries)], **rules)
    return problems(caught)


FORMATS = {
    "entry.yml": "name: a\nconfig: {connector.class: com.example.ThingSinkConnector, topics: t}\n",
    "list.yaml": "- name: a\n  config: {connector.class: com.example.ThingSinkConnector, topics: t}\n",
    "key.yml": "connectors:\n- name: a\n  config: {connector.class: com.example.ThingSinkConnector, topics: t}\n",
    "map.yml": "a: {connector.class: com.example.ThingSinkConnector, topics: t}\n",
    "mapped.yml": "a: {config: {connector.class: com.example.ThingSinkConnector, topics: t}}\n",
    "documents.yml": "---\n---\nname: a\nconnector.class: com.example.ThingSinkConnector\ntopics: t\n---\n",
    "rest.json": json.dumps({"name": "a", "config": SINK, "tasks": [], "type": "sink"}),
    "flat.json": json.dumps({**SINK, "name": "a"}),
    "a.json": json.dumps(SINK),
    "inner.json": json.dumps({"config": {**SINK, "name": "a"}}),
    "expanded.json": json.dumps({"a": {"info": {"name": "a", "config": {**SINK, "name": "a"}, "type": "sink"}}}),
    "connect.properties": "name=a\nconnector.class = com.example.ThingSinkConnector\ntopics: t\n",
    "a.properties": "connector.class=com.example.ThingSinkConnector\ntopics=t\n",
    "vaulted.yml": "$ANSIBLE_VAULT;1.1;AES256\na: {connector.class: com.example.ThingSinkConnector, topics: t}\n",
}


@pytest.mark.parametrize("file", FORMATS)
def test_every_format_is_read(tmp_path: Path, file: str) -> None:
    (tmp_path / file).write_text(FORMATS[file], encoding="utf-8")
    (desired,) = desired_set(read(tmp_path / file)).connectors
    assert desired.name == "a"
    assert isinstance(desired, Present)
    assert desired.config == {**STORED, "name": "a"}
    assert desired.origin.startswith(str(tmp_path / file))


def test_an_option_accepts_the_same_formats() -> None:
    raw = from_option([{"name": "a", "config": SINK}, {**SINK, "name": "b"}, {"c": SINK}])
    assert [item.origin for item in raw] == ["connectors[0]", "connectors[1]", "connectors[2]"]
    assert [item.name for item in desired_set(raw).connectors] == ["a", "b", "c"]
    assert from_option(None) == ()
    with pytest.raises(InputError, match="connectors: must be a list"):
        from_option({"name": "a"})


def test_vaulted_values_are_decrypted(tmp_path: Path) -> None:
    file = tmp_path / "a.yml"
    file.write_text("connector.class: x\npassword: !vault |-\n  $ANSIBLE_VAULT;1.1\n  SECRET\n", encoding="utf-8")
    (desired,) = desired_set(read(file)).connectors
    assert isinstance(desired, Present)
    assert desired.config["password"] == "s3cret"


def test_directories_are_read_recursively_in_order(tmp_path: Path) -> None:
    for path in ("b.json", "a/z.yml", "a/b/c.properties", "c.yaml"):
        file = tmp_path / path
        file.parent.mkdir(parents=True, exist_ok=True)
        text = json.dumps(SINK) if not path.endswith("properties") else "connector.class=x\n"
        file.write_text(text, encoding="utf-8")
    for path in (".hidden.json", "a/.git/x.yml", "b.json~", "#b.json", ".#b.json", "b.json.bak", "README.md"):
        file = tmp_path / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("not to be read", encoding="utf-8")
    (tmp_path / "a" / "loop").symlink_to(tmp_path)
    assert [os.path.relpath(item.origin, tmp_path) for item in read(tmp_path)] == [
        "a/b/c.properties",
        "a/z.yml",
        "b.json",
        "c.yaml",
    ]


def test_the_problems_of_all_files_are_reported_at_once(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    for name, text in {
        "a.yml": "a: [",
        "b.json": '{"x": 1, "x": 2}',
        "c.yml": "# nothing\n",
        "d.yml": "just text",
        "e.yml": "x: {y: {z: 1}}\n",
        "f.yml": "connectors: []\nmore: 1\n",
        "g.txt": "",
        "h.yml": "x: {name: y, config: {}}\n",
        "i.yml": "$ANSIBLE_VAULT;unknown",
    }.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    names = ["a.yml", "b.json", "c.yml", "d.yml", "e.yml", "f.yml", "g.txt", "h.yml", "i.yml", "none.yml", "empty"]
    with pytest.raises(InputError) as caught:
        read(*(tmp_path / name for name in names))
    texts = [text.removeprefix(f"{tmp_path}/") for text in problems(caught)]
    assert texts[0].startswith("a.yml:1: is not valid YAML: ") or texts[0].startswith("a.yml:2: is not valid YAML: ")
    assert texts[1:] == [
        'b.json: key "x" appears twice in one object: remove one',
        "c.yml: contains no connector: add one, or remove the file",
        "d.yml: is not a connector: it must be a mapping with name and config",
        'e.yml: key "x" holds no connector: give a mapping with config, or with connector.class',
        'f.yml: key "more" is not allowed beside "connectors": remove it',
        "g.txt: its suffix gives no format: it must be one of .json, .yml, .yaml, .properties",
        'h.yml: key "x" holds a connector with another name: make both the same',
        f"i.yml: cannot be decrypted: no secret matches {tmp_path}/i.yml",
        "none.yml: does not exist",
        "empty: contains no file that ends in one of .json, .yml, .yaml, .properties",
    ]


def test_state_and_other_keys_of_an_entry_are_read() -> None:
    base = {"name": "a", "config": SINK}
    assert one({**base, "state": "absent"}) == Absent("a", "a.yml")
    assert one({"name": "a", "state": "absent"}) == Absent("a", "a.yml")
    normal = {**STORED, "name": "a"}
    assert one(base) == Present("a", normal, origin="a.yml")
    assert one({**base, "state": "present", "initial_state": "STOPPED"}) == Present(
        "a", normal, initial_state="stopped", origin="a.yml"
    )
    assert one({**base, "state": "paused", "known_keys": ["x.*"]}) == Present(
        "a", normal, "paused", known_keys=("x.*",), origin="a.yml"
    )


def test_scalars_become_strings() -> None:
    assert config({"name": "a", "config": {**SINK, "b": True, "i": 1, "f": 1.5, "s": ""}}) == {
        **STORED,
        "b": "true",
        "i": "1",
        "f": "1.5",
        "s": "",
        "name": "a",
    }


def test_defaults_go_below_a_configuration_and_overrides_on_top() -> None:
    rules = {
        "defaults": [
            Rule("*", {"tasks.max": 1, "topics": "default", "removed": "x"}),
            Rule("~a", {"tasks.max": 2, "removed": None}),
            Rule("b*", {"never": 1}),
        ],
        "overrides": [
            Rule("*", {"password": "one", "drop": None}),
            Rule("*", {"password": "two"}, "ThingSink"),
            Rule("*", {"never": 1}, "*Source*"),
        ],
    }
    assert config({"name": "a", "config": {**SINK, "drop": "me"}}, **rules) == {
        **STORED,
        "tasks.max": "2",
        "password": "two",
        "name": "a",
    }


@pytest.mark.parametrize("pattern", ["com.example.*", "ThingSinkConnector", "ThingSink", "~com\\.example", "*Sink*"])
def test_a_pattern_matches_each_form_of_a_class_name(pattern: str) -> None:
    assert config({"name": "a", "config": SINK}, overrides=[Rule("*", {"x": "1"}, pattern)])["x"] == "1"


def test_an_override_may_set_the_class_that_a_later_override_matches() -> None:
    overrides = [Rule("a", {"connector.class": "y.Other"}), Rule("a", {"x": "1"}, "Other")]
    assert config({"name": "a", "config": SINK}, overrides=overrides)["x"] == "1"


def test_overrides_that_match_nothing_give_a_warning() -> None:
    result = desired_set(
        [RawConnector({"name": "a", "config": SINK}, "x")],
        defaults=[Rule("nothing", {})],
        overrides=[Rule("a", {}), Rule("b", {}), Rule("a", {}, "Other")],
    )
    assert [warning.text for warning in result.warnings] == [
        'overrides[1]: match "b" matches no connector: correct or remove it',
        'overrides[2]: match "a" with connector_class "Other" matches no connector: correct or remove it',
    ]


def test_an_override_may_match_an_absent_connector() -> None:
    result = desired_set([RawConnector({"name": "a", "state": "absent"}, "x")], overrides=[Rule("a", {"k": "v"})])
    assert result.warnings == ()


def test_the_problems_of_all_connectors_are_reported_at_once() -> None:
    texts = refusal(
        {"name": "a", "config": {"connector.class": "x", "tasks.max": None}},
        {"name": "b", "confg": SINK},
        {"name": "c", "config": {"topics": "t"}},
        {"name": "d", "config": {**SINK, "name": "e"}},
        {"name": "a", "config": SINK},
        {"name": "f", "config": {**SINK, "password": "********"}},
        {"name": "g", "config": {5: "x"} | dict(SINK)},
        {"name": "h", "config": {**SINK, "n": float("nan")}},
        {"name": "i", "config": SINK, "state": "paused", "initial_state": "stopped"},
        {"name": "j", "config": SINK, "known_keys": ["~("]},
        {"name": "k\x00", "config": SINK},
    )
    assert sorted(texts) == sorted(
        [
            'connector "a" (0.yml): key "tasks.max" is null: remove the key or set it to ""',
            'connector "b" (1.yml): config is missing: write it, or set state to absent',
            'connector "b" (1.yml): key "confg" is unknown: did you mean "config"?',
            'connector "c" (2.yml): key "connector.class" is missing: name the plugin',
            'connector "d" (3.yml): key "name" is "e": make both the same or remove it',
            'connector "a" is defined twice: in 0.yml and in 4.yml; remove or rename one',
            (
                'connector "f" (5.yml): key "password" is masked: write the secret itself or a reference such as '
                "${file:path:key}"
            ),
            'connector "g" (6.yml): key 5 is not a string: quote it',
            'connector "h" (7.yml): key "n" has a value that is not a string or a number',
            'connector "i" (8.yml): initial_state requires state present, not paused: remove one',
            (
                'connector "j" (9.yml): known_keys: pattern "~(" is not a regular expression: missing ), unterminated '
                "subpattern at position 0"
            ),
            '10.yml: name "k\\u0000" has control characters: remove them',
        ]
    )


def test_errors_in_rules_are_reported() -> None:
    texts = refusal(
        {"name": "a", "config": SINK},
        defaults=[Rule("*", {"x": {"y": 1}})],
        overrides=[Rule("~(", {}), Rule("", {}), Rule("a", {"x": [1]})],
    )
    assert [text.split(":")[0] for text in texts] == ["defaults[0]", "overrides[1]", "overrides[2]", "overrides[0]"]


def test_the_replacement_of_a_masking_transform_is_not_a_masked_secret() -> None:
    key = "transforms.mask.replacement"
    assert config({"name": "a", "config": {**SINK, key: "****"}})[key] == "****"


@pytest.mark.parametrize("name", ["naïve ☕", "with/slash", "two words", "%2F", "a.b:c"])
def test_unusual_names_are_accepted(name: str) -> None:
    assert one({"name": name, "config": SINK}).name == name


CONFIGS = st.dictionaries(st.sampled_from("pqrs"), st.sampled_from("1234"), max_size=4)


@given(CONFIGS, st.lists(CONFIGS, max_size=3), st.lists(CONFIGS, max_size=3))
def test_layers_are_merged_like_dictionaries(
    own: dict[str, str], under: list[dict[str, str]], over: list[dict[str, str]]
) -> None:
    expected: dict[str, str] = {}
    for layer in (*under, {**STORED, **own}, *over):
        expected |= layer
    assert config(
        {"name": "n", "config": {**STORED, **own}},
        defaults=[Rule("*", layer) for layer in under],
        overrides=[Rule("*", layer) for layer in over],
    ) == {**expected, "name": "n"}
