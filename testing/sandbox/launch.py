# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Starts nodes from a state: writes their files, formats a broker's storage, starts the JVM, reads its log."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

from . import configuration, processes, state
from .archives import using_options
from .errors import SandboxError
from .jars import Distribution
from .state import Node, State

# Short-lived JVMs: the first compiler only and the simplest collector start faster and use less of two cores.
_JVM = ["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-XX:-UsePerfData", "-Xshare:auto"]
_HEAP = {"broker": "-Xmx512m", "worker": "-Xmx512m"}
_MAIN = {"broker": "kafka.Kafka", "worker": "org.apache.kafka.connect.cli.ConnectDistributed"}
_COMPLETED_REBALANCE = re.compile(rb"Joined group at generation (\d+)")
_TELLING = re.compile(r"ERROR|FATAL|Exception\b|Error\b")


def log_file(name: str, node: str) -> Path:
    """The file for all output of a broker or worker, across all its starts."""
    return state.home(name) / "logs" / f"{node}.log"


def read_log(name: str, node: str) -> bytes:
    """Everything that the node has logged; empty if it was never started."""
    try:
        return log_file(name, node).read_bytes()
    except FileNotFoundError:
        return b""


def write_files(sandbox: State, node: Node, distribution: Distribution) -> None:
    """Write the files that the node reads at startup."""
    home = state.home(sandbox.name)
    for folder in ("config", "data", "logs", "files"):
        (home / folder).mkdir(parents=True, exist_ok=True)
    if node.kind == "broker":
        properties = configuration.broker_properties(sandbox, node, home / "data")
    else:
        properties = configuration.worker_properties(sandbox, node, distribution, home / "tls")
    _config(home, node).write_text(configuration.properties_text(properties), encoding="utf-8")
    file_name, text, _option = configuration.logging_file(sandbox.kafka)
    (home / "config" / file_name).write_text(text, encoding="utf-8")


def format_storage(sandbox: State, node: Node, distribution: Distribution) -> None:
    """Create a broker's empty storage. Raises SandboxError with the tool's message if that fails."""
    tool = [
        "kafka.tools.StorageTool",
        "format",
        "--ignore-formatted",
        "-t",
        sandbox.kafka_cluster_id,
        "-c",
        str(_config(state.home(sandbox.name), node)),
    ]
    command = [
        str(sandbox.java),
        *_JVM,
        *using_options(sandbox.archives, "broker"),
        "-cp",
        f"{distribution.libs}/*",
        *tool,
    ]
    answer = subprocess.run(command, capture_output=True, text=True, check=False)
    if answer.returncode != 0:
        raise SandboxError(
            f"The storage of {node.name} could not be formatted:\n{(answer.stderr + answer.stdout).strip()}"
        )


def launch(sandbox: State, node: Node, distribution: Distribution) -> processes.Process:
    """Start the node's JVM; its files and storage must exist."""
    home = state.home(sandbox.name)
    file_name, _text, option = configuration.logging_file(sandbox.kafka)
    command = [str(sandbox.java), _HEAP[node.kind], *_JVM, *using_options(sandbox.archives, node.kind)]
    command.append(f"{option}{(home / 'config' / file_name).as_uri()}")
    if sandbox.credentials and node.kind == "worker":
        command.append(f"-Djava.security.auth.login.config={home / 'tls' / 'login.conf'}")
    command += [*node.java_options, "-cp", f"{distribution.libs}/*", _MAIN[node.kind], str(_config(home, node))]
    return processes.spawn(command, log_file(sandbox.name, node.name), home)


def generations(log: bytes) -> list[int]:
    """The group generations that a worker joined, in order, from its log: one for each completed rebalance."""
    return [int(number) for number in _COMPLETED_REBALANCE.findall(log)]


def last_words(log: str, count: int = 12) -> str:
    """The last lines of a log from the last error on, or just the last lines if there is none."""
    lines = [line for line in log.splitlines() if line.strip()]
    telling = [line for line in lines if _TELLING.search(line)]
    return "\n".join((telling or lines)[-count:])


def _config(home: Path, node: Node) -> Path:
    return home / "config" / f"{node.name}.properties"
