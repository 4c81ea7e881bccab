# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs the playbooks of the collection like a user, and reads the cluster without code of the collection."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.error import HTTPError
from urllib.parse import quote
from urllib.request import Request, urlopen

from testing.sandbox import Sandbox

PROGRAM = Path(sys.executable).with_name("ansible-playbook")


@dataclass(frozen=True)
class Run:
    """The result of a run of ansible-playbook; `report` is the JSON report, if one was written."""

    code: int
    output: str
    report: Any = None
    markdown: str = ""

    def connectors(self, cluster: str = "localhost") -> dict[str, dict[str, Any]]:
        """The connectors of one cluster in the report, by name: those that change or fail."""
        return {entry["name"]: entry for entry in self.cluster(cluster)["connectors"]}

    def cluster(self, name: str = "localhost") -> dict[str, Any]:
        """One cluster of the report."""
        found: dict[str, Any] = next(entry for entry in self.report["clusters"] if entry["cluster"] == name)
        return found


@dataclass(frozen=True)
class Playbooks:
    """A directory from which playbooks run against one cluster."""

    directory: Path
    url: str

    def run(self, playbook: str, *arguments: str, url: str = "", markdown: bool = False, **variables: Any) -> Run:
        """Run a playbook of the collection, or with a suffix a file of the directory, with these variables.

        The URL comes from the environment, as AWX would inject it. The default of stable_for here is 1.
        """
        json_file, markdown_file = self.directory / "report.json", self.directory / "report.md"
        given = {
            "connectors_stable_for": 1,
            "connectors_report_json": str(json_file),
            **({"connectors_report_markdown": str(markdown_file)} if markdown else {}),
            **variables,
        }
        name = playbook if playbook.endswith(".yml") else f"streamops.kafka_connect.{playbook}"
        for file in (json_file, markdown_file):
            file.unlink(missing_ok=True)
        ended = subprocess.run(
            [str(PROGRAM), name, "-e", json.dumps(given), *arguments],
            cwd=self.directory,
            env={**os.environ, "KAFKA_CONNECT_URL": url or self.url, "ANSIBLE_NOCOLOR": "1"},
            check=False,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=300,
        )
        report = json.loads(json_file.read_text(encoding="utf-8")) if json_file.exists() else None
        text = markdown_file.read_text(encoding="utf-8") if markdown_file.exists() else ""
        return Run(ended.returncode, ended.stdout, report, text)

    def write(self, path: str, content: object) -> Path:
        """Writes a JSON file below the directory."""
        file = self.directory / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(content), encoding="utf-8")
        return file


def file_source(sandbox: Sandbox, **more: str) -> dict[str, str]:
    """The config of a connector that reads a file which does not exist, so that it runs and does nothing."""
    return {
        "connector.class": "FileStreamSource",
        "tasks.max": "1",
        "topic": "playbooks",
        "file": str(sandbox.files / "none.txt"),
        **more,
    }


def stored(sandbox: Sandbox, prefix: str) -> dict[str, dict[str, Any]]:
    """Config and state of the connectors with this prefix, as the cluster itself reports them."""
    status, answer = sandbox.request("GET", "/connectors?expand=info&expand=status")
    assert status == 200
    return {
        name: {"config": entry["info"]["config"], "state": entry.get("status", {}).get("connector", {}).get("state")}
        for name, entry in answer.items()
        if name.startswith(prefix)
    }


def remove(sandbox: Sandbox, prefix: str) -> None:
    """Delete the connectors with this prefix, also during rebalances."""
    deadline = time.monotonic() + 60
    while names := stored(sandbox, prefix):
        answers = {name: sandbox.request("DELETE", f"/connectors/{quote(name, safe='')}") for name in names}
        assert time.monotonic() < deadline, answers
        sandbox.await_settled()


@contextmanager
def read_only(url: str) -> Iterator[str]:
    """The URL of a proxy that passes only GET, like credentials that may only read."""

    class Handler(BaseHTTPRequestHandler):
        """Forwards GET, and refuses everything else."""

        def do_GET(self) -> None:
            try:
                with urlopen(Request(url + self.path), timeout=60) as answer:
                    self._answer(answer.status, answer.headers.get("Content-Type", ""), answer.read())
            except HTTPError as error:
                self._answer(error.code, error.headers.get("Content-Type", ""), error.read())

        def do_PUT(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            self._answer(403, "text/plain", b"this account may only read")

        do_POST = do_DELETE = do_PATCH = do_PUT

        def _answer(self, status: int, content_type: str, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", content_type)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the base class names it so
            """Log nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
