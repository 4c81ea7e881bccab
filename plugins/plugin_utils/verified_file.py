# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Finds a file on the controller, or downloads it, and verifies its checksum: once for all hosts and runs, or on each host."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import re
import shlex
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple, cast
from urllib.parse import unquote, urlsplit

from ansible.constants import DEFAULT_LOCAL_TMP  # type: ignore[attr-defined]  # it is set when constants is imported
from ansible.errors import AnsibleConnectionFailure, AnsibleError
from ansible.plugins.action import ActionBase

from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible.execute import failure_result
from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible.operations.verified_file import (
    VERIFIED_FILE,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.downloads.checksum_files import (
    URL,
    Checksum,
    checksum_of,
    digest_in,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.errors import (
    InputError,
    Problem,
    one_line,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.secrets import mask_text
from ansible_collections.streamops.kafka_connect.plugins.plugin_utils.desired import plain
from ansible_collections.streamops.kafka_connect.plugins.plugin_utils.option_checks import validated
from ansible_collections.streamops.kafka_connect.plugins.plugin_utils.progress import ProgressLines

ATTEMPTS = 4
FIRST_PAUSE = 1.0
"""Seconds before the second attempt of a download; each further pause is twice as long."""
TIMEOUT = 30
"""Seconds without data after which an attempt of a download fails."""
WORTH_A_RETRY = frozenset({None, -1, 408, 425, 429, 500, 502, 503, 504})
"""HTTP statuses that another attempt may change; -1 without a response, None if the response ended too early."""
LONGEST_CHECKSUM_FILE = 1 << 20
"""Bytes of a checksum file. Those of releases with hundreds of files have some 50 kB."""
LONGEST_REASON = 300
BLOCK = 1 << 20
_CREDENTIALS = re.compile(r"^(https?://)(?:[^/?#]*@)?([^?#]*).*", re.I | re.S)


class Failure(Exception):
    """A file that cannot be used; the message is one line for the user, without secrets."""


class Source(NamedTuple):
    """Where a file comes from. `shown`: for messages, without the credentials and the query string of a URL."""

    location: str
    shown: str

    @property
    def is_url(self) -> bool:
        return URL.match(self.location) is not None

    @property
    def file_name(self) -> str:
        return unquote(self.shown.rstrip("/").rpartition("/")[2])


def source_of(location: str) -> Source:
    return Source(location, _CREDENTIALS.sub(r"\1\2", location))


class VerifiedFileAction(ActionBase):
    """Runs on the controller. Downloads with get_url, on the host of the task: the controller, or the host itself."""

    TRANSFERS_FILES = False
    _supports_async = False
    _supports_check_mode = True
    _supports_diff = False

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        super().run(tmp, task_vars)
        del tmp
        self._variables = task_vars or {}
        self._environment_file = ""
        host = str(self._task.delegate_to or self._variables.get("inventory_hostname", "localhost"))
        try:
            options = validated(VERIFIED_FILE, plain(dict(self._task.args)))
            source = source_of(options["src"].strip())
            name = options["name"] or source.shown
            _check_url(source, name)
            self._downloads_on: str = options["download"]
            try:
                checksum = checksum_of(options["checksum"])
            except InputError as error:
                raise Failure(f"{name}: {error.message}") from None
            _check_url(source_of(checksum.url), name)
            with ProgressLines(host, f"checking {name}") as self._progress:
                return self._found(options, source, checksum, name)
        except InputError as error:
            return failure_result(error)
        except Failure as failure:
            return {"failed": True, "msg": str(failure)}
        finally:
            cast(Any, self)._remove_tmp_path(self._connection._shell.tmpdir)

    def _found(self, options: Mapping[str, Any], source: Source, checksum: Checksum, name: str) -> dict[str, Any]:
        digest = checksum.digest or self._published(checksum, source, name)
        wanted = Checksum(checksum.algorithm, digest)
        result: dict[str, Any] = {"changed": False, "checksum": str(wanted), "path": "", "downloaded": False}
        if not options["fetch"]:
            return result
        if not source.is_url:
            path = self._find(source, name)
            self._verify(path, wanted, source, name)
            return {**result, "path": str(path)}
        if self._task.check_mode:
            return result
        if options["download"] == "host":
            return {**result, **self._download_to_host(options["dest"], source, wanted, name)}
        folder = Path(options["cache_dir"]) if options["cache_dir"] else default_cache()
        return {**result, **self._cached(folder, source, wanted, name)}

    # Files on the controller

    def _find(self, source: Source, name: str) -> Path:
        """Find a path as Ansible finds the files of a role or play."""
        try:
            found: str = cast(Any, self)._find_needle("files", source.location)
        except AnsibleError:
            if Path(source.location).is_absolute():
                why = "does not exist on the controller -> correct the path"
            else:
                why = (
                    "does not exist on the controller; a relative path is resolved against the running playbook -> start the path "
                    "with inventory_dir"
                )
            raise Failure(f"{name}: {source.shown} {why}") from None
        return Path(found)

    def _verify(self, path: Path, wanted: Checksum, source: Source, name: str) -> None:
        try:
            actual = digest_of(path, wanted.algorithm)
        except OSError as error:
            reason = os.strerror(error.errno) if error.errno else str(error)
            raise Failure(
                f"{name}: {source.shown} cannot be read on the controller: {reason} -> give a file that you may read"
            ) from None
        if actual != wanted.digest:
            raise Failure(_mismatch(source, wanted, actual, name))

    # Downloads

    def _published(self, checksum: Checksum, source: Source, name: str) -> str:
        """Return the digest in the checksum file at a URL. The hosts of a task read the file once."""
        listed = source_of(checksum.url)

        def read() -> str:
            with temporary_file() as path:
                self._progress.text = f"downloading {listed.shown}"
                self._download(listed, str(path), f"{name}: its checksum file")
                with path.open("rb") as file:
                    content = file.read(LONGEST_CHECKSUM_FILE)
            try:
                return digest_in(content.decode("utf-8", "replace"), checksum.algorithm, source.file_name)
            except ValueError as error:
                raise Failure(
                    f"{name}: {listed.shown} {one_line(str(error))} -> give the URL of the checksum file of "
                    f"{source.file_name}, or its digest"
                ) from None

        return self._once(f"{checksum} {source.file_name}", read)

    def _cached(self, folder: Path, source: Source, wanted: Checksum, name: str) -> dict[str, Any]:
        """Return the path of the file in the cache of the controller, after downloading it if it is not there."""
        path = folder / f"{wanted.algorithm}-{wanted.digest}" / (safe_name(source.file_name) or "file")
        try:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            lock = (path.parent / "lock").open("w", encoding="utf-8")
        except OSError as error:
            reason = os.strerror(error.errno) if error.errno else str(error)
            raise Failure(f"{name}: the cache {folder} cannot be used: {reason} -> choose another directory") from None
        downloaded: list[bool] = []

        def fetch() -> str:
            if path.exists() and digest_of(path, wanted.algorithm) == wanted.digest:
                return str(path)
            self._progress.text = f"downloading {source.shown} to the controller"
            # Written by this task only: others wait for the lock.
            incoming = path.with_name("incoming")
            try:
                self._download_verified(
                    source, str(incoming), wanted, name, lambda: digest_of(incoming, wanted.algorithm)
                )
                incoming.chmod(0o600)
                incoming.replace(path)
            finally:
                incoming.unlink(missing_ok=True)
            downloaded.append(True)
            return str(path)

        with lock:
            self._progress.text = f"waiting for another download of {source.shown}"
            fcntl.flock(lock, fcntl.LOCK_EX)
            self._once(f"{wanted} {source.location}", fetch)
            if not path.exists():
                fetch()
        return {"path": str(path), "downloaded": bool(downloaded)}

    def _download_to_host(self, dest: str | None, source: Source, wanted: Checksum, name: str) -> dict[str, Any]:
        if not dest:
            raise InputError([Problem("dest is missing: download: host needs the path of the file on the host")])
        self._progress.text = f"downloading {source.shown}"

        def digest() -> str:
            arguments = {"path": dest, "checksum_algorithm": wanted.algorithm, "get_mime": False}
            answer = self._module("ansible.builtin.stat", arguments)
            return str((answer.get("stat") or {}).get("checksum") or one_line(str(answer.get("msg") or "unreadable")))

        self._download_verified(source, dest, wanted, name, digest)
        return {"changed": True, "downloaded": True}

    def _download_verified(
        self, source: Source, dest: str, wanted: Checksum, name: str, digest: Callable[[], str]
    ) -> None:
        self._download(source, dest, name)
        actual = digest()
        if actual != wanted.digest:
            # A connection that ended too early leaves a shorter file, and no error.
            self._download(source, dest, name)
            actual = digest()
        if actual != wanted.digest:
            raise Failure(_mismatch(source, wanted, actual, name))

    def _download(self, source: Source, dest: str, name: str) -> None:
        arguments: dict[str, Any] = {
            "url": source.location,
            "dest": dest,
            "mode": "0600",
            "force": True,
            "timeout": TIMEOUT,
        }
        if urlsplit(source.location).username:
            # Some servers respond to a request without a login as if there were no such file.
            arguments["force_basic_auth"] = True
        text, pause = self._progress.text, FIRST_PAUSE
        for attempt in range(1, ATTEMPTS + 1):
            answer = self._module("ansible.builtin.get_url", arguments)
            if not answer.get("failed"):
                self._progress.text = text
                return
            reason, status = _reason(answer, source), answer.get("status_code")
            if attempt == ATTEMPTS or status not in WORTH_A_RETRY:
                break
            self._progress.text = f"{text}: attempt {attempt + 1} of {ATTEMPTS}, after: {reason}"
            time.sleep(pause)
            pause *= 2
        times = f" in {attempt} attempts" if attempt > 1 else ""
        raise Failure(f"{name}: {source.shown} could not be downloaded{times}: {reason} -> {self._advice(status)}")

    def _advice(self, status: int | None) -> str:
        if status is not None and 400 <= status < 500:
            return "correct its URL, or the credentials in it"
        other = "controller" if self._downloads_on == "host" else "host"
        role = cast(Any, self._task)._role
        option = f"{role.get_name(include_role_fqcn=False)}_download" if role else "download"
        return f"check the network of the {self._downloads_on}, or set {option} to {other}"

    def _module(self, module: str, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
        """Run a module on the host of the task, without a word about its arguments in any log, also in check mode."""
        check_mode, no_log = self._task.check_mode, self._task.no_log
        self._task.check_mode, self._task.no_log = False, True
        try:
            self._hide_environment()
            result: Mapping[str, Any] = self._execute_module(
                module_name=module, module_args=dict(arguments), task_vars=self._variables
            )
        finally:
            self._task.check_mode, self._task.no_log = check_mode, no_log
        if result.get("unreachable"):
            raise AnsibleConnectionFailure(str(result.get("msg") or "the host is unreachable"))
        return result

    # The environment of the task may contain the password of a proxy. As part of a command, it would be visible in the process list
    # and in the output at -vvv. So the command reads it from a file.

    def _hide_environment(self) -> None:
        given: dict[str, Any] = {}
        super()._compute_environment_string(given)
        if not given:
            return
        if self._connection._shell.tmpdir is None:
            self._make_tmp_path()
        if not self._environment_file:
            lines = [f"export {name}={shlex.quote(str(value))}\n" for name, value in given.items() if _is_name(name)]
            path = self._connection._shell.join_path(self._connection._shell.tmpdir, "environment")
            self._transfer_data(path, "".join(lines))
            cast(Any, self)._fixup_perms2((self._connection._shell.tmpdir, path))
            self._environment_file = path

    def _compute_environment_string(self, raw_environment_out: dict[str, Any] | None = None) -> str:  # noqa: ARG002  # Ansible gives it
        if not self._environment_file:
            return str(self._connection._shell.env_prefix())
        program = shlex.quote('. "$0" && exec "$@"')
        return f"sh -c {program} {shlex.quote(self._environment_file)}"

    # What the hosts of a task share

    def _once(self, what: str, read: Callable[[], str]) -> str:
        """Return the result of `read`, or raise its Failure: those of the first host of this task that gets here.

        Ansible forks a process for each host. They share a file in the temporary directory of this run.
        """
        key = hashlib.sha256(f"{self._task._uuid} {what}".encode()).hexdigest()[:16]
        with (Path(DEFAULT_LOCAL_TMP) / f"verified-file-{key}.json").open("a+", encoding="utf-8") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            file.seek(0)
            text = file.read()
            known = json.loads(text) if text else {}
            if not known:
                try:
                    known = {"found": read()}
                except Failure as failure:
                    known = {"failure": str(failure)}
                json.dump(known, file)
        if "failure" in known:
            raise Failure(known["failure"])
        return str(known["found"])


def default_cache() -> Path:
    """The directory for downloads in the cache of the user who runs Ansible."""
    base = os.environ.get("XDG_CACHE_HOME") or ""
    root = Path(base) if os.path.isabs(base) else Path.home() / ".cache"  # an empty path is not absolute
    return root / "streamops-kafka-connect" / "downloads"


def digest_of(path: Path, algorithm: str) -> str:
    digest = hashlib.new(algorithm)
    with path.open("rb") as file:
        for block in iter(lambda: file.read(BLOCK), b""):
            digest.update(block)
    return digest.hexdigest()


def safe_name(name: str) -> str:
    """The name for a file of the cache: letters, digits and a few signs, which neither hide it nor lead elsewhere."""
    return re.sub(r"[^A-Za-z0-9._+-]", "_", name)[-100:].lstrip(".")


@contextmanager
def temporary_file() -> Iterator[Path]:
    path = Path(DEFAULT_LOCAL_TMP) / f"verified-file-{os.getpid()}"
    try:
        yield path
    finally:
        path.unlink(missing_ok=True)


def _check_url(source: Source, name: str) -> None:
    try:
        urlsplit(source.location)
    except ValueError:
        raise Failure(f"{name}: {source.shown} is not a URL -> correct it") from None


def _is_name(name: str) -> bool:
    return re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", name) is not None


def _mismatch(source: Source, wanted: Checksum, actual: str, name: str) -> str:
    return (
        f"{name}: {source.shown} has checksum {wanted.algorithm}:{actual}, expected {wanted} -> correct its checksum, or provide "
        "the right file"
    )


def _reason(answer: Mapping[str, Any], source: Source) -> str:
    """What get_url reports, in one line, without the credentials of the URL."""
    parts = [str(answer.get(key) or "") for key in ("msg", "response")]
    text = ", ".join(dict.fromkeys(part for part in parts if part)) or "no reason was given"
    split = urlsplit(source.location)
    hidden = [source.location, split.password or "", split.username or "", split.query, split.fragment]
    for secret in sorted(filter(None, hidden), key=len, reverse=True):
        text = text.replace(secret, source.shown if secret == source.location else "***")
    return one_line(mask_text(text))[:LONGEST_REASON]
