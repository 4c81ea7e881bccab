# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The checker of the chaos suite accepts correct runs, and each rule finds its violations."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from testing.chaos.checker import check
from testing.chaos.config_topic import Kind, Record
from testing.chaos.evidence import Evidence, Run, View, Wish, as_stored
from testing.chaos.exchange import Exchange
from testing.chaos.story import story

OLD = {"name": "a", "connector.class": "X", "k": "1"}
NEW = {"name": "a", "connector.class": "X", "k": "2"}
SECRET = "hunter-2-secret"


def connector(offset: int, at: float, config: Mapping[str, str] | None, name: str = "a") -> Record:
    return Record(offset, at, "connector", name, value=None if config is None else {"properties": dict(config)})


def target(offset: int, at: float, state: str, name: str = "a") -> Record:
    return Record(offset, at, "target-state", name, value={"state": "PAUSED", "state.v2": state} if state else None)


def sent(number: int, method: str, path: str, body: Any = None, at: float = 110, **more: Any) -> Exchange:
    encoded = b"" if body is None else json.dumps(body).encode()
    ordinary: dict[str, Any] = {"ended": at + 0.1, "status": 200, "worker_status": 200}
    return Exchange(number, 0, method, path, encoded, at, **{**ordinary, **more})


SNAPSHOT = sent(0, "GET", "/connectors?expand=info&expand=status", at=101)
PUT = sent(1, "PUT", "/connectors/a/config", NEW)
WRITTEN = connector(10, 110.05, NEW)
UPDATED: dict[str, Any] = {
    "name": "a",
    "action": "update",
    "actions": ["update"],
    "changed": True,
    "changed_keys": ["k"],
    "reason": "config differs: k",
    "state": "RUNNING",
}
UNCHANGED = {"name": "a", "action": "none", "actions": [], "changed": False, "changed_keys": [], "reason": ""}
BEFORE = (connector(1, 10, OLD), connector(2, 10, {"name": "other"}, "other"))


def result(*entries: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    return {"changed": any(entry["changed"] for entry in entries), "connectors": list(entries), **more}


def failed(**more: Any) -> dict[str, Any]:
    ordinary = {"failed": True, "error": 'connector "a": no', "error_kind": "worker_error", "outcome": "not_done"}
    return {**UPDATED, "changed": False, **ordinary, **more}


RUN = Run(
    name="the run",
    wishes={"a": Wish(NEW, "RUNNING")},
    exchanges=(SNAPSHOT, PUT),
    started=100,
    ended=120,
    result=result(UPDATED),
)
SHOWN = {"w1": {"a": View(NEW, "RUNNING", ("RUNNING",))}}
LAWFUL = Evidence(runs=(RUN,), previous=BEFORE, records=(WRITTEN,), views=SHOWN, secrets=(SECRET,))


def of(**changes: Any) -> Evidence:
    """The correct experiment with changes to its only run, or to records, views, foreign or previous."""
    around = {
        key: changes.pop(key) for key in ("records", "views", "foreign", "previous", "hopeless") if key in changes
    }
    return replace(LAWFUL, runs=(replace(RUN, **changes),), **around)


def failure(**more: Any) -> Evidence:
    entry = failed(**more)
    given = result(entry, failed=True, msg=entry["error"], error={"kind": entry["error_kind"]})
    return of(result=given, returncode=2, exchanges=(SNAPSHOT,), records=())


def snapshot_at(config: Mapping[str, str], number: int, at: float) -> Exchange:
    answer = {"a": {"info": {"config": dict(config)}, "status": {"connector": {"state": "RUNNING"}}}}
    return replace(SNAPSHOT, number=number, sent=at, ended=at + 0.1, answer=json.dumps(answer).encode())


def rules(evidence: Evidence, afterwards: Evidence | None = None) -> set[str]:
    return {violation[0] for violation in check(evidence, afterwards)}


def test_a_run_that_did_what_it_reports_is_accepted() -> None:
    assert check(LAWFUL) == []


def test_a_run_that_reports_its_failure_is_accepted() -> None:
    assert check(failure()) == []


def test_a_run_that_failed_before_its_first_write_is_accepted() -> None:
    reported = {"failed": True, "changed": False, "msg": "no worker answers", "error": {"kind": "connection_refused"}}
    assert check(of(result=reported, returncode=2, exchanges=(), records=())) == []


@pytest.mark.parametrize(
    ("evidence", "words"),
    [
        (of(records=(), exchanges=(SNAPSHOT,), result=result(UNCHANGED)), "these differ: k"),
        (of(records=(WRITTEN, target(11, 112, "PAUSED"))), "target state is PAUSED"),
        (of(views={"w1": {"a": View(NEW, "RUNNING", ("FAILED",))}}), "RUNNING with tasks FAILED"),
        (of(views={"w1": {"a": View(NEW, "RUNNING", ())}}), "tasks none"),
        (of(views={"w1": {"a": View(OLD, "RUNNING", ("RUNNING",))}}), "w1 shows another config"),
        (failure(error_kind="connector_failed"), "no worker shows that"),
        (failure(error_kind="wait_timeout"), "ended after 20 s"),
        (failure(error_kind="cancelled"), "ended after 20 s"),
        (failure(error_kind="drift"), "but none did"),
        (failure(error_kind="internal_error"), "bug in the collection"),
        (failure(error="no"), "does not name it"),
        (failure(outcome="done"), "no record of it"),
    ],
)
def test_rule_1_finds_false_reports(evidence: Evidence, words: str) -> None:
    found = check(evidence)
    assert any(one.startswith("1: ") and words in one for one in found), found


def test_rule_1_finds_a_failure_that_hides_what_was_written() -> None:
    reported = {"failed": True, "changed": False, "msg": "no", "error": {"kind": "worker_error"}}
    assert "1" in rules(of(result=reported, returncode=2))


def test_rule_1_finds_a_write_of_a_connector_reported_as_not_begun() -> None:
    reported = result(failed(error_kind="not_begun"), failed=True, msg="no")
    assert any("was not begun" in one for one in check(of(result=reported, returncode=2)))


def test_a_misconfigured_cluster_must_be_named_early() -> None:
    evidence = replace(failure(), must_say=["127.0.0.1:1"])
    assert check(evidence) == ["1: the run failed, and its message does not name 127.0.0.1:1"]
    slow = replace(evidence, runs=(replace(evidence.runs[0], conflict_timeout=30.0),))
    assert rules(slow) == {"1", "5"}


@pytest.mark.parametrize(
    ("events", "words"),
    [
        ([], "does not record as begun"),
        (["begun", "not_begun"], "journal records as not begun"),
        (["begun", "written"], ""),
    ],
)
def test_rule_1_checks_the_journal_of_an_interrupted_run(events: list[str], words: str) -> None:
    journal = [{"event": event, "connector": "a"} for event in events]
    found = check(of(journal=journal, result=None, signaled=110.0))
    assert any(words in one for one in found) if words else not found
    unwritten = check(of(journal=journal, result=None, signaled=110.0, records=()))
    assert any("the config topic has no record of it" in one for one in unwritten) is ("written" in events)


def test_rule_1_accepts_changes_after_the_end_of_a_run() -> None:
    foreign = sent(0, "PUT", "/connectors/a/config", OLD, at=150)
    views = {"w1": {"a": View(OLD, "RUNNING", ("RUNNING",))}}
    assert check(of(records=(WRITTEN, connector(11, 150.1, OLD)), foreign=(foreign,), views=views)) == []


@pytest.mark.parametrize(
    ("evidence", "words"),
    [
        (of(result=result(UNCHANGED)), "reports a unchanged"),
        (of(records=(), previous=(*BEFORE, connector(3, 20, NEW))), "no record of that"),
        (of(result=result({**UPDATED, "changed_keys": ["z"]})), "changed keys ['z']"),
        (of(result=result(UPDATED) | {"changed": False}), "which contradicts its entries"),
        (of(result=result({**UPDATED, "action": "create", "actions": ["create"]})), "created, but it already existed"),
        (of(result=result({**UPDATED, "action": "pause", "actions": ["pause"]})), "reports only ['pause']"),
    ],
)
def test_rule_2_finds_false_reports_of_changes(evidence: Evidence, words: str) -> None:
    found = check(evidence)
    assert any(one.startswith("2: ") and words in one for one in found), found


THEIRS = {**OLD, "z": "9"}
VALIDATED = sent(1, "PUT", "/connector-plugins/X/config/validate", NEW, at=104)


def overtaken(*exchanges: Exchange, **more: Any) -> Evidence:
    """An experiment with a write of another user at 105 s."""
    foreign = sent(0, "PUT", "/connectors/a/config", THEIRS, at=105)
    return of(records=(connector(9, 105.1, THEIRS), WRITTEN), foreign=(foreign,), exchanges=(*exchanges, PUT), **more)


def test_rule_2_finds_an_unreported_overwrite() -> None:
    snapshots = (snapshot_at(OLD, 0, 101), VALIDATED, snapshot_at(THEIRS, 2, 106))
    assert check(overtaken(*snapshots)) == [
        "2: the run overwrote a change that another run or user made to a, and does not report it"
    ]
    said = result(UPDATED, warnings=["connector a: overwrote a change of another run or user"])
    assert check(overtaken(*snapshots, result=said)) == []


@pytest.mark.parametrize("at", [103.0, 107.0])
def test_rule_2_ignores_a_snapshot_without_a_response(at: float) -> None:
    failed_snapshot = replace(SNAPSHOT, number=5, sent=at, ended=at + 0.1, status=500, worker_status=500)
    snapshots = sorted(
        (snapshot_at(OLD, 0, 101), VALIDATED, snapshot_at(THEIRS, 2, 106), failed_snapshot), key=lambda one: one.sent
    )
    assert check(overtaken(*snapshots)) == [
        "2: the run overwrote a change that another run or user made to a, and does not report it"
    ]
    known = (snapshot_at(THEIRS, 0, 101), failed_snapshot, VALIDATED, snapshot_at(THEIRS, 2, 106))
    reported = result({**UPDATED, "changed_keys": ["k", "z"]})
    assert [one for one in check(overtaken(*known, result=reported)) if "overwrote" in one] == []


@pytest.mark.parametrize(
    "exchanges",
    [
        pytest.param((snapshot_at(OLD, 0, 101),), id="it took a single snapshot"),
        pytest.param((snapshot_at(OLD, 0, 101), VALIDATED, snapshot_at(OLD, 2, 106)), id="its worker was behind"),
        pytest.param(
            (
                snapshot_at(OLD, 0, 101),
                snapshot_at(THEIRS, 1, 105.5),
                replace(VALIDATED, sent=106.0),
                snapshot_at(THEIRS, 3, 107),
            ),
            id="its plan rests on it",
        ),
    ],
)
def test_rule_2_requires_no_report_of_changes_that_the_run_could_not_know_or_had_planned_on(
    exchanges: tuple[Exchange, ...],
) -> None:
    reported = result({**UPDATED, "changed_keys": ["k", "z"]})
    assert [one for one in check(overtaken(*exchanges, result=reported)) if "overwrote" in one] == []


def test_rule_1_allows_concurrent_changes_in_the_last_seconds() -> None:
    foreign = sent(0, "PUT", "/connectors/a/config", OLD, at=119)
    views = {"w1": {"a": View(OLD, "RUNNING", ("RUNNING",))}}
    late = connector(11, 119.1, OLD)
    assert check(of(records=(replace(WRITTEN, timestamp=117.0), late), foreign=(foreign,), views=views)) == []
    early = of(records=(WRITTEN, replace(late, timestamp=114.0)), foreign=(replace(foreign, sent=113.9),), views=views)
    assert rules(early) == {"1"}


def test_rule_2_covers_all_actions() -> None:
    wish = {"p": Wish({"name": "p"}, "PAUSED"), "d": Wish(None), "n": Wish({"name": "n", "k": "true"}, "STOPPED")}
    exchanges = (
        SNAPSHOT,
        sent(1, "PUT", "/connectors/p/pause", status=202, worker_status=202),
        sent(2, "DELETE", "/connectors/d", status=204, worker_status=204),
        sent(3, "POST", "/connectors", {"name": "n", "config": {"k": True}, "initial_state": "STOPPED"}),
    )
    entries = (
        {"name": "p", "action": "pause", "actions": ["pause"], "changed": True, "changed_keys": []},
        {"name": "d", "action": "delete", "actions": ["delete"], "changed": True, "changed_keys": []},
        {"name": "n", "action": "create", "actions": ["create"], "changed": True, "changed_keys": ["k"]},
    )
    records = (
        target(10, 110.1, "PAUSED", "p"),
        connector(11, 110.1, None, "d"),
        target(12, 110.1, "", "d"),
        target(13, 110.1, "STOPPED", "n"),
        connector(14, 110.2, {"name": "n", "k": "true"}, "n"),
    )
    previous = (connector(1, 10, {"name": "p"}, "p"), connector(2, 10, {"name": "d"}, "d"))
    views = {
        "w1": {"p": View({"name": "p"}, "PAUSED", ("PAUSED",)), "n": View({"name": "n", "k": "true"}, "STOPPED", ())}
    }
    evidence = of(
        wishes=wish, exchanges=exchanges, result=result(*entries), records=records, previous=previous, views=views
    )
    assert check(evidence) == []


@pytest.mark.parametrize(
    ("evidence", "words"),
    [
        (of(exchanges=(SNAPSHOT, PUT, sent(2, "DELETE", "/connectors/other"))), "outside its desired set"),
        (of(records=(WRITTEN, connector(11, 111, None, "other"))), "no request explains record 11"),
        (
            of(
                exchanges=(SNAPSHOT, PUT, sent(2, "DELETE", "/connectors/other")),
                purges=frozenset({"other"}),
                protected=frozenset({"other"}),
            ),
            "which is protected",
        ),
        (
            of(
                exchanges=(SNAPSHOT, sent(2, "DELETE", "/connectors/other")),
                purges=frozenset({"other"}),
                records=(),
                result=result(failed(), failed=True, msg="no"),
            ),
            "although a had failed",
        ),
    ],
)
def test_rule_3_finds_writes_outside_the_desired_set(evidence: Evidence, words: str) -> None:
    found = check(evidence)
    assert any(one.startswith("3: ") and words in one for one in found), found


def purged_despite_drift(foreign_at: float) -> list[str]:
    """A run with a snapshot at 101 s and a purge at 110 s, which reports a concurrent change."""
    purge = sent(2, "DELETE", "/connectors/other", at=110)
    theirs = {**NEW, "k": "3"}
    reported = failed(
        error_kind="drift", error='connector "a": another user or run changed k', outcome="done", changed=True
    )
    evidence = of(
        exchanges=(PUT_EARLY, snapshot_at(theirs if foreign_at < 101 else NEW, 0, 101), purge),
        purges=frozenset({"other"}),
        records=(connector(10, 100.6, NEW), connector(11, foreign_at, theirs), connector(12, 110.05, None, "other")),
        foreign=(sent(0, "PUT", "/connectors/a/config", theirs, at=foreign_at - 0.1),),
        result=result(reported, failed=True, msg="no"),
        returncode=2,
    )
    return [found for found in check(evidence) if "had failed" in found]


PUT_EARLY = sent(1, "PUT", "/connectors/a/config", NEW, at=100.5)


def test_rule_3_considers_only_changes_visible_before_the_purge() -> None:
    assert purged_despite_drift(foreign_at=100.9)
    assert not purged_despite_drift(foreign_at=112.0)


AGAIN = replace(PUT, number=2, sent=111.0, ended=111.1)
DROPPED = replace(PUT, status=0)
RESTART = sent(1, "POST", "/connectors/a/restart?includeTasks=true", status=202, worker_status=202)


@pytest.mark.parametrize(
    ("exchanges", "lawful"),
    [
        ((SNAPSHOT, PUT, AGAIN), False),
        ((SNAPSHOT, DROPPED, AGAIN), True),
        ((SNAPSHOT, replace(PUT, status=409), AGAIN), True),
        ((SNAPSHOT, PUT, RESTART, replace(RESTART, number=2, sent=112.0)), False),
        ((SNAPSHOT, PUT, replace(RESTART, status=0), replace(RESTART, number=2, sent=112.0)), False),
        ((SNAPSHOT, PUT, replace(RESTART, status=409), replace(RESTART, number=2, sent=112.0)), True),
        ((SNAPSHOT, PUT, RESTART), True),
    ],
)
def test_rule_4_distinguishes_allowed_repetitions(exchanges: tuple[Exchange, ...], lawful: bool) -> None:
    records = (WRITTEN, connector(11, 111.05, NEW))
    assert ("4" in rules(of(exchanges=exchanges, records=records))) is not lawful


def test_rule_4_allows_a_run_to_repeat_a_write_that_another_user_overwrote() -> None:
    foreign = sent(0, "PUT", "/connectors/a/config", OLD, at=110.5)
    records = (WRITTEN, connector(11, 110.6, OLD), connector(12, 111.05, NEW))
    assert "4" not in rules(of(exchanges=(SNAPSHOT, PUT, AGAIN), records=records, foreign=(foreign,)))


def test_rule_4_finds_another_write_after_an_unknown_one() -> None:
    other = sent(2, "PUT", "/connectors/a/config", OLD, at=112)
    reported = result(failed(outcome="unknown", changed=True), failed=True, msg="no")
    evidence = of(exchanges=(SNAPSHOT, DROPPED, other), result=reported, returncode=2)
    assert any("does not know the outcome for a" in one for one in check(evidence))
    assert rules(of(exchanges=(SNAPSHOT, DROPPED, replace(AGAIN, status=0)), result=reported, returncode=2)) == set()


def test_rule_4_finds_a_write_after_an_interrupt() -> None:
    assert rules(of(signaled=105.0, result=None)) == {"4"}
    assert rules(of(signaled=110.0, result=None)) == set()


@pytest.mark.parametrize(
    "evidence",
    [
        of(run_timeout=18.0),
        of(result=result(UPDATED, run={"conflicts_waited": 12.0}), conflict_timeout=10.0),
        of(result=None),
        of(output="Traceback (most recent call last):\n"),
        of(output=f"key: {SECRET}"),
        of(returncode=2),
    ],
)
def test_rule_5_finds_overtime_tracebacks_and_secrets(evidence: Evidence) -> None:
    assert "5" in rules(evidence)


SECOND = Evidence(
    runs=(
        replace(RUN, name="the second run", result=result(UNCHANGED), exchanges=(SNAPSHOT,), started=200, ended=201),
    ),
    previous=(*BEFORE, WRITTEN),
    records=(),
    views=SHOWN,
)


def test_rule_6_accepts_a_second_run_without_changes() -> None:
    assert check(LAWFUL, SECOND) == []


def test_rule_6_finds_a_second_change() -> None:
    exchanges = (SNAPSHOT, replace(PUT, sent=200.2, ended=200.3))
    restless = replace(SECOND.runs[0], result=result(UPDATED), exchanges=exchanges)
    again = replace(SECOND, runs=(restless,), records=(connector(12, 200.25, NEW),))
    assert "6" in rules(LAWFUL, again)


def test_rule_6_lets_the_second_run_finish_the_work() -> None:
    killed = of(
        result=None, signaled=105.0, exchanges=(SNAPSHOT,), records=(), views={"w1": {"a": View(OLD, "RUNNING", ())}}
    )
    exchanges = (SNAPSHOT, replace(PUT, sent=200.2, ended=200.3))
    finishing = replace(SECOND.runs[0], result=result(UPDATED), exchanges=exchanges)
    done = replace(SECOND, runs=(finishing,), previous=BEFORE, records=(connector(12, 200.25, NEW),))
    assert check(killed, done) == []


def test_rule_6_finds_work_that_is_never_finished() -> None:
    reported = result(failed(), failed=True, msg="no")
    again = replace(SECOND, runs=(replace(SECOND.runs[0], result=reported, returncode=2),), previous=BEFORE)
    assert rules(failure(), again) == {"6"}
    assert rules(replace(failure(), hopeless=frozenset({"a"})), again) == set()
    left = result(failed(error_kind="not_begun"), failed=True, msg="no")
    behind = replace(again, runs=(replace(again.runs[0], result=left),))
    assert rules(replace(failure(), hopeless=frozenset({"b"})), behind) == set()
    assert rules(failure(), behind) == {"6"}


def test_the_timeline_of_a_violation_is_chronological() -> None:
    evidence = of(result=result(UNCHANGED, run={"timeline": [{"seconds": 0.5, "text": "hello"}]}))
    lines = story(evidence, check(evidence))
    assert [line.split(maxsplit=1) for line in lines] == [
        ["0.00", "the run begins"],
        ["0.50", "the run notes: hello"],
        ["1.00", "the run: GET /connectors?expand=info&expand=status to worker 1: 200 after 0.10 s"],
        ["10.00", "the run: PUT /connectors/a/config to worker 1: 200 after 0.10 s"],
        ["10.05", "record 10: connector a batch.size=None"],
        ["20.00", "the run ends: exit code 0"],
        ["20.00", "the run reports a: nothing"],
    ]


def test_configs_are_compared_as_connect_stores_them() -> None:
    assert as_stored("a", {"n": 1, "b": True, "t": "x"}) == {"name": "a", "n": "1", "b": "true", "t": "x"}


KINDS: tuple[Kind, ...] = ("task", "commit", "task-count", "other")


@pytest.mark.parametrize("kind", KINDS)
def test_records_of_the_cluster_itself_need_no_request(kind: Kind) -> None:
    assert check(of(records=(WRITTEN, Record(11, 111, kind, "other", 0, {"properties": {}})))) == []
