# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the answers of schema registries mean for a cluster."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.errors import RequestError
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.health.health_findings import (
    find_health_problems,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.health.model import (
    HealthFinding,
    HealthLimits,
    HealthSnapshot,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.model import Connector, Task
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.registry.converters import RegistryUse
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.registry.facts import RegistryFacts
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.registry.subjects import Subject, Version

URL = "http://registry:8081"
UNREACHABLE = """org.apache.kafka.connect.errors.DataException: Failed to serialize Avro data from topic orders :
Caused by: org.apache.kafka.common.errors.SerializationException: Error registering Avro schema{"type":"long"}
Caused by: java.net.ConnectException: Connection refused
	at io.confluent.kafka.schemaregistry.client.rest.RestService.sendHttpRequest(RestService.java:294)
"""
OF_APICURIO = """org.apache.kafka.connect.errors.ConnectException: Tolerance exceeded in error handler
	at org.apache.kafka.connect.runtime.errors.RetryWithToleranceOperator.execute(RetryWithToleranceOperator.java:179)
Caused by: io.apicurio.registry.rest.client.exception.RestClientException
	at io.apicurio.registry.rest.client.impl.ErrorHandler.parseError(ErrorHandler.java:95)
	at io.apicurio.rest.client.JdkHttpClient.sendRequest(JdkHttpClient.java:207)
"""
INCOMPATIBLE = """org.apache.kafka.connect.errors.DataException: Failed to serialize Avro data from topic orders :
Caused by: io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException: Schema being registered is incompatible with an earlier schema; error code: 409
"""


def failed(trace: str, name: str = "orders") -> Connector:
    task = Task(0, "FAILED", "w:8083", trace)
    return Connector(name, {"name": name}, "source", "RUNNING", "w:8083", "", (0,), (task,))


def running(name: str = "orders") -> Connector:
    return Connector(name, {"name": name}, "source", "RUNNING", "w:8083", "", (0,), (Task(0, "RUNNING", "w:8083"),))


def refusal(kind: str = "connection_refused", reason: str = "connection refused", status: int = 0) -> RequestError:
    return RequestError(f"schema registry {URL}: {reason}", reason=reason, kind=kind, http_status=status)


def registry(*names: str, strategy: str = "", **more: Any) -> RegistryFacts:
    uses = tuple(RegistryUse(name, "value", (URL,), strategy=strategy) for name in names or ("orders",))
    return RegistryFacts((URL,), uses, **more)


def findings(facts: RegistryFacts, *stored: Connector) -> dict[str, HealthFinding]:
    snapshot = HealthSnapshot({one.name: one for one in stored}, registries=(facts,))
    found = find_health_problems(snapshot, HealthLimits(checks=frozenset()))
    return {one.kind: one for one in found if one.kind != "group_not_asked"}


def test_a_registry_without_a_problem_is_no_finding() -> None:
    assert findings(registry(), running()) == {}


def test_a_registry_that_is_down_is_a_warning_as_long_as_tasks_run() -> None:
    found = findings(registry("orders", "payments", problem=refusal()), running(), running("payments"))
    (warning,) = found.values()
    assert (warning.kind, warning.severity, warning.subject) == ("registry_unreachable", "warning", URL)
    assert warning.message == (
        f'schema registry {URL} can\'t be used: connection refused; 2 connectors use it ("orders", "payments")'
    )
    assert "delegate_to" in warning.advice


@pytest.mark.parametrize("trace", [UNREACHABLE, OF_APICURIO])
def test_it_is_the_cause_of_tasks_that_failed_for_it(trace: str) -> None:
    found = findings(registry(problem=refusal()), failed(trace))
    cause = found["registry_unreachable"]
    assert (cause.severity, found["failed_tasks"].caused_by) == ("error", (cause.id,))
    assert "connector_state" in cause.advice


def test_it_is_not_the_cause_of_other_failures() -> None:
    found = findings(registry(problem=refusal()), failed(INCOMPATIBLE))
    assert (found["registry_unreachable"].severity, found["failed_tasks"].caused_by) == ("warning", ())
    other = findings(registry("payments", problem=refusal()), failed(UNREACHABLE), running("payments"))
    assert other["failed_tasks"].caused_by == ()


@pytest.mark.parametrize(
    ("login", "words"),
    [("", "requires a login, which only the workers know"), ("options", "refuses the login of the option")],
)
def test_a_login_that_the_task_lacks_is_not_called_unreachable(login: str, words: str) -> None:
    problem = refusal("authentication_failed", "HTTP 401: Unauthorized", 401)
    found = findings(registry(problem=problem, login=login), running())
    assert (list(found), found["registry_not_asked"].severity) == (["registry_not_asked"], "info")
    assert words in found["registry_not_asked"].message
    assert "(HTTP 401)" in found["registry_not_asked"].message


def test_a_login_of_a_connector_that_is_refused_is_a_problem_of_the_connector() -> None:
    problem = refusal("authentication_failed", "HTTP 401: Unauthorized", 401)
    found = findings(registry(problem=problem, login="configuration"), running())
    assert "correct the login of the converters" in found["registry_unreachable"].advice


def test_a_rejected_schema_has_its_subject_level_and_newest_versions() -> None:
    newest = (Version(3, 103, "AVRO", "{}"), Version(2, 102, "AVRO", "{}"))
    subjects = {"orders-value": Subject("orders-value", (1, 2, 3), "BACKWARD", False, newest)}
    found = findings(registry(subjects=subjects), failed(INCOMPATIBLE))
    cause = found["schema_incompatible"]
    assert (cause.severity, cause.subject, found["failed_tasks"].caused_by) == ("error", "orders", (cause.id,))
    assert cause.message == (
        f'schema registry {URL} rejects a new schema of "orders": subject orders-value has compatibility BACKWARD and 3 versions, '
        "newest 3 (id 103), 2 (id 102)"
    )


@pytest.mark.parametrize(
    ("strategy", "words"),
    [
        ("RecordNameStrategy", "its subjects are not determined (strategy of the value: RecordNameStrategy)"),
        ("", "its subjects are not determined, because its topics are not known"),
    ],
)
def test_unknown_subjects_are_said_to_be_unknown(strategy: str, words: str) -> None:
    found = findings(registry(strategy=strategy), failed(INCOMPATIBLE))
    assert found["schema_incompatible"].message.endswith(words)


def test_a_connector_that_runs_is_not_said_to_be_rejected() -> None:
    subjects = {"orders-value": Subject("orders-value", (1,), "BACKWARD")}
    assert findings(registry(subjects=subjects), running()) == {}
