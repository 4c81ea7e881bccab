# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Collects on a worker's host what helps to find the cause of a failure, without the secrets that the host knows.

Runs on the workers' hosts, as root, from standard input, and needs only Python 3.7 there. The caller appends a line that passes the
options: `service`, `config_dir`, `log_dir`, `hours` and `limit` (bytes of a text), and for each agent in `agents` its `name`, `url`,
and optionally `username` and `password`. `secrets` are further values to mask.

Prints one JSON object with the texts by file name. A text that is too long begins later. Values of secret keys in the worker's
files, and everything in the files of its config provider, are masked in all texts before they leave the host. Files that contain
nothing but secrets are never sent. The controller masks what looks like a secret, with rules that need no knowledge of the values.
"""

from __future__ import annotations

import base64
import glob
import json
import os
import platform
import re
import signal
import ssl
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from typing import IO, Any

MASK = "********"
SHORTEST_SECRET = 4
"""Characters. Shorter values are masked only where their key stands."""
COMMAND_SECONDS = 30
REQUEST_SECONDS = 15
DUMP_SECONDS = 10
LINES = 50_000
"""Newest lines of the journal that are read at all."""
LONGEST_FILE = 1_000_000
"""Bytes that are read of a configuration file."""

_SECRET_KEY = re.compile(
    r"pass(word|wd|phrase)?s?$|password|passwd|passphrase|pwd|secret|token|credential|(api|private|access|account|shared)[._-]?key"
    r"|user\.?info|jaas|authorization",
    re.IGNORECASE,
)
_ASSIGNED = re.compile(r"""([\w.-]+)\s*=\s*(?:\\?"((?:[^"\\]|\\.)*?)\\?"|'([^']*)'|([^\s;,"']+))""")
_IN_URL = re.compile(r"://[^\s:/@\"']*:([^\s/\"']+)@")
_PROVIDED = re.compile(r"\$\{\w+:(/[^:}]+):")
_ESCAPED = re.compile(r"\\(u[0-9a-fA-F]{4}|.)", re.DOTALL)
_CONTROL = {"t": "\t", "n": "\n", "r": "\r", "f": "\f"}


def main(options: dict[str, Any]) -> int:
    os.umask(0o077)
    found = Collection(options)
    for name, collect in found.parts():
        try:
            text = collect()
        except Exception as problem:  # noqa: BLE001  # one part that fails must not prevent the others
            text = f"not available: {type(problem).__name__}\n"
        found.texts[name] = text
    sys.stdout.write(json.dumps({name: found.masked(text) for name, text in found.texts.items()}) + "\n")
    return 0


class Collection:
    def __init__(self, options: dict[str, Any]) -> None:
        self.options = options
        self.service = f"{options['service']}.service"
        self.limit = int(options["limit"])
        self.texts: dict[str, str] = {}
        self.properties = properties_of(read(self.config("worker.properties")))
        self.environment = read(self.config("environment"))
        self.secrets = self.known_secrets()
        self.pid = self.main_pid()

    def config(self, name: str) -> str:
        return os.path.join(self.options["config_dir"], name)

    def parts(self) -> Iterator[tuple[str, Callable[[], str]]]:
        """The files of the bundle. The thread dump comes before the journal, which may contain it."""
        yield "worker.properties", self.worker_properties
        yield "environment", self.environment_text
        yield "unit.txt", lambda: self.run("systemctl", "cat", self.service)
        yield "service.txt", lambda: self.run("systemctl", "show", self.service)
        yield "startup.txt", self.startup
        yield "versions.txt", self.versions
        yield "host.txt", self.host
        yield "files.txt", self.files
        for path in sorted(glob.glob(self.config("log4j*"))):
            yield os.path.basename(path), lambda path=path: read(path)
        if self.pid:
            yield "threads.txt", self.threads
            yield "process.txt", self.process
        for agent in self.options.get("agents", ()):
            yield f"jmx-{agent['name']}.txt", lambda agent=agent: self.request(agent)
        since = f"--since=-{int(self.options['hours'])}h"
        yield (
            "journal.txt",
            lambda: self.run(
                "journalctl", f"--unit={self.service}", "--output=short-iso", "--no-pager", f"--lines={LINES}", since
            ),
        )
        yield "connect.log", lambda: self.end_of(os.path.join(self.options["log_dir"], "connect.log"))

    # What is collected

    def worker_properties(self) -> str:
        return "".join(f"{escaped(key)}={escaped(self.shown(key, value))}\n" for key, value in self.properties.items())

    def environment_text(self) -> str:
        lines = []
        for line in self.environment.splitlines():
            key, sign, value = line.partition("=")
            lines.append(f"{key}{sign}{MASK if _SECRET_KEY.search(key) and sign else masked_assignments(value)}")
        return "\n".join(lines) + "\n"

    def shown(self, key: str, value: str) -> str:
        if value.startswith("${") or not _SECRET_KEY.search(key):
            return value
        return masked_assignments(value) if "jaas" in key.lower() else MASK

    def startup(self) -> str:
        started = read(f"/run/{self.options['service']}/started-with")
        now = self.run(self.config("list-startup-files"))
        changed = sorted(set(started.splitlines()) ^ set(now.splitlines()))
        differing = sorted({line.partition("  ")[2] for line in changed})
        return f"differs: {', '.join(differing) or 'nothing'}\n\nstarted with:\n{started}\nwould start with:\n{now}"

    def versions(self) -> str:
        java = os.path.realpath(f"/proc/{self.pid}/exe") if self.pid else "/usr/bin/java"
        parts = [
            f"kernel: {platform.platform()}\npython: {platform.python_version()}\n",
            f"installation: {os.path.realpath(f'/proc/{self.pid}/cwd') if self.pid else 'not running'}\njava: {java}\n",
            self.run(java, "-version"),
            self.run("systemctl", "--version"),
            read("/etc/os-release"),
        ]
        return "\n".join(parts)

    def host(self) -> str:
        commands = (
            ["uptime"],
            ["df", "-h"],
            ["df", "-i"],
            ["free", "-m"],
            ["ss", "-lntp"],
            ["timedatectl", "--no-pager"],
        )
        return "\n".join(f"$ {' '.join(command)}\n{self.run(*command)}" for command in commands)

    def files(self) -> str:
        return self.run("ls", "-la", self.options["config_dir"], self.options["log_dir"], self.config("jmx"))

    def process(self) -> str:
        names = ("status", "limits", "cgroup", "io")
        return "\n".join(f"{name}:\n{read(f'/proc/{self.pid}/{name}')}" for name in names)

    def threads(self) -> str:
        """A thread dump by jcmd of the same Java, or by a signal, after which the JVM writes it into the journal."""
        jcmd = os.path.join(os.path.dirname(os.path.realpath(f"/proc/{self.pid}/exe")), "jcmd")
        if os.access(jcmd, os.X_OK):
            text = self.run(jcmd, str(self.pid), "Thread.print", "-l")
            if "Full thread dump" in text:
                return text
        if not self.handles_quit():
            return "not available: the JVM does not handle SIGQUIT (-Xrs), which would end it\n"
        begin = time.time()
        os.kill(self.pid, signal.SIGQUIT)
        text = ""
        while time.time() < begin + DUMP_SECONDS:
            text = self.run(
                "journalctl", f"--unit={self.service}", "--output=cat", "--no-pager", f"--since=@{int(begin)}"
            )
            if "Full thread dump" in text and "JNI global ref" in text:
                return text[text.index("Full thread dump") :]
            time.sleep(0.5)
        return text or "no thread dump\n"

    def handles_quit(self) -> bool:
        """Whether the process has a handler for SIGQUIT; otherwise the signal would end it."""
        match = re.search(r"^SigCgt:\s*([0-9a-f]+)", read(f"/proc/{self.pid}/status"), re.MULTILINE)
        return match is not None and bool(int(match[1], 16) >> (signal.SIGQUIT - 1) & 1)

    def request(self, agent: dict[str, str]) -> str:
        request = urllib.request.Request(agent["url"])  # noqa: S310  # the user's own URL
        if agent.get("username"):
            login = base64.b64encode(f"{agent['username']}:{agent.get('password', '')}".encode()).decode()
            request.add_header("Authorization", f"Basic {login}")
        # The agent is on this host, so its certificate proves nothing that is not known.
        context = ssl.create_default_context()
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        handlers = (urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=context))
        try:
            with urllib.request.build_opener(*handlers).open(request, timeout=REQUEST_SECONDS) as response:
                return bytes(response.read(self.limit)).decode("utf-8", "replace")
        except urllib.error.HTTPError as problem:
            problem.close()
            return f"not available: HTTP {problem.code}\n"

    # How it is read

    def run(self, *command: str) -> str:
        """The end of what a command prints, at most `limit` bytes."""
        try:
            process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                env={**os.environ, "LC_ALL": "C"},
            )
        except OSError as problem:
            return f"not available: {type(problem).__name__}\n"
        timer = threading.Timer(COMMAND_SECONDS, process.kill)
        timer.start()
        kept, dropped = b"", 0
        with process:
            for block in blocks_of(process.stdout):
                kept += block
                if len(kept) > 2 * self.limit:
                    dropped += len(kept) - self.limit
                    kept = kept[-self.limit :]
        timer.cancel()
        return self.end(kept, dropped)

    def end_of(self, path: str) -> str:
        with open(path, "rb") as file:
            size = file.seek(0, os.SEEK_END)
            file.seek(max(size - self.limit, 0))
            return self.end(file.read(self.limit), max(size - self.limit, 0))

    def end(self, kept: bytes, dropped: int) -> str:
        dropped += max(len(kept) - self.limit, 0)
        kept = kept[-self.limit :]
        if dropped:
            # A line that is cut could contain the end of a secret, which would not be recognized.
            kept = kept[kept.find(b"\n") + 1 :] if b"\n" in kept else b""
        text = kept.decode("utf-8", "replace")
        return f"[earlier bytes left out: {dropped}]\n{text}" if dropped else text

    def main_pid(self) -> int:
        text = self.run("systemctl", "show", "--property=MainPID", "--value", self.service).strip()
        return int(text) if text.isdigit() else 0

    # Secrets

    def known_secrets(self) -> list[str]:
        values: set[str] = set(self.options.get("secrets", ()))
        values.update(agent["password"] for agent in self.options.get("agents", ()) if agent.get("password"))
        for key, value in self.properties.items():
            values.update(secrets_of(key, value))
        for line in self.environment.splitlines():
            key, _sign, value = line.partition("=")
            values.update(secrets_of(key, value.strip('"')))
        # Environment= in the unit and its drop-ins
        for line in self.run("systemctl", "cat", self.service).splitlines():
            values.update(secrets_of("", line.partition("=")[2]))
        provided = {path for value in self.properties.values() for path in _PROVIDED.findall(value)}
        for path in {self.config("secrets.properties"), *provided}:
            values.update(properties_of(read(path)).values())
        for path in glob.glob(self.config("jmx/*")):
            text = read(path)
            if path.endswith("remote.password"):
                values.update(line.partition(" ")[2].strip() for line in text.splitlines())
            else:
                for key, value in properties_of(text).items():
                    values.update(secrets_of(key, value))
        forms = {form for value in values for form in (value, unescaped(value), json.dumps(value)[1:-1])}
        # The longest first: a secret may contain another one.
        return sorted((form for form in forms if len(form) >= SHORTEST_SECRET), key=len, reverse=True)

    def masked(self, text: str) -> str:
        for secret in self.secrets:
            text = text.replace(secret, MASK)
        return text


def blocks_of(stream: IO[bytes] | None) -> Iterator[bytes]:
    while stream is not None:
        block = stream.read(1 << 16)
        if not block:
            return
        yield block


def secrets_of(key: str, value: str) -> Iterator[str]:
    """The secrets in a value: all of it, by its key, or parts of it, by the keys in it."""
    if value.startswith("${") or value.lower() in ("true", "false", ""):
        return
    if _SECRET_KEY.search(key) and "jaas" not in key.lower():
        yield value
    for inner, double, single, plain in _ASSIGNED.findall(value):
        if _SECRET_KEY.search(inner) and not (double or single or plain).startswith("${"):
            yield double or single or plain
    yield from _IN_URL.findall(value)


def masked_assignments(value: str) -> str:
    """The value with masked values of secret keys in it, such as -Dpassword=… and password="…"."""
    shown, position = [], 0
    for match in _ASSIGNED.finditer(value):
        group = next((number for number in (2, 3, 4) if match[number]), 0)
        if group and _SECRET_KEY.search(match[1]) and not match[group].startswith("${"):
            shown += [value[position : match.start(group)], MASK]
            position = match.end(group)
    return _IN_URL.sub(lambda match: match[0].replace(match[1], MASK), "".join([*shown, value[position:]]))


def properties_of(text: str) -> dict[str, str]:
    """The keys and values of a .properties file."""
    found: dict[str, str] = {}
    lines = re.sub(r"(?<!\\)((?:\\\\)*)\\\r?\n[ \t]*", r"\1", text).splitlines()
    for line in lines:
        stripped = line.strip()
        if not stripped or stripped[0] in "#!":
            continue
        match = re.match(r"((?:[^\s:=\\]|\\.)+)\s*[:=]?\s*(.*)", stripped, re.DOTALL)
        if match is not None:
            found[unescaped(match[1])] = unescaped(match[2])
    return found


def unescaped(text: str) -> str:
    return _ESCAPED.sub(
        lambda match: chr(int(match[1][1:], 16)) if len(match[1]) == 5 else _CONTROL.get(match[1], match[1]), text
    )


def escaped(text: str) -> str:
    """The key or value as a .properties file has it, in one line."""
    return re.sub(r"[\\:=#! ]", r"\\\g<0>", text).replace("\n", "\\n").replace("\r", "\\r").replace("\t", "\\t")


def read(path: str) -> str:
    """The content of a file, "" if there is none."""
    try:
        with open(path, "rb") as file:
            return file.read(LONGEST_FILE).decode("utf-8", "replace")
    except OSError:
        return ""
