# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The roles worker, plugins and jmx show a line at least every 15 s, however long a download, an installation or a start takes.

Slow stand-ins take a third of a scaled 15 s longer than the roles may be silent. The copy of the collection shows its progress lines
as much more often.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import yaml

from testing.ansible_runs import play
from testing.ansible_runs.playbook import PlaybookRun, start_playbook
from testing.ansible_runs.stand_ins import collection_with_intervals
from testing.sandbox.environment import CHECKOUT

LONGEST_SILENCE = 15.0
FACTOR = 0.3
SLOW = 6.0
"""Seconds that each stand-in takes: more than LONGEST_SILENCE * FACTOR."""
ARCHIVE = b"an archive"
SHA256 = hashlib.sha256(ARCHIVE).hexdigest()
WAITING_MODULES = {"apt", "dnf", "get_url", "package", "pip", "unarchive", "wait_for", "yum"}
ROLES = ("jmx", "plugins", "worker")

SYSTEMCTL = """#!/bin/sh
pid=$(cat {folder}/pid 2>/dev/null || echo 0)
[ -d "/proc/$pid" ] || pid=0
case " $* " in
*" start "*) setsid {python} {folder}/worker.py >/dev/null 2>&1 & echo $! > {folder}/pid ;;
*" stop "*) [ "$pid" = 0 ] || kill "$pid"; echo stopped >> {folder}/stopped ;;
*" --value "*) echo "$pid" ;;
*" show "*)
    echo LoadState=loaded
    [ "$pid" = 0 ] && echo ActiveState=inactive || echo ActiveState=active
    echo SubState=any
    echo NRestarts=0
    echo MainPID="$pid" ;;
esac
"""
WORKER = """
import http.server, time

class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response({status} if time.monotonic() - began > {slow} else 503)
        self.end_headers()

began = time.monotonic()
time.sleep({slow})
http.server.HTTPServer(("127.0.0.1", {port}), Handler).serve_forever()
"""
SLOW_PACKAGE = f"""
import time
from ansible.module_utils.basic import AnsibleModule

module = AnsibleModule({{"name": {{"type": "str"}}}})
time.sleep({SLOW})
module.exit_json(changed=True)
"""


class SlowServer(ThreadingHTTPServer):
    """Sends a file, and the beans of an agent, SLOW seconds after the request or the first request."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.first_beans = 0.0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class _Handler(BaseHTTPRequestHandler):
    server: SlowServer

    def do_GET(self) -> None:
        body = ARCHIVE
        if self.path == "/beans":
            self.server.first_beans = self.server.first_beans or time.monotonic()
            body = b"beans" if time.monotonic() - self.server.first_beans > SLOW else b"none yet"
        else:
            time.sleep(SLOW)
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *_arguments: Any) -> None:  # noqa: A002  # the name that the base class gives it
        """Stay silent."""


@pytest.fixture
def server() -> Iterator[SlowServer]:
    with SlowServer() as running:
        thread = threading.Thread(target=running.serve_forever, daemon=True)
        thread.start()
        yield running
        running.shutdown()
        thread.join()


@pytest.fixture
def environment(tmp_path: Path) -> Mapping[str, str]:
    root = tmp_path / "collections"
    collection = collection_with_intervals(root, FACTOR)
    (collection / "plugins" / "modules" / "slow_package.py").write_text(SLOW_PACKAGE, encoding="utf-8")
    return {"ANSIBLE_COLLECTIONS_PATH": str(root), "PATH": f"{tmp_path}/bin{os.pathsep}{os.environ['PATH']}"}


def closed_port() -> int:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Handler) as unused:
        return int(unused.server_address[1])


def install_worker(tmp_path: Path, status: int = 200) -> int:
    """Write the service of a worker that is slow to listen, and return its port."""
    port = closed_port()
    (tmp_path / "bin").mkdir()
    systemctl = tmp_path / "bin" / "systemctl"
    systemctl.write_text(SYSTEMCTL.format(folder=tmp_path, python=sys.executable), encoding="utf-8")
    systemctl.chmod(0o755)
    (tmp_path / "worker.py").write_text(WORKER.format(slow=SLOW, port=port, status=status), encoding="utf-8")
    return port


@pytest.fixture(autouse=True)
def end_worker(tmp_path: Path) -> Iterator[None]:
    yield
    pid = tmp_path / "pid"
    if pid.exists():
        with contextlib.suppress(ProcessLookupError):
            os.kill(int(pid.read_text()), 9)


def role(name: str, tasks: str, **variables: Any) -> dict[str, Any]:
    include = {"name": f"streamops.kafka_connect.{name}", "tasks_from": tasks}
    return {"name": f"{name}: {tasks}", "ansible.builtin.include_role": include, "vars": variables}


def run_and_measure(
    tasks: list[dict[str, Any]], tmp_path: Path, environment: Mapping[str, str]
) -> tuple[PlaybookRun, list[tuple[float, str]]]:
    """The run, and for each line how long it was silent before."""
    host = {"ansible_become": False, "ansible_python_interpreter": sys.executable}
    running = start_playbook(
        [play(tasks, ignore_errors=False)],
        {"worker-1": host},
        tmp_path / "run",
        arguments=["-e", f"worker_install_dir={tmp_path}/opt", "-e", f"worker_cache_dir={tmp_path}/cache"],
        environment={**environment, "PYTHONUNBUFFERED": "1"},
    )
    assert running.process.stdout is not None
    silences, lines, shown = [], [], time.monotonic()
    with running.process.stdout as stdout:
        for line in stdout:
            silences.append((time.monotonic() - shown, line.rstrip()))
            shown = time.monotonic()
            lines.append(line)
    running.process.wait()
    return PlaybookRun(running.process.returncode, "".join(lines), ()), silences


def worker_variables(port: int) -> dict[str, Any]:
    return {
        "worker_home": "/opt/kafka",
        "worker_version": "4.3.1",
        "worker_properties": {"group.id": "connect", "listeners": f"http://127.0.0.1:{port}"},
        "worker_advertised_host": "127.0.0.1",
        "worker_start_timeout": 60,
    }


def test_no_wait_of_the_roles_is_silent_for_long(
    tmp_path: Path, server: SlowServer, environment: Mapping[str, str]
) -> None:
    worker = worker_variables(install_worker(tmp_path))
    archive = {
        "worker_archive": f"{server.url}/kafka_2.13-4.3.1.tgz",
        "worker_archive_checksum": f"sha256:{SHA256}",
    }
    java = {
        # ansible-core 2.16 does not know the variable.
        "ansible_facts": {"os_family": "Other", "pkg_mgr": "streamops.kafka_connect.slow_package"},
        "ansible_package_use": "streamops.kafka_connect.slow_package",
        "worker_java_package": "openjdk-17",
        "worker_archive": archive["worker_archive"],
    }
    beans = {
        "_jmx_interface": "Prometheus agent",
        "_jmx_request": {"url": f"{server.url}/beans", "username": "", "password": ""},
        "_jmx_expected": "beans",
    }
    plugins = {"plugins_list": [], "plugins_url": f"http://127.0.0.1:{closed_port()}", "plugins_verify_timeout": SLOW}
    tasks = [
        role("worker", "check_archive", **archive),
        {**role("worker", "install_java", **java)},
        role("worker", "start_and_wait", **worker),
        role("jmx", "verify_http", **beans),
        role("plugins", "query_worker", **plugins),
    ]
    (tmp_path / "bin" / "java").write_text("#!/bin/sh\necho 'openjdk version \"17.0.1\"' >&2\n", encoding="utf-8")
    (tmp_path / "bin" / "java").chmod(0o755)
    tasks[1]["vars"]["_worker_java"] = f"{tmp_path}/bin/java"
    run, silences = run_and_measure(tasks, tmp_path, environment)
    assert run.returncode == 0, run.output
    longest = max(silences)
    assert longest[0] <= LONGEST_SILENCE * FACTOR, f"{longest[0]:.1f} s before {longest[1]!r} in:\n{run.output}"
    for text in (
        "downloading http",
        "installing openjdk-17",
        "waiting for kafka-connect: no process of kafka-connect listens on port",
        "Read beans through the interface: Prometheus agent",
        "waiting until http",
    ):
        assert re.search(rf"^(worker-1|localhost) \|\s+\d+\.\d s \| .*{re.escape(text)}", run.output, re.MULTILINE), (
            text
        )


def test_a_worker_that_does_not_become_healthy_fails_in_one_line_and_is_stopped(
    tmp_path: Path, environment: Mapping[str, str]
) -> None:
    port = install_worker(tmp_path, status=401)
    run, _silences = run_and_measure(
        [role("worker", "start_and_wait", **worker_variables(port))], tmp_path, environment
    )
    assert run.returncode == 2, run.output
    (line,) = [line for line in run.output.splitlines() if "fatal" in line]
    assert re.search(
        rf"kafka-connect is not healthy at http://127.0.0.1:{port} after \d+ s: it rejects the credentials of the health check "
        r"\(HTTP 401\); kafka-connect was stopped again -> set the user name and password",
        line,
    ), line
    assert "systemctl" not in run.output
    assert (tmp_path / "stopped").exists()


def tasks_of(tasks: list[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    for task in tasks:
        yield task
        for block in ("block", "rescue", "always"):
            yield from tasks_of(task.get(block) or [])


@pytest.mark.parametrize("name", ROLES)
def test_long_steps_of_a_role_run_in_actions_that_show_progress(name: str) -> None:
    silent = []
    for file in sorted((CHECKOUT / "roles" / name / "tasks").glob("*.yml")):
        for task in tasks_of(yaml.safe_load(file.read_text(encoding="utf-8"))):
            modules = {key.rpartition(".")[2] for key in task}
            # Files such as keystores are copied at once, archives of hundreds of megabytes are not.
            copies = file.name != "copy_files.yml" and task.get("ansible.builtin.copy", {}).get("src")
            loops = "sleep " in str(task.get("ansible.builtin.shell", ""))
            if "until" in task or copies or loops or modules & WAITING_MODULES:
                silent.append(f"{file.name}: {task.get('name')}")
    assert silent == []
