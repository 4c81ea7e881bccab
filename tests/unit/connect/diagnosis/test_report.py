# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The report for a terminal, for programs, as Markdown and as a page; and its files."""

from __future__ import annotations

import json
import re
import stat
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.diagnosis.assemble import diagnose
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.diagnosis.markdown import markdown
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.diagnosis.model import Cause, Diagnosis
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.diagnosis.page import page
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.diagnosis.report_files import (
    planned_files,
    write_files,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.diagnosis.terminal import (
    MOST_CAUSES,
    as_data,
    terminal_lines,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.errors import InputError
from tests.unit.connect.diagnosis_support import (
    REFUSED,
    event,
    finding,
    health_of,
    history_of,
    log_of_host,
    results_of,
    state_event,
    stored,
)

HOSTILE = '<script>alert("1")</script> `rm` [x](javascript:alert) {{ lookup("pipe", "id") }} \'|'


def diagnosis(name: str = "orders") -> Diagnosis:
    root = finding("worker_unreachable", "http://connect-2:8083", message=f"worker connect-2 does not answer {name}")
    health = health_of(
        root,
        finding("unassigned", caused_by=[root["id"]], message="2 tasks are unassigned"),
        finding("failed_tasks", name, message=f"1 task of {name} FAILED: {REFUSED}"),
    )
    history = history_of(
        event(70, "config_changed", name, message=f"{name} changed"),
        state_event(60, name, "FAILED", "RUNNING", message=f"{name} FAILED"),
        event(50, "rebalance"),
        changes=[{"connector": name, "message": f"{name}: changed file 4 s before"}],
    )
    results = results_of(
        health,
        history=history,
        connectors={"connectors": [stored(name, "FAILED"), stored("stock", "RUNNING")]},
        logs=[log_of_host("connect-1", session_lost=2)],
    )
    return diagnose(results)


def test_the_terminal_shows_each_cause_with_its_fix() -> None:
    assert terminal_lines(diagnosis()) == [
        "orders: not healthy (2 errors, 1 warning), 2026-11-28 03:20:00 UTC",
        "1. error: worker connect-2 does not answer orders",
        "   because of that: 2 tasks are unassigned",
        "   fix: fix of worker_unreachable",
        f"2. error: 1 task of orders FAILED: {REFUSED}",
        "   since 2026-11-28 02:20:00 UTC (1 h)",
        "   before: orders: changed file 4 s before",
        "   fix: fix of failed_tasks",
        (
            "3. warning: connect-1:8083: the group removed the worker, because it sent no heartbeat in time (2 times, last at "
            "2026-11-28 03:15:00 UTC)"
        ),
        (
            "   fix: look for long pauses of the JVM and for a slow network; session.timeout.ms of the workers is how long the group "
            "waits for a heartbeat"
        ),
        "in the last 6 h: 1 failure of 1 connector, 1 rebalance",
        "log of connect-1: log of connect-1",
    ]


def test_the_terminal_shows_one_screen_of_many_causes() -> None:
    many = replace(diagnosis(), causes=tuple(Cause(str(n), "error", "kind", "a", f"cause {n}") for n in range(100)))
    lines = terminal_lines(many)
    assert len(lines) < 40
    assert f"and {100 - MOST_CAUSES} more findings" in lines


def test_a_long_message_is_shortened_on_the_terminal_only() -> None:
    found = replace(diagnosis(), causes=(Cause("a", "error", "kind", "a", "long " * 1000),))
    assert max(map(len, terminal_lines(found))) <= 300
    assert "long " * 1000 in as_data(found)["causes"][0]["message"]


def test_programs_get_everything_as_json() -> None:
    data = json.loads(json.dumps(as_data(diagnosis())))
    assert (data["verdict"], data["causes"][0]["kind"]) == ("not_healthy", "worker_unreachable")
    lane = data["timeline"]["connectors"][0]
    assert (lane["name"], lane["states"][-1]["state"], lane["events"][0]["kind"]) == (
        "orders",
        "FAILED",
        "config_changed",
    )


class Page(HTMLParser):
    """Reads a page: the elements, their attributes, and whether every element is closed in its place."""

    VOID = ("meta", "input", "br")

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []
        self.texts: list[str] = []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.attributes += [(tag, name, value or "") for name, value in attrs]
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open[-1:] not in (["script"], ["style"]):
            self.texts.append(data)

    @property
    def text(self) -> str:
        return " ".join(self.texts)


def test_the_page_is_well_formed_and_complete() -> None:
    text = Page(page(diagnosis())).text
    for part in ("not healthy", "worker connect-2 does not answer", "2 tasks are unassigned", "changed file", "stock"):
        assert part in text


def test_the_page_loads_nothing_and_has_no_handler() -> None:
    attributes = Page(page(diagnosis())).attributes
    assert [entry for entry in attributes if entry[1] in ("src", "href", "action") or entry[1].startswith("on")] == []
    (policy,) = (
        value for tag, name, value in attributes if tag == "meta" and name == "content" and "default-src" in value
    )
    assert policy.startswith("default-src 'none'")


def test_nothing_from_the_cluster_becomes_part_of_the_page() -> None:
    plain, hostile = (Page(page(diagnosis(name))) for name in ("orders", HOSTILE))
    assert [entry[:2] for entry in plain.attributes] == [entry[:2] for entry in hostile.attributes]
    assert HOSTILE in hostile.text


def test_a_person_who_sees_no_colors_hears_each_state() -> None:
    labels = [value for _tag, name, value in Page(page(diagnosis())).attributes if name == "aria-label"]
    assert labels[0] == "RUNNING from 2026-11-28 02:06:30 UTC, FAILED from 2026-11-28 02:20:00 UTC"


def test_nothing_from_the_cluster_becomes_markdown() -> None:
    text = markdown(diagnosis(HOSTILE))
    assert not re.search(r"(?<!\\)[<`]", text)
    assert "\\[x\\](javascript:alert)" in text


def test_a_diagnosis_without_a_history_has_a_page_all_the_same() -> None:
    assert "No history was read" in Page(page(diagnose(results_of()))).text


# Files


def test_files_are_private_and_named_after_cluster_and_time(tmp_path: Path) -> None:
    paths = planned_files(diagnosis(), str(tmp_path / "new"), ["markdown", "html"])
    write_files(diagnosis(), paths)
    names = ["orders-2026-11-28T032000Z.html", "orders-2026-11-28T032000Z.md"]
    assert sorted(path.name for path in (tmp_path / "new").iterdir()) == names
    assert {stat.S_IMODE(path.stat().st_mode) for path in paths} == {0o600}


def test_a_second_report_of_the_same_second_replaces_nothing(tmp_path: Path) -> None:
    for _ in range(2):
        write_files(diagnosis(), planned_files(diagnosis(), str(tmp_path), ["json"]))
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "orders-2026-11-28T032000Z-2.json",
        "orders-2026-11-28T032000Z.json",
    ]


def test_a_name_of_a_cluster_cannot_leave_the_directory(tmp_path: Path) -> None:
    (path,) = planned_files(replace(diagnosis(), cluster="../../etc/x"), str(tmp_path), ["json"])
    assert path.parent == tmp_path


def test_a_directory_that_cannot_be_created_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(InputError, match=r"file/.* can't be written .*: give a writable directory"):
        write_files(diagnosis(), planned_files(diagnosis(), str(tmp_path / "file"), ["json"]))
