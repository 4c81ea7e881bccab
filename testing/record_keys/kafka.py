# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The output of Kafka's configuration classes, and the files that store it: one for each Kafka line."""

from __future__ import annotations

import hashlib
import html
import json
import re
import subprocess
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from testing.sandbox.environment import cache_directory, find_java
from testing.sandbox.jars import exclusive, fetch

Line = tuple[int, int]
"""A Kafka line, such as (4, 3)."""

HERE = Path(__file__).parent
RECORDS = HERE / "recorded"
WORKER = "org.apache.kafka.connect.runtime.distributed.DistributedConfig"
CLIENTS: Mapping[str, str] = {
    "producer": "org.apache.kafka.clients.producer.ProducerConfig",
    "consumer": "org.apache.kafka.clients.consumer.ConsumerConfig",
    "admin": "org.apache.kafka.clients.admin.AdminClientConfig",
}
_VERSION = re.compile(r"(\d+)\.(\d+)\.\d+")


class RecordError(Exception):
    """A record that can't be created, or data that is inconsistent; the text contains the fix."""


@dataclass(frozen=True)
class PrintedKey:
    """A key as Kafka's documentation shows it. `default`: "" if there is none, "null" for null, quotes for empty."""

    type: str
    default: str
    valid: str


@dataclass(frozen=True)
class Record:
    """The keys of one Kafka release: those of the worker, and the names of those of each client. `jars`: SHA-256
    digests, by file name, of the jars that they come from.
    """

    version: str
    jars: Mapping[str, str]
    worker: Mapping[str, PrintedKey]
    clients: Mapping[str, tuple[str, ...]]

    @property
    def line(self) -> Line:
        return line_of(self.version)


def line_of(version: str) -> Line:
    """The line of an exact version such as 4.3.1. Raises RecordError for any other text."""
    match = _VERSION.fullmatch(version)
    if match is None:
        raise RecordError(f'"{version}" is not a Kafka release: give an exact version such as 4.3.1')
    return int(match[1]), int(match[2])


def printed_by(libs: Path, configuration: str) -> dict[str, PrintedKey]:
    """The output of a configuration class's main method, from which Kafka creates its documentation.

    Raises RecordError if it does not run or prints no key.
    """
    command = [str(find_java()), "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-cp", f"{libs}/*", configuration]
    answer = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    found: dict[str, PrintedKey] = {}
    for block in answer.stdout.split("<h4>")[1:]:
        name = re.search(r'<a id="([^"]+)"></a>', block)
        if name is not None:
            found[name[1]] = PrintedKey(_cell(block, "Type"), _cell(block, "Default"), _cell(block, "Valid Values"))
    if answer.returncode != 0 or not found:
        raise RecordError(f"{configuration} prints no keys:\n{answer.stderr.strip() or answer.stdout[:500]}")
    return found


def _cell(block: str, heading: str) -> str:
    match = re.search(rf"<th>{heading}:</th><td>(.*?)</td>", block, re.DOTALL)
    if match is None:
        raise RecordError(f"Kafka prints keys in another form than before: no {heading} in\n{block}")
    return html.unescape(match[1])


def record_of(version: str, libs: Path) -> Record:
    """The keys that the classes in a directory of jars print. Raises RecordError as `printed_by` does."""
    jars = {jar.name: hashlib.sha256(jar.read_bytes()).hexdigest() for jar in sorted(libs.glob("*.jar"))}
    clients = {name: tuple(sorted(printed_by(libs, configuration))) for name, configuration in CLIENTS.items()}
    return Record(version, jars, dict(sorted(printed_by(libs, WORKER).items())), clients)


def ensure_libs(version: str) -> Path:
    """The few jars of an exact Kafka version, fetched by Maven into the cache. Raises SandboxError if that fails."""
    pom = HERE / "pom.xml"
    home = cache_directory() / "keys" / f"{version}-{hashlib.sha256(pom.read_bytes()).hexdigest()[:12]}"
    with exclusive(home.with_name(f"{home.name}.lock")):
        if not (home / "complete").exists():
            fetch(pom, home / "libs", f"-Dkafka.version={version}")
            (home / "complete").touch()
    return home / "libs"


def record_release(version: str) -> Path:
    """Fetch a release, record its keys and return the file, which replaces the one of the same line.

    Raises SandboxError, and RecordError, also if Maven returns other jars than those of an earlier record of this
    release.
    """
    path = path_of(line_of(version))
    record = record_of(version, ensure_libs(version))
    previous = read(path) if path.exists() else None
    if previous is not None and previous.version == version and previous.jars != record.jars:
        raise RecordError(f"Maven gives other jars of Kafka {version} than those that {path.name} was recorded from.")
    path.write_text(render(record), encoding="utf-8")
    return path


def path_of(line: Line) -> Path:
    """The file with the record of a line."""
    return RECORDS / f"{line[0]}.{line[1]}.json"


def records() -> list[Record]:
    """All records, oldest line first."""
    return sorted((read(path) for path in RECORDS.glob("*.json")), key=lambda record: record.line)


def read(path: Path) -> Record:
    """The record in a file."""
    content = json.loads(path.read_text(encoding="utf-8"))
    return Record(
        content["kafka"],
        content["jars"],
        {name: PrintedKey(*fields) for name, fields in content["worker"].items()},
        {client: tuple(content[client]) for client in CLIENTS},
    )


def render(record: Record) -> str:
    """JSON with one line for each key, so that a changed key is one changed line. Documentation texts are omitted."""
    parts = {
        "jars": _block(record.jars.items()),
        "worker": _block((name, [key.type, key.default, key.valid]) for name, key in record.worker.items()),
        **{client: _listing(names) for client, names in record.clients.items()},
    }
    body = ",\n".join(f"{json.dumps(name)}: {text}" for name, text in parts.items())
    return f'{{"kafka": {json.dumps(record.version)},\n{body}\n}}\n'


def _block(entries: Iterable[tuple[str, object]]) -> str:
    return "{\n" + ",\n".join(f"  {json.dumps(name)}: {json.dumps(value)}" for name, value in entries) + "\n}"


def _listing(names: Iterable[str]) -> str:
    return "[\n" + ",\n".join(f"  {json.dumps(name)}" for name in names) + "\n]"
