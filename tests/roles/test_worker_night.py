# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the role worker prepares for a bad night: the unit, the logs, the options of the JVM, copied files. Ansible evaluates it."""

from __future__ import annotations

import grp
import os
import pwd
import sys
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
import yaml

from testing.ansible_runs import PlaybookRun, play, run_playbook, task
from testing.sandbox.environment import CHECKOUT

ROLE = "streamops.kafka_connect.worker"
TEMPLATES = CHECKOUT / "roles" / "worker" / "templates"
WORKER = {
    "worker_home": "/opt/kafka_2.13-4.3.1",
    "worker_properties": {"bootstrap.servers": "kafka-1:9092", "group.id": "connect-orders"},
}
CANARY = "k3pt-in-a-file"
Texts = Mapping[tuple[str, str], str]

HOSTS: dict[str, dict[str, Any]] = {
    "plain": {},
    "elsewhere": {"worker_log_dir": "/srv/log", "worker_log_file_count": 7, "worker_log_max_age": 14},
    "replaced": {"worker_environment": {"KAFKA_CRASH_OPTS": "-XX:+ExitOnOutOfMemoryError"}, "worker_gc_log": True},
    "off": {"worker_environment": {"KAFKA_GC_LOG_OPTS": ""}, "worker_gc_log": True},
    "overridden": {
        "worker_service_overrides": {
            "Unit": {"After": "postgresql.service"},
            "Service": {
                "SystemCallFilter": ["", "@system-service @mount"],
                "PrivateTmp": False,
                "TasksMax": 500,
                "UMask": None,
            },
        }
    },
    "files": {
        "worker_files": [{"content": CANARY, "dest": "/etc/krb5.conf"}],
        "worker_restart_files": ["/etc/jaas.conf", "/etc/krb5.conf"],
    },
    "journal": {"worker_log_to": "journal"},
    "both": {"worker_log_to": "both"},
}
"""The variables of each host; each template is evaluated on all of them, in one run."""

OVERRIDES: dict[str, tuple[Any, str]] = {
    "section": ({"Servce": {"MemoryHigh": "3G"}}, 'section "Servce" is unknown'),
    "text": ({"Service": "MemoryHigh=3G"}, 'section "Service" has no mapping of keys to values'),
    "blank": ({"Service": {"Memory High": "3G"}}, 'key "Memory High" of Service is malformed'),
    "lines": (
        {"Service": {"Environment": "A=1\nExecStart=/bin/sh"}},
        'key "Environment" of Service has a value that is no single line',
    ),
    "mapping": (
        {"Service": {"Environment": {"A": 1}}},
        'key "Environment" of Service has a value that is no single line',
    ),
    "typo": ({"Service": {"MemryHigh": "3G"}}, "systemd on this host does not know MemryHigh of Service"),
    "misplaced": ({"Unit": {"MemoryHigh": "3G"}}, "systemd on this host does not know MemoryHigh of Unit"),
}
UNKNOWN_KEYS = ("typo", "misplaced")
"""What only the systemd of the host can tell."""
VALID_OVERRIDES = {
    "Unit": {"After": "a.service"},
    "Service": {"MemoryHigh": "3G", "Environment": ["A=1", "B=2"], "X-Owner": "team", "SystemCallFilter": ""},
    "Install": {"Alias": "connect.service"},
}
FILES: dict[str, tuple[dict[str, Any], str]] = {
    "neither": ({"dest": "/etc/a"}, "entry 1 (/etc/a): set either src or content"),
    "both": ({"dest": "/etc/a", "src": __file__, "content": CANARY}, "entry 1 (/etc/a): set either src or content"),
    "relative": ({"dest": "a", "content": CANARY}, "entry 1 (a): dest is not the absolute path of a file"),
    "directory": ({"dest": "/etc/", "content": CANARY}, "entry 1 (/etc/): dest is not the absolute path of a file"),
    "missing": ({"dest": "/etc/a", "src": "no.p12"}, "entry 1 (/etc/a): src no.p12 does not exist on the controller"),
    "number": (
        {"dest": "/etc/a", "content": CANARY, "mode": 0o640},
        "entry 1 (/etc/a): mode is not a text of octal digits",
    ),
    "own": ({"dest": "/etc/kafka-connect/environment", "content": CANARY}, "the role writes this file itself"),
}


def role_variables() -> dict[str, Any]:
    own: dict[str, Any] = {}
    for name in ("defaults", "vars"):
        own |= yaml.safe_load((CHECKOUT / "roles" / "worker" / name / "main.yml").read_text(encoding="utf-8"))
    return own | WORKER


@pytest.fixture(scope="module")
def texts(tmp_path_factory: pytest.TempPathFactory) -> Texts:
    """The text of each template on each host."""
    hosts = HOSTS | {f"{host}-3": variables | {"worker_version": "3.9.1"} for host, variables in HOSTS.items()}
    templates = [path.name for path in sorted(TEMPLATES.iterdir())]
    tasks = [
        task(
            "ansible.builtin.debug",
            name,
            {"msg": f"{{{{ lookup('ansible.builtin.template', '{TEMPLATES / name}') }}}}"},
        )
        for name in templates
    ]
    own = role_variables()
    run = run_playbook(
        [play(tasks)], {host: own | more for host, more in hosts.items()}, tmp_path_factory.mktemp("texts")
    )
    assert not any(record.failed for record in run.records), run.output
    return {(host, name): run.of(name, host).result["msg"] for host in hosts for name in templates}


def included(tasks_from: str, hosts: Mapping[str, Mapping[str, Any]], folder: Path, *arguments: str) -> PlaybookRun:
    """A run of a task file of the role, on hosts that are all this machine."""
    tasks = [{"name": "Run the role", "ansible.builtin.include_role": {"name": ROLE, "tasks_from": tasks_from}}]
    here: dict[str, Any] = {**WORKER, "ansible_become": False, "ansible_python_interpreter": sys.executable}
    return run_playbook(
        [play(tasks, ignore_errors=False)],
        {host: {**here, **variables} for host, variables in hosts.items()},
        folder,
        arguments=arguments,
    )


def failures(run: PlaybookRun) -> dict[str, str]:
    return {record.host: record.message for record in run.records if record.failed}


def settings(unit: str) -> list[tuple[str, str]]:
    """The settings of a unit with their sections, in their order: ("Service", "User=kafka-connect")."""
    found: list[tuple[str, str]] = []
    section = ""
    for line in unit.replace("\\\n", "").splitlines():
        if line.startswith("["):
            section = line.strip("[]")
        elif line and not line.startswith("#"):
            found.append((section, line))
    return found


def test_a_jvm_without_memory_dumps_its_heap_into_the_log_directory_and_exits(texts: Texts) -> None:
    lines = texts["elsewhere", "environment.j2"].splitlines()
    options = next(line for line in lines if line.startswith("KAFKA_CRASH_OPTS="))
    assert options == (
        'KAFKA_CRASH_OPTS="-XX:+ExitOnOutOfMemoryError -XX:+HeapDumpOnOutOfMemoryError -XX:HeapDumpPath=/srv/log/heap.hprof '
        '-XX:ErrorFile=/srv/log/hs_err_%p.log"'
    )
    assert not any(line.startswith("KAFKA_GC_LOG_OPTS") for line in lines)


def test_own_options_of_a_user_replace_those_of_the_role_or_come_after_them(texts: Texts) -> None:
    replaced, off = texts["replaced", "environment.j2"], texts["off", "environment.j2"]
    assert 'KAFKA_CRASH_OPTS="-XX:+ExitOnOutOfMemoryError"' in replaced.splitlines()
    assert "-Xlog:gc*:file=/var/log/kafka-connect/gc.log:time,tags:filecount=10,filesize=10M" in replaced
    assert 'KAFKA_GC_LOG_OPTS=""' in off.splitlines()
    unit = settings(texts["plain", "worker.service.j2"])
    start = next(line for _section, line in unit if line.startswith("ExecStart="))
    assert next(word for word in start.split() if word.startswith("$")) == "$KAFKA_CRASH_OPTS"


def test_overrides_follow_the_settings_of_the_role(texts: Texts) -> None:
    before, after = (settings(texts[host, "worker.service.j2"]) for host in ("plain", "overridden"))
    assert [setting for setting in after if setting not in before] == [
        ("Service", "PrivateTmp=false"),
        ("Service", "SystemCallFilter="),
        ("Service", "SystemCallFilter=@system-service @mount"),
        ("Service", "TasksMax=500"),
        ("Service", "UMask="),
        ("Unit", "After=postgresql.service"),
    ]
    assert after.index(("Service", "PrivateTmp=false")) > after.index(("Service", "PrivateTmp=true"))
    assert after[-1] == before[-1] == ("Install", "WantedBy=multi-user.target")


def test_an_invalid_override_is_one_line_before_anything_changes(tmp_path: Path) -> None:
    hosts = {host: {"worker_service_overrides": overrides} for host, (overrides, _expected) in OVERRIDES.items()}
    unknown = {host: hosts.pop(host) for host in UNKNOWN_KEYS}
    valid = {"valid": {"worker_service_overrides": VALID_OVERRIDES}}
    first = included("validate", hosts | valid, tmp_path / "first")
    second = included("check_override_keys", unknown | valid, tmp_path / "second")
    found = failures(first) | failures(second)
    assert {host: message.partition("worker_service_overrides: ")[2].startswith(OVERRIDES[host][1]) for host, message in found.items()} == dict.fromkeys(OVERRIDES, True), found  # fmt: skip
    assert not any("\n" in message for message in found.values())
    assert not any(record.result.get("changed") for record in (*first.records, *second.records))


def test_an_invalid_file_is_reported_without_its_content(tmp_path: Path) -> None:
    hosts = {host: {"worker_files": [file]} for host, (file, _expected) in FILES.items()}
    found = failures(included("validate", hosts, tmp_path))
    assert {host: FILES[host][1] in message for host, message in found.items()} == dict.fromkeys(FILES, True), found
    assert not any(CANARY in message for message in found.values())


def test_files_are_copied_with_owner_and_mode_and_their_contents_are_not_shown(tmp_path: Path) -> None:
    binary, store, krb5 = (tmp_path / name for name in ("source.p12", "store.p12", "krb5.conf"))
    binary.write_bytes(bytes(range(256)))
    me = {"owner": pwd.getpwuid(os.getuid()).pw_name, "group": grp.getgrgid(os.getgid()).gr_name}
    files = [
        {"src": str(binary), "dest": str(store), **me},
        {"content": f"{CANARY}\n", "dest": str(krb5), "mode": "0400", **me},
    ]
    run = included("copy_files", {"host": {"worker_files": files}}, tmp_path / "run", "-vvv", "--diff")
    assert run.returncode == 0, run.output
    assert (store.read_bytes(), krb5.read_text(encoding="utf-8")) == (bytes(range(256)), f"{CANARY}\n")
    assert [path.stat().st_mode & 0o7777 for path in (store, krb5)] == [0o640, 0o400]
    assert CANARY not in run.output


def test_the_digests_of_files_are_known_before_they_are_copied(tmp_path: Path) -> None:
    binary = tmp_path / "store.p12"
    binary.write_bytes(bytes(range(256)))
    files = [{"src": str(binary), "dest": "/etc/store.p12"}, {"content": CANARY, "dest": "/etc/krb5.conf"}]
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "templates").symlink_to(TEMPLATES)
    tasks = [task("ansible.builtin.debug", "lines", {"msg": "{{ _worker_desired_lines }}"})]
    run = run_playbook([play(tasks)], {"host": role_variables() | {"worker_files": files}}, tmp_path / "run")
    lines = run.of("lines", "host").result["msg"]
    assert f"{sha256(bytes(range(256))).hexdigest()}  /etc/store.p12" in lines
    assert f"{sha256(CANARY.encode()).hexdigest()}  /etc/krb5.conf" in lines


def test_a_worker_lists_its_copied_files_among_what_it_reads_at_startup(texts: Texts) -> None:
    text = texts["files", "list-startup-files.j2"]
    assert text.count("/etc/krb5.conf") == 1
    assert CANARY not in text


@pytest.mark.parametrize(
    ("host", "journal", "file"), [("plain", "WARN", True), ("journal", None, False), ("both", None, True)]
)
def test_lines_are_not_kept_twice_unless_wanted(host: str, journal: str | None, file: bool, texts: Texts) -> None:
    log4j2 = yaml.safe_load(texts[host, "log4j2.yaml.j2"])["Configuration"]
    references = {entry["ref"]: entry.get("level") for entry in log4j2["Loggers"]["Root"]["AppenderRef"]}
    assert references == {"journal": journal} | ({"file": None} if file else {})
    assert ("RollingFile" in log4j2["Appenders"]) is file
    log4j = texts[f"{host}-3", "log4j.properties.j2"].splitlines()
    assert f"log4j.rootLogger=INFO, journal{', file' if file else ''}" in log4j
    assert ("log4j.appender.journal.Threshold=WARN" in log4j) is (journal is not None)
    assert any(line.startswith("log4j.appender.file") for line in log4j) is file


def test_log_files_are_compressed_and_limited_by_number_and_age(texts: Texts) -> None:
    rolling = yaml.safe_load(texts["elsewhere", "log4j2.yaml.j2"])["Configuration"]["Appenders"]["RollingFile"]
    assert rolling["filePattern"] == "/srv/log/connect.log.%d{yyyy-MM-dd}.%i.gz"
    assert set(rolling["Policies"]) == {"SizeBasedTriggeringPolicy", "TimeBasedTriggeringPolicy"}
    limits = rolling["DefaultRolloverStrategy"]["Delete"]["IfFileName"]
    assert limits["IfAny"] == {"IfAccumulatedFileCount": {"exceeds": "7"}, "IfLastModified": {"age": "P14D"}}
