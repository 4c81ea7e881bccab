# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which parts of the role worker have something to do, and what no part can solve."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ansible_collections.streamops.kafka_connect.plugins.filter.worker_parts import FilterModule
from ansible_collections.streamops.kafka_connect.plugins.plugin_utils.worker_parts import (
    heap_bytes,
    is_selected,
    worker_parts,
)

GB = 1 << 30
WANTED: dict[str, Any] = {
    "entry_point": "main",
    "host": "connect-3",
    "check_mode": False,
    "part_files": {
        "user_and_directories": ["/etc/kafka-connect"],
        "install_kafka": ["/opt/kafka-connect/versions/b"],
        "switch_version": ["/opt/kafka-connect/current"],
        "write_configuration": ["/etc/kafka-connect/environment"],
        "set_up_service": ["/etc/systemd/system/kafka-connect.service"],
    },
    "service": "kafka-connect",
    "state": "started",
    "enabled": True,
    "port": "8083",
    "archive_bytes": 130 << 20,
    "install_dir": "/opt/kafka-connect",
    "version_id": "b",
    "keep_versions": "2",
    "kafka_version": "4.3.1",
    "java_package": "openjdk-17-jre-headless",
    "java_versions": [17, 21, 25],
    "user": "kafka-connect",
    "group": "kafka-connect",
    "user_create": True,
    "home": "/nonexistent",
    "shell": "/usr/sbin/nologin",
    "heap_options": "-Xms256M -Xmx2G",
    "copied_files": [],
    "has_overrides": False,
    "firewalld_zone": "",
    "controller_has_archive": False,
}
FOUND: dict[str, Any] = {
    "service": {"load_state": "loaded", "active_state": "active", "unit_file_state": "enabled", "needs_reload": False},
    "port_owners": [{"pid": 7, "command": "java", "own": True}],
    "memory_bytes": 4 * GB,
    "free_bytes": {"/opt/kafka-connect": GB},
    "java": {"path": "/usr/bin/java", "version": 17},
    "packages": ["openjdk-17-jre-headless"],
    "user": {"exists": True, "group": "kafka-connect", "home": "/nonexistent", "shell": "/usr/sbin/nologin"},
    "group": {"exists": True},
    "files": [{"path": path, "differs": []} for paths in WANTED["part_files"].values() for path in paths],
    "versions": ["b", "a"],
    "previous_version": "",
    "startup": {"running_version": "b", "restart_reasons": []},
    "task_tags": [],
}
STOPPED = {"service": {**FOUND["service"], "active_state": "inactive"}}


def parts(found: dict[str, Any], **wanted: Any) -> list[str]:
    return list(worker_parts({**FOUND, **found}, {**WANTED, **wanted})["parts"])


def problems(found: dict[str, Any], **wanted: Any) -> list[str]:
    decided = worker_parts({**FOUND, **found}, {**WANTED, **wanted})
    assert bool(decided["problems"]) is (decided["parts"] == ["report_problems"])
    return list(decided["problems"])


def differing(path: str, *names: str) -> dict[str, Any]:
    return {"files": [{"path": path, "differs": list(names or ("content",))}]}


def service(**changed: Any) -> dict[str, Any]:
    return {"service": {**FOUND["service"], **changed}}


def test_on_a_host_in_the_desired_state_only_the_health_check_is_left() -> None:
    assert parts({}) == ["start_and_wait"]
    assert parts({}, state="present") == []


@pytest.mark.parametrize(
    ("found", "part"),
    [
        ({"packages": []}, "prepare_java"),
        ({"java": {"path": "/usr/bin/java", "version": 0}}, "prepare_java"),
        ({"java": {"path": "/usr/bin/java", "version": 11}}, "prepare_java"),
        ({"user": {"exists": False}}, "user_and_directories"),
        ({"group": {"exists": False}}, "user_and_directories"),
        ({"user": {**FOUND["user"], "group": "users"}}, "user_and_directories"),
        (differing("/etc/kafka-connect", "mode"), "user_and_directories"),
        (differing("/opt/kafka-connect/versions/b", "state"), "install_kafka"),
        (differing("/opt/kafka-connect/current", "target"), "switch_version"),
        (differing("/etc/kafka-connect/environment"), "write_configuration"),
        (differing("/etc/systemd/system/kafka-connect.service"), "set_up_service"),
        (service(needs_reload=True), "set_up_service"),
        (service(load_state="not-found"), "set_up_service"),
        (service(unit_file_state="disabled"), "set_up_service"),
        ({"versions": ["b", "c", "d"]}, "prune_versions"),
    ],
)
def test_a_part_with_something_to_do_runs_with_its_reason(found: dict[str, Any], part: str) -> None:
    decided = worker_parts({**FOUND, **found}, WANTED)
    assert decided["parts"] == [name for name in decided["parts"] if name in (part, "start_and_wait", "restart_needed")]
    assert len(decided["parts"]) == 3
    assert decided["reasons"][part]
    assert decided["parts"][-1] == "restart_needed"


def test_versions_that_are_in_use_are_kept() -> None:
    found = {"versions": ["b", "c", "d", "e"], "previous_version": "d", "startup": {"running_version": "e"}}
    assert parts(found, keep_versions=2) == ["start_and_wait"]
    assert parts(found, keep_versions=1) == ["prune_versions", "start_and_wait", "restart_needed"]
    assert parts({"versions": ["x", "y", "z"]}, version_id="") == ["start_and_wait"]


def test_each_entry_point_has_its_parts() -> None:
    found = {"packages": [], **differing("/etc/kafka-connect/environment")}
    assert parts(found, entry_point="stage") == ["prepare_java"]
    assert parts(found, entry_point="activate") == ["write_configuration", "start_and_wait", "restart_needed"]


def test_a_pending_restart_is_reported_as_a_prediction_where_nothing_is_written() -> None:
    found = {"startup": {"restart_reasons": ["installation"]}}
    assert parts(found) == ["start_and_wait", "restart_needed"]
    assert parts(found, check_mode=True) == ["start_and_wait", "report_restart"]
    assert parts(found, entry_point="stage") == ["report_restart"]
    assert parts({**found, "packages": []}, check_mode=True) == ["prepare_java", "start_and_wait", "report_restart"]


def test_too_little_space_for_a_version_is_a_problem_with_numbers() -> None:
    found = {**differing("/opt/kafka-connect/versions/b", "state"), "free_bytes": {"/opt/kafka-connect": 40 << 20}}
    line = "connect-3: /opt/kafka-connect has 40 MB free, the version needs 390 MB -> free space there, or set worker_install_dir"
    assert problems(found) == [line]
    assert problems(found, archive_bytes=0) == [line]
    assert problems({"free_bytes": {"/opt/kafka-connect": 0}}) == []


def test_a_heap_that_exceeds_the_memory_is_a_problem_with_numbers() -> None:
    line = (
        "connect-3: the host has 4,096 MB of memory, but KAFKA_HEAP_OPTS allows a heap of 8,192 MB"
        " -> set a smaller -Xmx in worker_environment"
    )
    changed = differing("/etc/kafka-connect/environment")
    assert problems(changed, heap_options="-Xmx8G") == [line]
    # The worker runs with it already.
    assert problems({}, heap_options="-Xmx8G") == []
    assert problems({**changed, "memory_bytes": 0}, heap_options="-Xmx8G") == []


def test_a_port_of_another_process_is_a_problem() -> None:
    taken = {**STOPPED, "port_owners": [{"pid": 812, "command": "nginx", "own": False}]}
    line = "connect-3: port 8083 is in use by nginx (process 812), not by kafka-connect -> stop that process, or set another port in listeners"
    assert problems(taken) == [line]
    assert problems({**STOPPED, "port_owners": [{"pid": 0, "command": "", "own": False}]}) == [
        line.replace("nginx (process 812)", "another process")
    ]
    assert problems(taken, state="present") == []
    assert problems(taken, entry_point="stage") == []
    assert problems(taken, port="") == []
    assert problems({**taken, **service()}) == []


def test_an_old_java_that_the_role_does_not_replace_is_a_problem() -> None:
    found = {"java": {"path": "/opt/java/bin/java", "version": 11}}
    (line,) = problems(found, java_package="")
    assert line.startswith("connect-3: /opt/java/bin/java is Java 11, but Kafka 4.3.1 requires one of 17, 21, 25 -> ")
    assert problems({"java": {"path": "/opt/java/bin/java", "version": 22}}, java_package="") == []


def test_a_missing_user_that_the_role_does_not_create_is_a_problem() -> None:
    found = {"user": {"exists": False}, "group": {"exists": False}}
    lines = problems(found, user_create=False)
    assert [line.partition(" -> ")[0] for line in lines] == [
        "connect-3: user kafka-connect does not exist",
        "connect-3: group kafka-connect does not exist",
    ]


@pytest.mark.parametrize(
    ("options", "expected"),
    [("-Xms256M -Xmx2G", 2 * GB), ("-Xmx1g -Xmx512m", 512 << 20), ("-Xmx1048576k", GB), ("-Xmx100", 100), ("", 0)],
)
def test_the_last_limit_of_the_heap_counts(options: str, expected: int) -> None:
    assert heap_bytes(options) == expected


@pytest.mark.parametrize(
    ("run_tags", "skip_tags", "task_tags", "expected"),
    [
        (["all"], [], [], True),
        ([], [], [], True),
        (["configuration"], [], [], True),
        (["software"], [], [], False),
        (["elsewhere"], [], [], False),
        (["workers"], [], ["workers"], True),
        (["tagged"], [], [], True),
        (["all"], ["configuration"], [], False),
        (["all"], ["workers"], ["workers"], False),
        (["all"], ["tagged"], [], False),
        (["configuration"], ["elsewhere"], [], True),
    ],
)
def test_tags_follow_the_rules_of_ansible(
    run_tags: list[str], skip_tags: list[str], task_tags: list[str], expected: bool
) -> None:
    assert is_selected("configuration", run_tags, skip_tags, task_tags) is expected


def test_user_and_directories_run_with_any_part() -> None:
    assert is_selected("", ["configuration"], [], []) is True
    assert is_selected("", ["elsewhere"], [], []) is False
    assert is_selected("", ["all"], ["configuration"], []) is True


def test_the_filter_measures_the_archive_on_the_controller(tmp_path: Path) -> None:
    archive = tmp_path / "kafka.tgz"
    archive.write_bytes(b"x" * 1000)
    decide = FilterModule().filters()["worker_parts"]
    found = {**FOUND, **differing("/opt/kafka-connect/versions/b", "state"), "free_bytes": {"/opt/kafka-connect": 2000}}
    assert decide(found, {**WANTED, "archive_file": str(archive)})["problems"]
    assert not decide({**found, "free_bytes": {"/opt/kafka-connect": 3000}}, {**WANTED, "archive_file": str(archive)})[
        "problems"
    ]
    assert decide(found, {**WANTED, "archive_file": ""}, ["all"], [])["problems"]


def test_an_archive_is_verified_on_the_controller_before_anything_is_changed() -> None:
    missing = {"files": [{"path": path, "differs": ["state"]} for path in WANTED["part_files"]["install_kafka"]]}
    assert parts(missing, controller_has_archive=True)[:2] == ["check_archive", "install_kafka"]
    assert parts({}, controller_has_archive=True) == ["start_and_wait"]


def test_the_keys_of_overrides_are_checked_before_a_unit_that_differs_is_written() -> None:
    differing = {"files": [{"path": path, "differs": ["content"]} for path in WANTED["part_files"]["set_up_service"]]}
    assert parts(differing, has_overrides=True)[:2] == ["check_override_keys", "set_up_service"]
    assert parts({}, has_overrides=True) == ["start_and_wait"]


def test_files_to_copy_are_compared_by_the_module_that_copies_them() -> None:
    assert parts({}, copied_files=["/etc/kafka-connect/keystore.p12"])[0] == "copy_files"


def test_a_zone_of_firewalld_is_checked_before_the_start_and_needs_no_restart() -> None:
    assert parts({}, firewalld_zone="internal") == ["open_port", "start_and_wait"]
