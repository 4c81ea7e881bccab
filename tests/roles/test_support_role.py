# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The support bundle: complete where hosts are reached, honest where they are not, and without any secret. Ansible runs the role."""

from __future__ import annotations

import os
import stat
import sys
import tarfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from testing.ansible_runs import PlaybookRun, play, run_playbook

CANARIES = {
    "literal": "k3pt-literal-in-properties",
    "jaas": "k3pt-in-jaas",
    "provider": "k3pt of = a: provider é",
    "other": "k3pt-in-another-file",
    "environment": "k3pt-in-environment",
    "option": "k3pt-option",
    "url": "k3pt-in-url",
    "jmx": "k3pt-in-jmx-file",
    "inventory": "k3pt-known-to-the-inventory",
    "dropin": "k3pt-in-a-drop-in",
    "agent": "k3pt-of-an-agent",
    "pattern": "k3pt-unknown-to-all",
}
"""Each stands in one place where a secret may be, and then in the journal and in the log."""

SYSTEMCTL = """#!/bin/sh
case "$*" in
    *MainPID*) echo 0 ;;
    cat*) printf '[Service]\\nEnvironment=API_TOKEN={dropin}\\n' ;;
    show*) printf 'ActiveState=active\\nEnvironment=API_TOKEN={dropin}\\n' ;;
esac
"""
JOURNALCTL = "#!/bin/sh\ncat {log}\n"


@pytest.fixture(scope="module")
def host(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a worker's files, and programs that print what those of a host would."""
    folder = tmp_path_factory.mktemp("host")
    config, logs, programs = (folder / name for name in ("config", "log", "bin"))
    for directory in (config / "jmx", logs, programs):
        directory.mkdir(parents=True)
    escaped = CANARIES["provider"].replace("é", "\\u00e9").replace("=", "\\=").replace(":", "\\:")
    (config / "secrets.properties").write_text(f"kafka={escaped}\n", encoding="utf-8")
    (folder / "other.properties").write_text(f"a={CANARIES['other']}\n", encoding="utf-8")
    (config / "worker.properties").write_text(
        "group.id=connect-orders\n"
        f"listeners.https.ssl.keystore.password={CANARIES['literal']}\n"
        f"ssl.key.password=${{file:{folder}/other.properties:a}}\n"
        "sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required \\\n"
        f'    username="connect" password="{CANARIES["jaas"]}";\n'
        f"x.endpoint=https://me:{CANARIES['url']}@vault/\n",
        encoding="utf-8",
    )
    (config / "environment").write_text(
        f'DB_PASSWORD="{CANARIES["environment"]}"\nKAFKA_OPTS="-Dstore.password={CANARIES["option"]} -Dplain=shown"\n',
        encoding="utf-8",
    )
    (config / "jmx" / "remote.password").write_text(f"monitor {CANARIES['jmx']}\n", encoding="utf-8")
    (config / "jmx" / "jolokia.properties").write_text(f"password={CANARIES['agent']}\n", encoding="utf-8")
    lines = [
        f"[2026-11-28 03:00:00,000] ERROR {name}: said {value} aloud"
        for name, value in CANARIES.items()
        if name != "pattern"
    ]
    lines.append(f"[2026-11-28 03:00:01,000] ERROR password={CANARIES['pattern']}")
    text = "\n".join([*lines, "the last line"]) + "\n"
    (logs / "connect.log").write_text(text, encoding="utf-8")
    for name, program in {
        "systemctl": SYSTEMCTL.format(dropin=CANARIES["dropin"]),
        "journalctl": JOURNALCTL.format(log=logs / "connect.log"),
    }.items():
        (programs / name).write_text(program, encoding="utf-8")
        (programs / name).chmod(0o755)
    return folder


@pytest.fixture(scope="module")
def bundle(host: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[PlaybookRun, Path]:
    """A run on a host that is reached and one that is not, and the archive."""
    folder = tmp_path_factory.mktemp("bundle")
    common = {
        "ansible_become": False,
        "ansible_python_interpreter": sys.executable,
        "support_config_dir": str(host / "config"),
        "support_log_dir": str(host / "log"),
        "support_dir": str(folder / "support"),
        "support_url": ["http://127.0.0.1:1"],
        "support_secrets": [CANARIES["inventory"]],
    }
    hosts = {
        "connect-1": common,
        "connect-2": common
        | {"ansible_connection": "ssh", "ansible_host": "127.0.0.1", "ansible_port": 1, "ansible_ssh_timeout": 2},
    }
    tasks = [{"name": "Collect", "ansible.builtin.include_role": {"name": "streamops.kafka_connect.support"}}]
    run = run_playbook(
        [play(tasks, ignore_errors=False)],
        hosts,
        folder / "run",
        arguments=["-vvv"],
        environment={"PATH": f"{host / 'bin'}:{os.environ['PATH']}"},
    )
    found = list((folder / "support").glob("*"))
    assert len(found) == 1, run.output
    return run, found[0]


@pytest.fixture(scope="module")
def texts(bundle: tuple[PlaybookRun, Path]) -> Mapping[str, str]:
    with tarfile.open(bundle[1]) as packed:
        return {
            member.name.partition("/")[2]: (packed.extractfile(member) or sys.stdin.buffer).read().decode()
            for member in packed.getmembers()
            if member.isfile()
        }


def test_a_host_that_cannot_be_reached_is_named_and_the_others_are_collected(
    bundle: tuple[PlaybookRun, Path], texts: Mapping[str, str]
) -> None:
    assert texts["hosts.txt"].split("\n")[:2] == ["connect-1: collected", "connect-2: unreachable"]
    message = bundle[0].of("Report where the bundle is", "connect-1").result["msg"]
    assert message[0] == str(bundle[1])
    assert message[1].startswith("1 of 2 hosts are missing (connect-2)")


def test_the_bundle_has_what_an_investigation_needs(host: Path, texts: Mapping[str, str]) -> None:
    of_host = {name.removeprefix("hosts/connect-1/") for name in texts if name.startswith("hosts/connect-1/")}
    assert of_host >= {
        "worker.properties", "environment", "unit.txt", "service.txt", "startup.txt", "versions.txt", "host.txt", "files.txt",
        "journal.txt", "connect.log",
    }  # fmt: skip
    assert {"cluster/cluster_info.json", "cluster/cluster_health.json", "cluster/connectors.json"} <= texts.keys()
    assert "group.id=connect-orders" in texts["hosts/connect-1/worker.properties"]
    assert f"ssl.key.password=${{file:{host}/other.properties:a}}" in texts["hosts/connect-1/worker.properties"]
    assert 'username="connect"' in texts["hosts/connect-1/worker.properties"]
    assert "-Dplain=shown" in texts["hosts/connect-1/environment"]
    assert texts["hosts/connect-1/journal.txt"].rstrip().endswith("the last line")
    assert "connection_refused" in texts["cluster/cluster_info.json"]


@pytest.mark.parametrize("name", CANARIES)
def test_no_secret_is_in_the_bundle_or_in_the_output(
    name: str, bundle: tuple[PlaybookRun, Path], texts: Mapping[str, str]
) -> None:
    assert [file for file, text in texts.items() if CANARIES[name] in text] == []
    assert CANARIES[name] not in bundle[0].output


def test_only_the_user_can_read_the_archive_and_nothing_else_is_left(bundle: tuple[PlaybookRun, Path]) -> None:
    assert stat.S_IMODE(bundle[1].stat().st_mode) == 0o600
    staging = bundle[0].of("Create a temporary directory on the controller").result["path"]
    assert not Path(staging).exists()


def test_each_cluster_of_the_inventory_has_a_directory(host: Path, tmp_path: Path) -> None:
    hosts = {
        name: {
            "ansible_become": False,
            "ansible_python_interpreter": sys.executable,
            "kafka_connect_group_id": cluster,
            "support_config_dir": str(host / "config"),
            "support_log_dir": str(host / "log"),
            "support_dir": str(tmp_path / "support"),
            "support_url": ["http://127.0.0.1:1"],
        }
        for name, cluster in (("a", "orders"), ("b", "payments"), ("c", "orders"))
    }
    tasks = [{"name": "Collect", "ansible.builtin.include_role": {"name": "streamops.kafka_connect.support"}}]
    environment = {"PATH": f"{host / 'bin'}:{os.environ['PATH']}"}
    run = run_playbook([play(tasks, ignore_errors=False)], hosts, tmp_path / "run", environment=environment)
    found = list((tmp_path / "support").glob("*"))
    assert len(found) == 1, run.output
    with tarfile.open(found[0]) as packed:
        files = {member.name.partition("/")[2] for member in packed.getmembers() if member.isfile()}
    read = {name for name in files if name.endswith("cluster_health.json")}
    assert read == {"clusters/orders-of-a/cluster_health.json", "clusters/payments-of-b/cluster_health.json"}
    assert "hosts.txt" in files
