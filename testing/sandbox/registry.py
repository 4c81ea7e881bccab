# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A real schema registry (Apicurio Registry, in memory) with its Confluent-compatible API, and the Avro converter that writes to it.

Fetched once by Maven from locked POMs, 142 MB and 24 MB.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tarfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from .environment import cache_directory, find_java
from .errors import SandboxError
from .jars import MAVEN, exclusive, fetch, key_of, verify

AVRO_CONVERTER = "io.apicurio.registry.utils.converter.AvroConverter"
STARTS_WITHIN = 120.0


@dataclass(frozen=True)
class Registry:
    """A running registry. `url`: without a path."""

    url: str

    @property
    def compatible(self) -> str:
        """The URL of its Confluent-compatible API."""
        return f"{self.url}/apis/ccompat/v7"

    def converter(self, part: str = "value") -> dict[str, str]:
        """The configuration of a connector's converter that registers new schemas as versions of the topic's subject."""
        prefix = f"{part}.converter"
        return {
            prefix: AVRO_CONVERTER,
            f"{prefix}.apicurio.registry.url": f"{self.url}/apis/registry/v2",
            f"{prefix}.apicurio.registry.auto-register": "true",
            f"{prefix}.apicurio.registry.auto-register.if-exists": "UPDATE",
        }

    def request(self, method: str, path: str, body: object = None) -> Any:
        """The decoded answer of the compatible API. Raises OSError (HTTPError for a refusal)."""
        data = None if body is None else json.dumps(body).encode()
        sent = urllib.request.Request(self.compatible + path, data, {"Content-Type": "application/json"}, method=method)
        with urllib.request.urlopen(sent, timeout=30) as answer:
            return json.loads(answer.read() or b"null")

    def register(self, subject: str, schema: object) -> None:
        """Adds a version of an Avro schema to a subject."""
        self.request("POST", f"/subjects/{quote(subject, safe='')}/versions", {"schema": json.dumps(schema)})

    def set_level(self, subject: str, level: str) -> None:
        """Sets the compatibility level of a subject."""
        self.request("PUT", f"/config/{quote(subject, safe='')}", {"compatibility": level})


def ensure_converter() -> Path:
    """The directory with the plugin: a value for `plugin.path` is its parent. It has no service file, so `plugin.discovery` must not be
    `service_load`. Raises SandboxError as `ensure_jars` does.
    """
    source = MAVEN / "converter"
    home = cache_directory() / "kafka" / f"converter-{key_of(source)}" / "apicurio-converter"
    complete = home.with_name("complete")
    with exclusive(home.parent.with_name(f"{home.parent.name}.lock")):
        if not complete.exists():
            shutil.rmtree(home.parent, ignore_errors=True)
            fetch(source / "pom.xml", home)
            verify(source / "SHA256SUMS", home)
            complete.touch()
    return home


def _ensure_app() -> Path:
    """The jar that starts the registry."""
    source = MAVEN / "registry"
    home = cache_directory() / "kafka" / f"registry-{key_of(source)}"
    complete = home / "complete"
    with exclusive(home.with_name(f"{home.name}.lock")):
        if not complete.exists():
            shutil.rmtree(home, ignore_errors=True)
            fetch(source / "pom.xml", home / "archive")
            verify(source / "SHA256SUMS", home / "archive")
            (archive,) = (home / "archive").iterdir()
            with tarfile.open(archive) as opened:
                opened.extractall(home / "app", filter="data")
            archive.unlink()
            complete.touch()
    (jar,) = (home / "app").glob("*-runner.jar")
    return jar


@contextmanager
def running_registry(port: int, log: Path) -> Iterator[Registry]:
    """A registry on this port of the loopback interface, ready for requests, until the block ends."""
    jar = _ensure_app()
    command = [str(find_java()), "-Xmx256m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-jar", str(jar)]
    environment = {**os.environ, "QUARKUS_HTTP_HOST": "127.0.0.1", "QUARKUS_HTTP_PORT": str(port)}
    with log.open("ab") as output:
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, env=environment, start_new_session=True
        )
    try:
        registry = Registry(f"http://127.0.0.1:{port}")
        _await(registry, process, log)
        yield registry
    finally:
        # It has nothing to save.
        process.kill()
        process.wait()


def _await(registry: Registry, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + STARTS_WITHIN
    while True:
        try:
            registry.request("GET", "/subjects")
        except OSError:
            if process.poll() is not None or time.monotonic() > deadline:
                end = log.read_text(encoding="utf-8", errors="replace")[-2000:]
                raise SandboxError(f"The schema registry does not start:\n{end}") from None
            time.sleep(0.1)
        else:
            return
