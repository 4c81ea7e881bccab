# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The command line of the hosts."""

from __future__ import annotations

import argparse
import hashlib
import json
import shlex
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from testing.command_line import run_command
from testing.sandbox import SandboxError
from testing.sandbox.agents import ensure_agents
from testing.sandbox.connect_plugins import ensure_plugin_archives
from testing.sandbox.jars import KAFKA_LINES

from . import images, machine, network, ssh, state
from .errors import HostsError
from .hosts import Hosts
from .images import IMAGES, Image
from .release import ensure_release


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command. Returns the exit code: 0, or 1 after a one-line error message."""
    return run_command(_parser().parse_args(arguments), HostsError, SandboxError)


def parse_hosts(words: Sequence[str]) -> dict[str, Image]:
    """``NAME[:IMAGE]`` of the command line as {name: image}; raises HostsError."""
    requested: dict[str, Image] = {}
    for word in words:
        name, _colon, text = word.partition(":")
        image = next((image for image in IMAGES if image == (text or "bare")), None)
        if image is None:
            raise HostsError(f"There is no image {text!r}, only {' and '.join(IMAGES)}.")
        state.check_name(name)
        requested[name] = image
    return requested


def describe(hosts: Hosts) -> dict[str, Any]:
    """A set as printed by ``status --json``: its addresses and the condition of each host."""
    now = hosts.state
    return {
        "name": now.name,
        "bridge": now.bridge,
        "network": now.network,
        "user": images.USER,
        "identity_file": str(now.home / "key"),
        "hosts": [
            {
                "name": host.name,
                "image": host.image,
                "address": host.address,
                "running": machine.is_running(host),
                "plugged_in": network.is_plugged_in(host),
            }
            for host in now.hosts
        ],
        "inventory": {"all": ssh.inventory(now)},
    }


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m testing.hosts", description="Real hosts with systemd and SSH.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--name", default="default", help="name of the set of hosts (default: %(default)s)")

    up = commands.add_parser("up", parents=[common], help="start hosts")
    up.add_argument("hosts", nargs="+", metavar="HOST[:IMAGE]", help=f"image: {' or '.join(IMAGES)} (default: bare)")
    up.set_defaults(run=_up)
    commands.add_parser("down", parents=[common], help="stop and remove all hosts of the set").set_defaults(
        run=lambda options: Hosts(options.name).down()
    )
    status = commands.add_parser("status", parents=[common], help="show the nodes and their addresses")
    status.add_argument("--json", action="store_true", help="for programs, with an inventory for Ansible")
    status.set_defaults(run=_status)
    certificates = commands.add_parser(
        "certificates", parents=[common], help="print a directory with certificates for the hosts"
    )
    certificates.set_defaults(run=lambda options: print(Hosts.attach(options.name).certificates()))
    commands.add_parser("list", help="list the sets").set_defaults(run=_list)
    for name, explanation in _FAULTS.items():
        fault = commands.add_parser(name, parents=[common], help=explanation)
        fault.add_argument("host")
        fault.set_defaults(run=_fault, fault=name)
    run = commands.add_parser("run", parents=[common], help="run a command on a host over SSH")
    run.add_argument("host")
    run.add_argument("words", nargs=argparse.REMAINDER, metavar="COMMAND")
    run.set_defaults(run=_run)
    release = commands.add_parser("release", help="a release archive of Kafka, as JSON")
    release.add_argument("--kafka", default=KAFKA_LINES[0], choices=KAFKA_LINES, help="the line (default: %(default)s)")
    release.set_defaults(run=_release)
    plugins = commands.add_parser("plugins", help="a directory with archives of plugins")
    plugins.set_defaults(run=lambda _options: print(ensure_plugin_archives(_to_stderr)))
    commands.add_parser("agents", help="the jars of both JMX agents, as JSON").set_defaults(run=_agents)
    return parser


_FAULTS = {
    "partition": "disconnect a host from the network",
    "heal": "connect a host to the network again",
    "kill": "stop a host as a power failure does",
    "start": "boot a stopped host with its existing disk",
}


def _up(options: argparse.Namespace) -> None:
    hosts = Hosts.up(options.name, parse_hosts(options.hosts), report=lambda line: print(line, flush=True))
    _print_status(hosts)


def _list(_options: argparse.Namespace) -> None:
    for name in state.names():
        print(name)


def _status(options: argparse.Namespace) -> None:
    hosts = Hosts.attach(options.name)
    if options.json:
        print(json.dumps(describe(hosts), indent=2))
    else:
        _print_status(hosts)


def _print_status(hosts: Hosts) -> None:
    reported = describe(hosts)
    print(f"hosts {reported['name']}: bridge {reported['bridge']}, {reported['network']}")
    for host in reported["hosts"]:
        power = "on" if host["running"] else "off"
        cable = "" if host["plugged_in"] or not host["running"] else "cut off"
        print(f"  {host['name']:16} {host['address']:15} {host['image']:5} {power:4} {cable}".rstrip())


def _fault(options: argparse.Namespace) -> None:
    hosts = Hosts.attach(options.name)
    {"partition": hosts.partition, "heal": hosts.heal, "kill": hosts.kill, "start": hosts.start}[options.fault](
        options.host
    )
    if options.fault == "start":
        hosts.await_login(options.host)


def _run(options: argparse.Namespace) -> int:
    now = state.load(options.name)
    words = [shlex.join(options.words)] if options.words else []
    return subprocess.run(ssh.command(now, now.host(options.host), words), check=False).returncode


def _release(options: argparse.Namespace) -> None:
    release = ensure_release(options.kafka, report=_to_stderr)
    print(json.dumps(asdict(release), indent=2, default=str))


def _to_stderr(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def _agents(_options: argparse.Namespace) -> None:
    jars = asdict(ensure_agents())
    reported = {
        name: {"agent": str(jar), "checksum": f"sha256:{hashlib.sha256(jar.read_bytes()).hexdigest()}"}
        for name, jar in jars.items()
    }
    print(json.dumps(reported, indent=2))
