# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From the output of releases to the successive forms of a key."""

from __future__ import annotations

from typing import Any

import pytest

from testing.record_keys.kafka import PrintedKey, Record, RecordError, line_of
from testing.record_keys.worker_keys import Section, source

OTHERS = Section("Others", ("*",), client_keys=False)


def release(version: str, worker: dict[str, PrintedKey], **clients: tuple[str, ...]) -> Record:
    return Record(version, {}, worker, {"producer": (), "consumer": (), "admin": (), **clients})


def written(records: list[Record], *sections: Section) -> dict[str, Any]:
    names: dict[str, Any] = {"Any": Any}
    exec(source(records, sections or [OTHERS]), names)
    return names


def rows(*printed: PrintedKey | None) -> list[dict[str, Any]]:
    """The forms of a key for this output of releases 3.5.0, 3.6.0, ..., None for releases without it."""
    records = [release(f"3.{5 + number}.0", {"k": key} if key else {}) for number, key in enumerate(printed)]
    ((_title, forms),) = written(records)["SECTIONS"]
    return [{field: value for field, value in form.items() if field not in ("name", "type")} for form in forms]


def text(default: str = "", valid: str = "") -> PrintedKey:
    return PrintedKey("string", default, valid)


def test_a_key_that_never_changes_has_one_form_without_versions() -> None:
    assert rows(text("a"), text("a")) == [{"default": "a"}]


def test_a_key_that_changes_has_a_form_for_each_run_of_lines() -> None:
    assert rows(text("a"), text("a"), text("b"), None) == [
        {"default": "a", "until": (3, 7)},
        {"default": "b", "since": (3, 7), "until": (3, 8)},
    ]


def test_a_new_key_has_its_first_line() -> None:
    assert rows(None, text("a")) == [{"default": "a", "since": (3, 6)}]


@pytest.mark.parametrize(
    ("printed", "default"),
    [
        ("", {}),
        ("null", {"default": None}),
        ('""', {"default": ""}),
        ("10000 (10 seconds)", {"default": "10000"}),
        ("a (b)", {"default": "a (b)"}),
    ],
)
def test_defaults(printed: str, default: dict[str, Any]) -> None:
    assert rows(text(printed)) == [default]


@pytest.mark.parametrize(
    ("valid", "rule"),
    [
        ("[0,...]", {"least": 0}),
        ("[0,...,2147483647]", {"least": 0}),
        ("[-1,...,900]", {"least": -1, "most": 900}),
        ("[0.5,...,1.0]", {"least": 0.5, "most": 1.0}),
        ("[b, a]", {"values": ("a", "b")}),
        ("Positive number, or -1 to use the broker's default", {"least": 1, "broker_default": True}),
        ("non-empty string", {}),
    ],
)
def test_valid_values(valid: str, rule: dict[str, Any]) -> None:
    assert rows(text(valid=valid)) == [rule]


@pytest.mark.parametrize(
    ("default", "values"), [("enabled", ("disabled", "enabled")), ("ENABLED", ("DISABLED", "ENABLED"))]
)
def test_values_whose_case_does_not_count_are_written_as_the_default(default: str, values: tuple[str, ...]) -> None:
    assert rows(text(default, "(case insensitive) [ENABLED, DISABLED]")) == [
        {"default": default, "values": values, "any_case": True}
    ]


def test_a_name_counts_before_a_pattern() -> None:
    sections = [Section("All of ssl", ("ssl.*",), client_keys=False), Section("REST", ("ssl.auth",), client_keys=False)]
    found = written([release("3.5.0", {"ssl.auth": text(), "ssl.key": text()})], *sections)["SECTIONS"]
    assert [(title, [form["name"] for form in forms]) for title, forms in found] == [
        ("All of ssl", ["ssl.key"]),
        ("REST", ["ssl.auth"]),
    ]


def test_a_key_that_fits_no_section_is_refused() -> None:
    with pytest.raises(RecordError, match=r'"brand\.new" is new and fits no section'):
        source([release("3.5.0", {"brand.new": text()})], [Section("REST", ("rest.*",), client_keys=False)])


def test_clients_keep_what_no_shared_section_has() -> None:
    sections = [Section("Security", ("ssl.*",), client_keys=True), OTHERS]
    records = [
        release("3.5.0", {"ssl.key": text(), "group.id": text()}, consumer=("ssl.key", "group.id", "client.id")),
        release("3.6.0", {"ssl.key": text(), "group.id": text()}, consumer=("ssl.key", "newer")),
    ]
    found = written(records, *sections)
    assert found["SHARED_SECTIONS"] == ("Security",)
    assert found["CLIENT_KEYS"] == {"producer": (), "consumer": ("group.id", "newer"), "admin": ()}


@pytest.mark.parametrize("version", ["4", "4.3", "4.3.1-rc0", "newest"])
def test_a_release_has_an_exact_version(version: str) -> None:
    with pytest.raises(RecordError, match="give an exact version"):
        line_of(version)
