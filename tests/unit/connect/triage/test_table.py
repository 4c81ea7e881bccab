# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import re

import pytest

from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.triage.diagnosis import (
    UNKNOWN,
    advice,
    diagnose,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.triage.exceptions import (
    JavaException,
    codes_of,
    exceptions_of,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.triage.signs import Cause, cause, sign
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.triage.table import (
    GENERAL,
    LAST,
    SPECIFIC,
)
from testing.sandbox.environment import CHECKOUT

ROWS = [*SPECIFIC, *GENERAL, *LAST]
MODULES = {file.stem for file in (CHECKOUT / "plugins" / "modules").glob("*.py")}


def test_each_kind_has_one_advice_and_one_transience() -> None:
    found: dict[str, set[tuple[str, str]]] = {}
    for row in ROWS:
        found.setdefault(row.kind, set()).add((row.advice, row.transience))
    assert {kind: rows for kind, rows in found.items() if len(rows) > 1} == {}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.kind)
def test_an_advice_is_one_line_and_names_modules_that_exist(row: Cause) -> None:
    assert re.fullmatch(r"[^\n]{20,300}", row.advice)
    assert not row.advice.endswith(".")
    named = set(re.findall(r"\b(?:connector|cluster|plugin|worker)_[a-z]+\b", row.advice)) - {"worker_environment"}
    assert named <= MODULES


@pytest.mark.parametrize("row", [row for row in ROWS if row.transience == "permanent"], ids=lambda row: row.kind)
def test_no_permanent_cause_is_to_be_restarted_at_once(row: Cause) -> None:
    assert not row.advice.startswith("restart with connector_state")


def test_a_sign_needs_a_condition() -> None:
    with pytest.raises(ValueError, match="every exception"):
        sign()


def test_all_conditions_of_a_sign_must_hold() -> None:
    row = cause("x", "unknown", "y", sign(types="AnException", codes="http:5*", says=["first … second"], at=["a.B."]))
    fitting = JavaException("AnException", "First and SECOND (Status Code: 503)", "\tat a.B.c(B.java:1)")
    assert row.fits(fitting)
    for other in (
        JavaException("AnotherException", fitting.message, fitting.frames),
        JavaException(fitting.type, "first and second (Status Code: 404)", fitting.frames),
        JavaException(fitting.type, "second, then first (Status Code: 503)", fitting.frames),
        JavaException(fitting.type, fitting.message, "\tat a.C.c(C.java:1)"),
    ):
        assert not row.fits(other)


@pytest.mark.parametrize(
    ("message", "codes"),
    [
        ("x (sql state: 23505)", {"sqlstate:23505"}),
        ("x Error code: 1236; SQLSTATE: HY000.", {"error:1236", "sqlstate:HY000"}),
        ("ORA-00604: x\nORA-01555: y", {"ora:00604", "ora:01555"}),
        ("x (Service: S3, Status Code: 403, Request ID: 7)", {"http:403"}),
        ("429 Too Many Requests", {"http:429"}),
        ("UNAVAILABLE: io exception", {"grpc:UNAVAILABLE"}),
        ("Command failed with error 286 (ChangeStreamHistoryLost): 'x'", {"mongo:286"}),
        ("DB2 SQL Error: SQLCODE=-803, SQLSTATE=23505, SQLERRMC=1", {"sqlcode:-803", "sqlstate:23505"}),
        ("Order 401 of 403 customers in 2026", set()),
    ],
)
def test_codes_are_read_where_a_word_gives_them_a_meaning(message: str, codes: set[str]) -> None:
    assert codes_of(message) == codes


def test_the_values_of_a_statement_count_for_nothing() -> None:
    (found,) = exceptions_of("a.BatchUpdateException: INSERT INTO t VALUES ('deadlock detected') was aborted: ERROR: x")
    assert found.message == "ERROR: x"


@pytest.mark.parametrize(
    "text", ["", "\n", "no stack trace at all", "java.lang.NullPointerException", "x.y.AnException: too bad"]
)
def test_an_unknown_cause_stays_unknown(text: str) -> None:
    assert diagnose(text) == UNKNOWN
    assert advice(text) == ""


def test_the_innermost_exception_that_a_specific_row_names_decides() -> None:
    found = diagnose(
        "com.mysql.cj.exceptions.CJCommunicationsException: Communications link failure\n\tat a.B.c(B.java:1)\n"
        "Caused by: javax.net.ssl.SSLHandshakeException: PKIX path building failed\n\tat a.B.c(B.java:2)\n"
    )
    assert (found.kind, found.transience) == ("certificate_refused", "permanent")


def test_a_refused_connection_is_named_after_the_system_that_an_outer_exception_names() -> None:
    found = diagnose(
        "com.mysql.cj.exceptions.CJCommunicationsException: Communications link failure\n\tat a.B.c(B.java:1)\n"
        "Caused by: java.net.ConnectException: Connection refused\n\tat a.B.c(B.java:2)\n"
    )
    assert (found.kind, found.transience) == ("database_unreachable", "transient")
