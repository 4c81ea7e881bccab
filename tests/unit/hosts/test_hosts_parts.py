# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The parts of the test hosts that need no root. `make test-hosts` uses the hosts themselves."""

from __future__ import annotations

import ipaddress
import json
from pathlib import Path

import pytest

from testing.hosts import HostsError, cli, network, ssh, state, system
from testing.hosts.state import Host, State
from testing.sandbox.environment import CHECKOUT
from testing.sandbox.processes import Process

BROKER = Host(name="broker", image="java", address="198.18.7.11", machine="skc0001h0", process=Process(12, "345"))
WORKER = Host(name="w1", image="bare", address="198.18.7.12", machine="skc0001h1")
SET = State(name="mine", bridge="skc0001", network="198.18.7.0/24", hosts=(BROKER, WORKER))


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STREAMOPS_CACHE", str(tmp_path))


def test_a_saved_state_is_loaded_unchanged() -> None:
    state.save(SET)
    assert state.load("mine") == SET
    assert state.names() == ["mine"]


def test_the_message_about_a_missing_set_names_the_command_that_starts_it() -> None:
    with pytest.raises(HostsError, match=r"no hosts mine\. Start them: python -m testing\.hosts up --name mine"):
        state.load("mine")


def test_the_message_about_a_missing_host_lists_the_existing_hosts() -> None:
    with pytest.raises(HostsError, match="no 'w2', only broker, w1"):
        SET.host("w2")


@pytest.mark.parametrize("name", ["", "../up", "Big", "-x", "x-", "a b", "x" * 41])
def test_invalid_host_names_are_rejected(name: str) -> None:
    with pytest.raises(HostsError, match="is not a valid name"):
        state.check_name(name)


def test_hosts_of_the_command_line() -> None:
    assert cli.parse_hosts(["broker:java", "w1"]) == {"broker": "java", "w1": "bare"}
    with pytest.raises(HostsError, match="no image 'jdk', only bare and java"):
        cli.parse_hosts(["w1:jdk"])


def test_all_missing_requirements_are_reported_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    monkeypatch.setattr("shutil.which", lambda program: None if program in ("ip", "ssh", "ssh-keygen") else program)
    with pytest.raises(HostsError, match=r"must be root.*ssh, ssh-keygen, ip .* apt install iproute2 openssh-client\)"):
        system.check_requirements()


def test_ci_installs_every_program_that_hosts_need() -> None:
    script = (CHECKOUT / ".ci" / "run").read_text(encoding="utf-8")
    assert all(f"packages+=({package})" in script for package in system.PROGRAMS.values())


def test_a_network_in_use_is_not_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    used = [{"addr_info": [{"local": "198.18.5.1", "prefixlen": 16}]}, {"addr_info": []}, {}]
    monkeypatch.setattr(network, "call", lambda _command: json.dumps(used))
    reserved = [f"198.19.{number}.0/24" for number in range(256) if number != 77]
    assert network.free_network(reserved) == "198.19.77.0/24"
    with pytest.raises(HostsError, match="is in use"):
        network.free_network([*reserved, "198.19.77.0/24"])


def test_names_of_links_fit_into_the_kernels_15_characters() -> None:
    last = Host(name="x", image="bare", address="", machine="skcffffh99")
    assert len(last.link) <= 15


def test_hosts_and_their_controller_are_in_one_network() -> None:
    addresses = [network.address_of_host(SET.network, number) for number in range(20)]
    net = ipaddress.IPv4Network(SET.network)
    assert len(set(addresses)) == 20
    assert all(ipaddress.IPv4Address(address) in net for address in addresses)
    assert network.controller_address(SET.network).split("/")[0] not in addresses


def test_the_inventory_has_all_that_a_login_needs() -> None:
    reported = ssh.inventory(SET)
    assert reported["hosts"] == {"broker": {"ansible_host": "198.18.7.11"}, "w1": {"ansible_host": "198.18.7.12"}}
    assert reported["vars"]["ansible_ssh_private_key_file"] == str(SET.home / "key")
    assert "StrictHostKeyChecking=yes" in reported["vars"]["ansible_ssh_common_args"]
