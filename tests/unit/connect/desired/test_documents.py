# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.desired.documents import parse_documents
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.desired.yaml_documents import Unquoted
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.errors import InputError

JSON_DATA = st.recursive(
    st.none() | st.booleans() | st.text(st.characters(exclude_categories=["Cs", "Cc"])),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text("ab.-é", max_size=4), inner, max_size=4),
    max_leaves=12,
)


def decrypt(data: bytes, origin: str) -> bytes:
    if b"broken" in data:
        raise ValueError(f"no vault secret matches ({origin})")
    return data.replace(b"$ANSIBLE_VAULT;1.1;AES256\n", b"").swapcase()


def read(text: str | bytes, path: str = "a.yml") -> list[object]:
    return parse_documents(text if isinstance(text, bytes) else text.encode(), path, decrypt)


def message(text: str | bytes, path: str = "a.yml") -> str:
    with pytest.raises(InputError) as caught:
        read(text, path)
    assert "\n" not in caught.value.message
    return caught.value.message


def test_numbers_stay_as_written() -> None:
    expected = {"a": "1.10", "b": "0644", "c": "12:30:45", "d": "1_000", "e": "1e3", "f": "-5", "g": "0x1F"}
    assert read("{a: 1.10, b: 0644, c: 12:30:45, d: 1_000, e: 1e3, f: -5, g: 0x1F}") == [expected]
    assert read('{"a": 1.10, "b": 1e3, "c": 12345678901234567890}', "a.json") == [
        {"a": "1.10", "b": "1e3", "c": "12345678901234567890"}
    ]


def test_other_scalars_are_read_as_in_yaml_1_1() -> None:
    assert read("{a: yes, b: off, c: ~, d: , e: 'yes', f: x, 1: g, on: h, 2024-01-01: i}") == [
        {"a": True, "b": False, "c": None, "d": None, "e": "yes", "f": "x", "1": "g", "on": "h", "2024-01-01": "i"}
    ]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("2024-01-01", "a date or time"),
        ("2024-01-01 10:00:00", "a date or time"),
        ("!!binary aGk=", "binary data"),
        ("!!set {a, b}", "a set"),
    ],
)
def test_types_that_json_lacks_are_marked(text: str, kind: str) -> None:
    assert read(f"a: {text}") == [{"a": Unquoted(kind)}]


def test_several_documents_anchors_and_merge_keys_are_read() -> None:
    text = "--- &base {a: 1, b: 2}\n---\nx: &base {a: 1, b: 2}\ny: {<<: *base, b: 3}\nz: {<<: [{c: 4}, *base]}\n"
    assert read(text) == [
        {"a": "1", "b": "2"},
        {"x": {"a": "1", "b": "2"}, "y": {"a": "1", "b": "3"}, "z": {"a": "1", "b": "2", "c": "4"}},
    ]


def test_aliases_of_aliases_take_no_extra_memory() -> None:
    lines = ["a0: &a0 [x]"] + [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 40)]
    assert len(read("\n".join(lines))) == 1


def test_byte_order_marks_are_ignored() -> None:
    assert read(b"\xef\xbb\xbfa: \xc3\xbc") == [{"a": "ü"}]
    assert read(b'\xef\xbb\xbf{"a": "\xc3\xbc"}', "a.json") == [{"a": "ü"}]


def test_properties_are_utf8_or_latin1() -> None:
    assert read(b"a=\xc3\xbc", "a.properties") == [{"a": "ü"}]
    assert read(b"a=\xfc", "a.properties") == [{"a": "ü"}]


def test_vaulted_files_and_values_are_decrypted() -> None:
    assert read(b"$ANSIBLE_VAULT;1.1;AES256\nA: SECRET", "a.yml") == [{"a": "secret"}]
    assert read("a: !vault |\n  $ANSIBLE_VAULT;1.1;AES256\n  SECRET\nb: !unsafe '{{ x }}'\n") == [
        {"a": "secret\n", "b": "{{ x }}"}
    ]


@pytest.mark.parametrize(
    ("text", "path", "expected"),
    [
        ("a: 1\nb: 2\na: 3\n", "a.yml", 'a.yml:3: key "a" appears twice in one mapping: remove one'),
        ('{"a": 1, "b": {"c": 1, "c": 2}}', "a.json", 'a.json: key "c" appears twice in one object: remove one'),
        ("a: [1\nb: 2", "a.yml", "a.yml:2: is not valid YAML: "),
        ('{"a": 1,\n"b"}', "a.json", "a.json:2: is not valid JSON: "),
        ("", "a.json", "a.json:1: is not valid JSON: Expecting value (column 1)"),
        ('{"a": NaN}', "a.json", "a.json: is not valid JSON: NaN is not a JSON value"),
        ("a: &x [*x]", "a.yml", "a.yml:1: an anchor contains itself"),
        ("? [a]\n: b", "a.yml", "a.yml:1: has a key that is not a string"),
        ("a:\n  b: !thing x", "a.yml", "a.yml:2: has an unknown tag"),
        ("a: \x07", "a.yml", "a.yml"),
        (b"a: x\nb: \xff", "a.yml", "a.yml:2: is not UTF-8"),
        (b"$ANSIBLE_VAULT;broken", "a.yml", "a.yml: cannot be decrypted: no vault secret matches (a.yml)"),
        ("a: !vault broken", "a.yml", "a.yml: cannot be decrypted: no vault secret matches (a.yml)"),
        ("a=\\u12", "a.properties", 'a.properties: key "a": \\u requires four hexadecimal digits'),
        ("[" * 100000, "a.json", "a.json: is nested too deeply"),
    ],
)
def test_an_error_is_one_line_with_file_and_line(text: str | bytes, path: str, expected: str) -> None:
    assert message(text, path).startswith(expected)


@pytest.mark.parametrize("value", ["*S3cret", "&S3cret *S3cret", "!S3cret x", "@S3cret", "{S3cret", "'S3cret"])
def test_errors_do_not_quote_values(value: str) -> None:
    assert "S3cret" not in message(f"password: {value}\n")


@given(JSON_DATA)
def test_yaml_and_json_of_the_same_data_give_equal_results(data: object) -> None:
    assert read(json.dumps(data), "a.json") == [data]
    assert read(yaml.safe_dump(data, allow_unicode=True)) == [data]
