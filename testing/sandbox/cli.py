# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The command line of the sandbox."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from typing import Any

from testing.command_line import run_command

from . import state
from .errors import SandboxError
from .jars import KAFKA_LINES
from .sandbox import Sandbox


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command. Returns the exit code: 0, or 1 after a one-line error message."""
    return run_command(_parser().parse_args(arguments), SandboxError)


def parse_properties(given: Sequence[str]) -> dict[str, dict[str, str]]:
    """``[WHO:]KEY=VALUE`` of the command line as {who, or * for every worker: {key: value}}."""
    parsed: dict[str, dict[str, str]] = {}
    for text in given:
        key, equals, value = text.partition("=")
        who, colon, rest = key.partition(":")
        if not equals or not key:
            raise SandboxError(f"{text!r} is not of the form [WHO:]KEY=VALUE.")
        parsed.setdefault(who if colon else "*", {})[rest if colon else key] = value
    return parsed


def describe(sandbox: Sandbox) -> dict[str, Any]:
    """A sandbox as printed by ``status --json``: its addresses and the condition of each node."""
    now = sandbox.state
    urls = {worker.name: worker.url for worker in sandbox.workers}
    nodes = [
        {
            "name": node.name,
            "kind": node.kind,
            "port": node.port,
            "pid": node.process.pid if node.process else None,
            "url": urls.get(node.name),
            "condition": sandbox.condition(node.name).value,
            "healthy": sandbox.is_healthy(node.name),
        }
        for node in now.nodes
    ]
    credentials = {key: str(value) for key, value in vars(now.credentials).items()} if now.credentials else None
    return {
        "name": now.name,
        "kafka": now.kafka,
        "kafka_cluster_id": now.kafka_cluster_id,
        "directory": str(sandbox.directory),
        "bootstrap_servers": sandbox.bootstrap_servers,
        "urls": sandbox.urls,
        "credentials": credentials,
        "nodes": nodes,
    }


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m testing.sandbox",
        description="A real Kafka cluster with Connect workers on the loopback interface.",
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--name", default="default", help="name of the sandbox (default: %(default)s)")

    up = commands.add_parser("up", parents=[common], help="start broker and workers")
    up.add_argument("--workers", type=int, default=3, metavar="N", help="number of workers (default: %(default)s)")
    up.add_argument("--brokers", type=int, default=1, choices=(1, 3), help="number of brokers (default: %(default)s)")
    up.add_argument("--kafka", default=KAFKA_LINES[0], choices=KAFKA_LINES, help="Kafka version (default: %(default)s)")
    up.add_argument("--secure", action="store_true", help="enable TLS and basic auth for the REST interface")
    up.add_argument(
        "--rebalance-delay-ms",
        type=int,
        default=0,
        metavar="MS",
        help="scheduled.rebalance.max.delay.ms (default: %(default)s, see README.md)",
    )
    up.add_argument(
        "--property",
        action="append",
        default=[],
        metavar="[WHO:]KEY=VALUE",
        help="property of every worker, or of WHO; overrides all others; repeatable",
    )
    up.set_defaults(run=_up)

    commands.add_parser("down", parents=[common], help="stop the processes and remove the directory").set_defaults(
        run=lambda options: Sandbox.attach(options.name).down()
    )
    status = commands.add_parser("status", parents=[common], help="show the nodes and their addresses")
    status.add_argument("--json", action="store_true", help="print JSON")
    status.set_defaults(run=_status)
    commands.add_parser("list", help="list the sandboxes").set_defaults(run=_list)

    for name, explanation in _FAULTS.items():
        fault = commands.add_parser(name, parents=[common], help=explanation)
        fault.add_argument("who", help="w1, w2, … or broker")
        fault.set_defaults(run=_fault, fault=name)
    add = commands.add_parser("add-worker", parents=[common], help="add a worker")
    add.add_argument(
        "--property",
        action="append",
        default=[],
        metavar="KEY=VALUE",
        help="property of the worker; overrides all others; repeatable",
    )
    add.set_defaults(run=_add_worker)
    logs = commands.add_parser("logs", parents=[common], help="print the log of a node")
    logs.add_argument("who", help="w1, w2, … or broker")
    logs.set_defaults(run=lambda options: print(Sandbox.attach(options.name).log(options.who), end=""))
    return parser


_FAULTS = {
    "kill": "SIGKILL",
    "terminate": "SIGTERM: graceful shutdown",
    "stop": "SIGSTOP: the process exists but does not respond",
    "continue": "SIGCONT after stop",
    "start": "restart a dead node on the same ports",
}


def _up(options: argparse.Namespace) -> None:
    sandbox = Sandbox.up(
        options.name,
        workers=options.workers,
        kafka=options.kafka,
        secure=options.secure,
        rebalance_delay_ms=options.rebalance_delay_ms,
        brokers=options.brokers,
        properties=parse_properties(options.property),
        report=lambda line: print(line, flush=True),
    )
    _print_status(sandbox)


def _list(_options: argparse.Namespace) -> None:
    for name in state.names():
        print(name)


def _status(options: argparse.Namespace) -> None:
    sandbox = Sandbox.attach(options.name)
    if options.json:
        print(json.dumps(describe(sandbox), indent=2))
    else:
        _print_status(sandbox)


def _print_status(sandbox: Sandbox) -> None:
    reported = describe(sandbox)
    print(
        f"sandbox {reported['name']}: Kafka {reported['kafka']}, cluster {reported['kafka_cluster_id']}, {reported['directory']}"
    )
    for node in reported["nodes"]:
        health = "healthy" if node["healthy"] else "not healthy"
        address = node["url"] or f"127.0.0.1:{node['port']}"
        print(f"  {node['name']:8} {node['condition']:8} {health:12} pid {node['pid'] or '-':<8} {address}")
    if reported["credentials"]:
        for key, value in reported["credentials"].items():
            print(f"  {key:12} {value}")


def _fault(options: argparse.Namespace) -> None:
    sandbox = Sandbox.attach(options.name)
    actions = {
        "kill": sandbox.kill,
        "terminate": sandbox.terminate,
        "stop": sandbox.stop,
        "continue": sandbox.continue_,
        "start": sandbox.start,
    }
    actions[options.fault](options.who)
    print(f"{options.who}: {sandbox.condition(options.who).value}")


def _add_worker(options: argparse.Namespace) -> None:
    properties = parse_properties(options.property)
    worker = Sandbox.attach(options.name).add_worker(properties=properties.get("*"))
    print(f"{worker.name} {worker.url}")
