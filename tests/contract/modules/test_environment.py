# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Options from the environment of the task, the play and the process (as AWX injects them), in both run modes."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from testing.ansible_runs import Interpreter, PlaybookRun, play, run_playbook, task
from testing.fake_connect import FakeCluster

HOSTS = ("here", "there")
USER, PASSWORD = "platform", "env-canary-5f1c"


@pytest.fixture(scope="module")
def hosts(other: Interpreter) -> dict[str, dict[str, Any]]:
    """One host whose tasks run in-process, one whose tasks run as modules."""
    return {
        "here": {"ansible_python_interpreter": "{{ ansible_playbook_python }}"},
        "there": {"ansible_python_interpreter": str(other.python)},
    }


@pytest.fixture(scope="module")
def clusters(fakes: Callable[[], FakeCluster]) -> dict[str, FakeCluster]:
    """Four clusters that a task may reach, each with a connector whose name identifies the cluster."""
    made = {}
    for name in ("process", "play", "task", "option"):
        made[name] = fakes()
        made[name].connectors.put(f"of-{name}", {"connector.class": "FileStreamSource", "topic": "t", "file": "/x"})
    return made


@pytest.fixture(scope="module")
def run(
    tmp_path_factory: pytest.TempPathFactory,
    hosts: dict[str, dict[str, Any]],
    clusters: dict[str, FakeCluster],
    controller: Interpreter,
) -> PlaybookRun:
    def url(name: str) -> dict[str, str]:
        return {"KAFKA_CONNECT_URL": clusters[name].urls[0]}

    wrong_id = {"KAFKA_CONNECT_KAFKA_CLUSTER_ID": "ItIsAnother"}
    group = "group/streamops.kafka_connect.kafka_connect"
    option = {"url": clusters["option"].urls}
    plays = [
        play(
            [
                task("connector_info", "process", {}),
                task("connector_info", "task", {}, environment=url("task")),
                task(
                    "connector_info",
                    "templated",
                    {},
                    environment={"KAFKA_CONNECT_URL": "{{ requested_url }}"},
                    vars={"requested_url": clusters["task"].urls[0]},
                ),
                task(
                    "connector_info",
                    "variable",
                    {},
                    environment="{{ requested_url }}",
                    vars={"requested_url": url("task")},
                ),
                task("connector_info", "option", option, environment=url("task")),
                task("connector_info", "wrong cluster", {}, environment=wrong_id),
                task("connector_info", "module_defaults", {}, module_defaults={group: option}),
                task(
                    "connector_info",
                    "option over module_defaults",
                    {"url": clusters["task"].urls},
                    module_defaults={group: option},
                ),
                task(
                    "connector_info",
                    "module_defaults of the module",
                    {},
                    module_defaults={
                        group: {"url": "http://127.0.0.1:9"},
                        "streamops.kafka_connect.connector_info": option,
                    },
                ),
            ]
        ),
        play(
            [
                task("connector_info", "play", {}),
                task("connector_info", "task over play", {}, environment=url("task")),
            ],
            environment=url("play"),
        ),
    ]
    return run_playbook(
        plays,
        hosts,
        tmp_path_factory.mktemp("environment"),
        environment={"KAFKA_CONNECT_URL": ", ".join(clusters["process"].urls)},
        python=controller.python,
    )


@pytest.mark.parametrize("host", HOSTS)
@pytest.mark.parametrize(
    ("label", "found"),
    [
        ("process", "of-process"),
        ("task", "of-task"),
        ("templated", "of-task"),
        ("variable", "of-task"),
        ("option", "of-option"),
        ("play", "of-play"),
        ("task over play", "of-task"),
        ("module_defaults", "of-option"),
        ("option over module_defaults", "of-task"),
        ("module_defaults of the module", "of-option"),
    ],
)
def test_the_innermost_environment_wins(run: PlaybookRun, host: str, label: str, found: str) -> None:
    record = run.of(label, host)
    assert record.status == "ok", record.result
    assert [entry["name"] for entry in record.result["connectors"]] == [found]


@pytest.mark.parametrize("host", HOSTS)
def test_the_cluster_id_from_the_environment_is_checked(run: PlaybookRun, host: str) -> None:
    record = run.of("wrong cluster", host)
    assert record.failed
    assert record.result["error"]["kind"] == "wrong_cluster"
    assert "ItIsAnother" in record.message


def test_an_awx_credential_works_on_both_hosts_and_stays_secret(
    tmp_path: Path, hosts: dict[str, dict[str, Any]], controller: Interpreter
) -> None:
    with FakeCluster(credentials=(USER, PASSWORD)) as cluster:
        injected = {
            "KAFKA_CONNECT_URL": ",".join(cluster.urls),
            "KAFKA_CONNECT_USERNAME": USER,
            "KAFKA_CONNECT_PASSWORD": PASSWORD,
            "KAFKA_CONNECT_VALIDATE_CERTS": "false",
        }
        run = run_playbook(
            [play([task("connector_info", "look", {})])],
            hosts,
            tmp_path,
            arguments=["-vvvv"],
            environment=injected,
            python=controller.python,
        )
    for host in HOSTS:
        assert run.of("look", host).status == "ok", run.output
    assert PASSWORD not in run.output
    assert PASSWORD not in json.dumps([record.result for record in run.records])


@pytest.mark.parametrize("name", ["KAFKA_CONNECT_VALIDATE_CERTS"])
def test_an_invalid_environment_variable_is_named_in_the_error(
    tmp_path: Path, hosts: dict[str, dict[str, Any]], controller: Interpreter, name: str
) -> None:
    run = run_playbook(
        [play([task("connector_info", "look", {"url": "http://127.0.0.1:9"})])],
        hosts,
        tmp_path,
        environment={name: "perhaps"},
        python=controller.python,
    )
    for host in HOSTS:
        record = run.of("look", host)
        assert record.failed
        assert "validate_certs" in record.message
        assert "perhaps" in record.message
