# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The part of role worker that opens the port of the REST API, with a `firewall-cmd` that has its exit codes and texts."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from testing.ansible_runs import PlaybookRun, play, run_playbook

FIREWALL_CMD = """\
#!/bin/sh
# Each port that is open is a file: in `now`, or in `permanent`.
folder={folder}
ports=$folder/now
for argument in "$@"; do
    case "$argument" in
        --permanent) ports=$folder/permanent ;;
        --zone=internal) ;;
        --zone=*) echo "Error: INVALID_ZONE: ${{argument#--zone=}}" >&2; exit 112 ;;
        --query-port=*) if [ -e "$ports/${{argument#*=}}" ]; then echo yes; else echo no; exit 1; fi ;;
        --add-port=*) mkdir -p "${{ports}}/${{argument#*=}}"; echo success ;;
    esac
done
"""


class Firewall:
    """A host with firewalld, and runs of the part on it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.programs = folder / "bin"
        self.programs.mkdir()
        for name in ("now", "permanent"):
            (folder / name).mkdir()
        program = self.programs / "firewall-cmd"
        program.write_text(FIREWALL_CMD.format(folder=folder), encoding="utf-8")
        program.chmod(0o755)
        self.runs = 0

    def is_open(self, when: str) -> bool:
        return (self.folder / when / "8086" / "tcp").exists()

    def open(self, *arguments: str, zone: str = "internal") -> PlaybookRun:
        self.runs += 1
        variables = {
            "ansible_become": False,
            "ansible_python_interpreter": sys.executable,
            "worker_home": "/opt/kafka_2.13-4.3.1",
            "worker_firewalld_zone": zone,
            "worker_properties": {
                "bootstrap.servers": "kafka-1:9092",
                "group.id": "connect-orders",
                "listeners": "http://:8086,https://:8443",
            },
        }
        include = {"name": "streamops.kafka_connect.worker", "tasks_from": "open_port"}
        return run_playbook(
            [play([{"name": "Open the port", "ansible.builtin.include_role": include}], ignore_errors=False)],
            {"connect-1": variables},
            self.folder / f"run{self.runs}",
            arguments=arguments,
            environment={"PATH": f"{self.programs}:{os.environ['PATH']}"},
        )


@pytest.fixture
def firewall(tmp_path: Path) -> Firewall:
    return Firewall(tmp_path)


def changed(run: PlaybookRun) -> bool:
    assert run.returncode == 0, run.output
    return any(record.result.get("changed") for record in run.records)


def message_of_failure(run: PlaybookRun) -> str:
    assert run.returncode != 0, run.output
    return next(record.message for record in run.records if record.failed and record.item is None)


def test_the_port_is_opened_now_and_for_later_starts_and_a_second_run_changes_nothing(firewall: Firewall) -> None:
    assert changed(firewall.open())
    assert firewall.is_open("now")
    assert firewall.is_open("permanent")
    assert not changed(firewall.open())


def test_a_port_that_the_next_start_would_close_is_opened_for_good(firewall: Firewall) -> None:
    (firewall.folder / "now" / "8086" / "tcp").mkdir(parents=True)
    assert changed(firewall.open())
    assert firewall.is_open("permanent")


def test_check_mode_reports_the_port_and_opens_nothing(firewall: Firewall) -> None:
    run = firewall.open("--check")
    assert changed(run)
    assert (
        run.of("Report that the port would be opened").message
        == "connect-1: port 8086 would be opened in zone internal of firewalld"
    )
    assert not firewall.is_open("now")
    assert not firewall.is_open("permanent")


def test_an_unknown_zone_fails_with_the_text_of_firewalld_and_the_fix(firewall: Firewall) -> None:
    message = message_of_failure(firewall.open(zone="intrenal"))
    assert message == (
        "connect-1: firewalld did not tell whether port 8086 is open in zone intrenal: Error: INVALID_ZONE: intrenal"
        " -> install and start firewalld, or correct or remove worker_firewalld_zone"
    )


def test_a_host_without_firewalld_fails_before_anything_is_opened(firewall: Firewall) -> None:
    (firewall.programs / "firewall-cmd").unlink()
    message = message_of_failure(firewall.open())
    assert ": firewall-cmd cannot be run -> install and start firewalld" in message
