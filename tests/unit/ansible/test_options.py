# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""From validated parameters to the options of the engine."""

from __future__ import annotations

from typing import Any

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible.apply_options import run_options
from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible.arguments import Specification
from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible.desired_options import (
    checks_of,
    desired_of,
    single_connector,
    to_entry,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible.invocation import Invocation
from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible.operations.connector import CONNECTOR
from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible.operations.connector_state import (
    CONNECTOR_STATE,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible.operations.connectors import CONNECTORS
from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible.options import (
    connection_of,
    run_of,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.errors import InputError
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.model import Absent, Present
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.run import Event
from tests.specifications import SPECIFICATIONS

URL = "http://w1:8083"


def checked(specification: Specification, **given: Any) -> dict[str, Any]:
    """The parameters as Ansible hands them over: defaults filled in, types coerced."""
    validator = ArgumentSpecValidator(specification.arguments, **specification.checks)
    result = validator.validate({"url": URL, **given})
    assert result.error_messages == []
    return dict(result.validated_parameters)


def connector(**given: Any) -> dict[str, Any]:
    return checked(CONNECTOR, name="orders", config={}, **given)


def complaints(specification: Specification, **given: Any) -> str:
    validator = ArgumentSpecValidator(specification.arguments, **specification.checks)
    return "; ".join(validator.validate({"url": URL, **given}).error_messages)


# The connection


def test_a_single_url_is_a_list_of_one_and_url_lists_are_normalized() -> None:
    assert connection_of(connector()).urls == (URL,)
    given = connector(url=[f"{URL}/", " http://w2:8083 ", URL, ""])
    assert connection_of(given).urls == (URL, "http://w2:8083")
    assert connection_of(connector(url=f"{URL},http://w2:8083")).urls == (URL, "http://w2:8083")


def test_a_connection_has_the_documented_defaults() -> None:
    connection = connection_of(connector())
    assert (connection.connect_timeout, connection.read_timeout, connection.request_timeout) == (5.0, 15.0, 100.0)
    assert connection.validate_certs
    assert connection.use_proxy
    assert connection.headers == ()
    assert connection.max_response_size == 268435456
    assert not connection_of(connector(validate_certs=False)).validate_certs


def test_headers_are_strings() -> None:
    assert connection_of(connector(headers={"X-Tenant": 7})).headers == (("X-Tenant", "7"),)


def test_two_authentication_methods_are_rejected() -> None:
    with pytest.raises(InputError, match="token and url_username are both given"):
        connection_of(connector(token="t0ken", url_username="u"))


@pytest.mark.parametrize("size", [0, -1])
def test_a_limit_of_zero_bytes_is_rejected(size: int) -> None:
    with pytest.raises(InputError, match=f"max_response_size is {size}: give a positive number of bytes"):
        connection_of(connector(max_response_size=size))


@pytest.mark.parametrize("option", ["connect_timeout", "read_timeout", "request_timeout"])
def test_times_must_be_positive(option: str) -> None:
    with pytest.raises(InputError, match=f"{option} is 0: give a positive number of seconds"):
        connection_of(connector(**{option: 0}))


def test_the_time_limits_of_a_run_and_its_progress_are_read() -> None:
    reported: list[Event] = []
    run = run_of(connector(run_timeout=60), reported.append)
    run.event("x")
    assert (run.run_timeout, run.conflict_timeout, len(reported)) == (60.0, 300.0, 1)
    assert run_of(connector(), None).run_timeout is None
    run_of(connector(progress=False), reported.append).event("y")
    assert len(reported) == 1, "progress: false silences it"


# The desired set


def test_the_parameters_of_a_single_connector_are_read() -> None:
    given = checked(CONNECTOR, name="orders", config={"tasks.max": 2}, state="paused", initial_state="stopped")
    assert single_connector(given) == [
        {"name": "orders", "config": {"tasks.max": 2}, "state": "paused", "initial_state": "stopped"}
    ]
    assert desired_of(Invocation(given)) == (
        Present("orders", {"name": "orders", "tasks.max": "2"}, "paused", "stopped"),
    )
    assert desired_of(Invocation(checked(CONNECTOR, name="orders", state="absent"))) == (Absent("orders"),)


def test_a_desired_set_resolved_on_the_controller_is_used_unchanged() -> None:
    desired = (Absent("orders"),)
    assert desired_of(Invocation(checked(CONNECTORS), desired=desired)) is desired


@pytest.mark.parametrize(
    "item",
    [
        Absent("orders"),
        Present("orders", {"name": "orders", "a": "1"}),
        Present("orders", {"name": "orders", "a": "1"}, "stopped", "paused", ("driver.*",)),
    ],
)
def test_options_sent_to_another_host_arrive_unchanged(item: Absent | Present) -> None:
    assert desired_of(Invocation(checked(CONNECTORS, connectors=[to_entry(item)]))) == (item,)


# What governs a run


def test_a_run_has_the_documented_defaults() -> None:
    options = run_options(Invocation(connector(), check_mode=True))
    assert options.check_mode
    assert (options.wait_timeout, options.stable_for, options.report_path) == (300.0, 10.0, "")
    assert (options.apply.wait, options.apply.max_parallel, options.apply.batches) == (True, 8, ())
    assert (options.apply.continue_on_error, options.apply.on_failure, options.apply.backup_dir) == (False, "keep", "")
    assert (options.rules.restart_failed, options.rules.update_secrets, options.rules.purge) == (True, False, None)
    assert not options.rules.protected("orders")


def test_every_module_that_changes_something_has_options_for_it() -> None:
    run_options(Invocation(checked(CONNECTORS), check_mode=False))
    run_options(Invocation(checked(CONNECTOR_STATE, name="orders", state="paused"), check_mode=False))


def test_purge_and_protected_are_patterns() -> None:
    given = checked(
        CONNECTORS, purge=True, purge_match=["orders-*"], purge_limit=2, protected=["~.*-keep$"], batches=[1, "25%"]
    )
    options = run_options(Invocation(given, check_mode=False))
    assert options.rules.purge is not None
    assert options.rules.purge.owned("orders-1")
    assert not options.rules.purge.owned("other")
    assert options.rules.purge.limit == 2
    assert options.rules.protected("orders-keep")
    assert options.apply.batches == ("1", "25%")


def test_an_invalid_pattern_is_reported() -> None:
    with pytest.raises(InputError, match="is not a regular expression"):
        run_options(Invocation(checked(CONNECTORS, protected=["~("]), check_mode=False))


def test_a_parallelism_of_zero_is_rejected() -> None:
    with pytest.raises(InputError, match="max_parallel is 0: give at least 1"):
        run_options(Invocation(connector(max_parallel=0), check_mode=False))


def test_check_options_are_read() -> None:
    checks = checks_of(connector(validate="strict", known_keys=["driver.*"], warn_literal_secrets=False))
    assert (checks.validate, checks.known_keys, checks.warn_literal_secrets) == ("strict", ("driver.*",), False)


# What Ansible checks itself


def test_options_that_require_each_other_are_checked() -> None:
    assert "config" in complaints(CONNECTOR, name="orders")
    assert complaints(CONNECTOR, name="orders", state="absent") == ""
    assert "purge_match" in complaints(CONNECTORS, purge=True)
    assert "state" in complaints(CONNECTOR_STATE, name="orders")


@pytest.mark.parametrize("name", sorted(name for name, entry in SPECIFICATIONS.items() if "url" in entry.arguments))
def test_every_module_hides_the_secrets_of_the_connection(name: str) -> None:
    arguments = SPECIFICATIONS[name].arguments
    assert all(
        arguments[option].get("no_log") is True
        for option in ("url_password", "token", "headers")
        if option in arguments
    )
    assert arguments["url_password"]["no_log"] is True
    assert SPECIFICATIONS[name].name == name
