# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""verified_file, run by ansible-playbook, with a server on loopback: files, downloads and checksums."""

from __future__ import annotations

import base64
import hashlib
import threading
from collections.abc import Iterator, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from testing.ansible_runs import play, run_playbook, task
from testing.ansible_runs.playbook import PlaybookRun, start_playbook

CONTENT = b"an archive" * 1000
SHA256 = hashlib.sha256(CONTENT).hexdigest()
SHA512 = hashlib.sha512(CONTENT).hexdigest()
SECRET = "k3pt-canary"
HOSTS: Mapping[str, Mapping[str, Any]] = {"worker-1": {}, "worker-2": {}, "worker-3": {}}


class FileServer(ThreadingHTTPServer):
    """Serves `files` by path. `statuses` are sent first, one for each request; `requests` are the paths requested so far."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.files: dict[str, bytes] = {}
        self.statuses: list[int] = []
        self.requests: list[str] = []
        self.truncate: list[int] = []
        self.logins: list[str] = []

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.server_address[1]}"


class _Handler(BaseHTTPRequestHandler):
    server: FileServer

    def do_GET(self) -> None:
        self.server.requests.append(self.path)
        self.server.logins.append(self.headers.get("Authorization", "") + self.headers.get("Proxy-Authorization", ""))
        path = self.path.partition("?")[0].removeprefix("http://repository.invalid")
        content = self.server.files.get(path)
        status = self.server.statuses.pop(0) if self.server.statuses else 200 if content is not None else 404
        body = content if status == 200 and content is not None else b""
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body[: self.server.truncate.pop(0)] if self.server.truncate and body else body)

    def log_message(self, format: str, *_arguments: Any) -> None:  # noqa: A002  # the name that the base class gives it
        """Stay silent."""


@pytest.fixture
def server() -> Iterator[FileServer]:
    with FileServer() as running:
        running.files = {"/kafka_2.13-4.3.1.tgz": CONTENT}
        thread = threading.Thread(target=running.serve_forever, daemon=True)
        thread.start()
        yield running
        running.shutdown()
        thread.join()


def plays(options: Mapping[str, Any], **keywords: Any) -> list[dict[str, Any]]:
    where = {} if options.get("download") == "host" else {"delegate_to": "localhost"}
    return [play([task("verified_file", "file", {"name": "worker_archive", **options}, **where, **keywords)])]


def verify(
    tmp_path: Path,
    options: Mapping[str, Any],
    *arguments: str,
    hosts: Mapping[str, Mapping[str, Any]] | None = None,
    settings: Mapping[str, str] | None = None,
    **keywords: Any,
) -> PlaybookRun:
    return run_playbook(
        plays(options, **keywords),
        hosts or {"worker-1": {}},
        tmp_path / "run",
        arguments=arguments,
        environment={"XDG_CACHE_HOME": str(tmp_path / "cache"), **(settings or {})},
    )


def message(run: PlaybookRun) -> str:
    record = run.of("file")
    assert record.failed, run.output
    assert "Traceback" not in run.output
    assert "\n" not in record.message
    return record.message


def cached(tmp_path: Path) -> list[Path]:
    return sorted(path for path in (tmp_path / "cache").rglob("*") if path.is_file() and path.name != "lock")


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    path = tmp_path / "kafka_2.13-4.3.1.tgz"
    path.write_bytes(CONTENT)
    return path


@pytest.mark.parametrize("arguments", [[], ["--check"]], ids=["run", "check"])
def test_a_local_file_with_the_right_checksum_is_found(tmp_path: Path, archive: Path, arguments: list[str]) -> None:
    run = verify(tmp_path, {"src": str(archive), "checksum": f"sha512:{SHA512.upper()}"}, *arguments)
    result = run.of("file").result
    assert (result["path"], result["checksum"], result["changed"]) == (str(archive), f"sha512:{SHA512}", False)


@pytest.mark.parametrize("arguments", [[], ["--check"]], ids=["run", "check"])
def test_a_wrong_checksum_of_a_local_file_is_reported_with_both_digests(
    tmp_path: Path, archive: Path, arguments: list[str]
) -> None:
    run = verify(tmp_path, {"src": str(archive), "checksum": f"sha256:{'0' * 64}"}, *arguments)
    assert message(run) == (
        f"worker_archive: {archive} has checksum sha256:{SHA256}, expected sha256:{'0' * 64} -> correct its checksum, or provide "
        "the right file"
    )


def test_a_path_is_relative_to_the_playbook(tmp_path: Path) -> None:
    (tmp_path / "run" / "files").mkdir(parents=True)
    (tmp_path / "run" / "files" / "a.tgz").write_bytes(CONTENT)
    run = verify(tmp_path, {"src": "a.tgz", "checksum": f"sha256:{SHA256}"})
    assert run.of("file").result["path"] == str(tmp_path / "run" / "files" / "a.tgz")


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"src": "/no/such.tgz"}, "worker_archive: /no/such.tgz does not exist on the controller -> correct the path"),
        ({"src": "such.tgz"}, "a relative path is resolved against the running playbook -> start the path with"),
        ({"src": "/etc"}, "worker_archive: /etc cannot be read on the controller: Is a directory"),
        ({"checksum": "sha256:0123456789abcdef"}, "worker_archive: the sha256 checksum has 16 digits instead of 64"),
        ({"checksum": ""}, "does not start with sha256: or sha512:"),
        ({"src": "http://127.0.0.1:1/a", "download": "host"}, "dest is missing"),
    ],
)
def test_what_is_wrong_is_reported_in_one_line(tmp_path: Path, options: dict[str, Any], words: str) -> None:
    assert words in message(verify(tmp_path, {"src": "/etc/passwd", "checksum": f"sha256:{SHA256}", **options}))


def test_all_hosts_and_runs_share_one_download(tmp_path: Path, server: FileServer) -> None:
    options = {"src": f"http://{server.address}/kafka_2.13-4.3.1.tgz", "checksum": f"sha512:{SHA512}"}
    for _again in range(2):
        run = verify(tmp_path, options, "--forks=3", hosts=HOSTS)
        for host in HOSTS:
            path = Path(run.of("file", host).result["path"])
            assert path.read_bytes() == CONTENT
            assert path.name == "kafka_2.13-4.3.1.tgz"
            assert path.stat().st_mode & 0o777 == 0o600
            assert not run.of("file", host).result["changed"]
    assert server.requests == ["/kafka_2.13-4.3.1.tgz"]
    assert cached(tmp_path) == [path]


def test_runs_at_the_same_time_share_one_download(tmp_path: Path, server: FileServer) -> None:
    options = {"src": f"http://{server.address}/kafka_2.13-4.3.1.tgz", "checksum": f"sha512:{SHA512}"}
    running = [
        start_playbook(
            plays(options),
            {"worker-1": {}},
            tmp_path / str(number),
            environment={"XDG_CACHE_HOME": str(tmp_path / "cache")},
        )
        for number in range(3)
    ]
    assert [each.finish().returncode for each in running] == [0, 0, 0]
    assert len(server.requests) == 1


def test_a_damaged_file_of_the_cache_is_downloaded_again(tmp_path: Path, server: FileServer) -> None:
    options = {"src": f"http://{server.address}/kafka_2.13-4.3.1.tgz", "checksum": f"sha512:{SHA512}"}
    verify(tmp_path, options)
    cached(tmp_path)[0].write_bytes(b"")
    run = verify(tmp_path, options)
    assert Path(run.of("file").result["path"]).read_bytes() == CONTENT
    assert run.of("file").result["downloaded"]


def test_a_download_is_tried_again_after_a_failure_that_passes(tmp_path: Path, server: FileServer) -> None:
    server.statuses = [503, 429]
    run = verify(
        tmp_path, {"src": f"http://{server.address}/kafka_2.13-4.3.1.tgz", "checksum": f"sha512:{SHA512}"}, hosts=HOSTS
    )
    assert run.returncode == 0
    assert len(server.requests) == 3


def test_a_truncated_download_is_tried_again(tmp_path: Path, server: FileServer) -> None:
    server.truncate = [100]
    run = verify(tmp_path, {"src": f"http://{server.address}/kafka_2.13-4.3.1.tgz", "checksum": f"sha512:{SHA512}"})
    assert Path(run.of("file").result["path"]).read_bytes() == CONTENT


def test_a_missing_file_fails_at_once_and_once_for_all_hosts(tmp_path: Path, server: FileServer) -> None:
    url = f"http://{server.address}/kafka_2.13-4.3.0.tgz"
    run = verify(tmp_path, {"src": url, "checksum": f"sha512:{SHA512}"}, "--forks=3", hosts=HOSTS)
    assert run.of("file", "worker-2").message == (
        f"worker_archive: {url} could not be downloaded: Request failed, HTTP Error 404: Not Found"
        " -> correct its URL, or the credentials in it"
    )
    assert len(server.requests) == 1
    assert cached(tmp_path) == []


def test_check_mode_downloads_nothing(tmp_path: Path, server: FileServer) -> None:
    options = {"src": f"http://{server.address}/kafka_2.13-4.3.1.tgz", "checksum": f"sha512:{SHA512}"}
    run = verify(tmp_path, options, "--check")
    assert run.of("file").result["path"] == ""
    assert server.requests == []


@pytest.mark.parametrize("arguments", [[], ["--check"]], ids=["run", "check"])
def test_a_checksum_file_is_read_once_for_all_hosts(tmp_path: Path, server: FileServer, arguments: list[str]) -> None:
    groups = " ".join(SHA512[start : start + 8].upper() for start in range(0, 128, 8))
    server.files["/sums/kafka.sha512"] = f"kafka_2.13-4.3.1.tgz: {groups}\n".encode()
    options = {
        "src": f"http://{server.address}/kafka_2.13-4.3.1.tgz",
        "checksum": f"sha512:http://{server.address}/sums/kafka.sha512",
        "fetch": False,
    }
    run = verify(tmp_path, options, "--forks=3", *arguments, hosts=HOSTS)
    assert {run.of("file", host).result["checksum"] for host in HOSTS} == {f"sha512:{SHA512}"}
    assert server.requests == ["/sums/kafka.sha512"]


def test_a_checksum_file_of_another_file_is_rejected(tmp_path: Path, server: FileServer) -> None:
    server.files["/SHA512SUMS"] = f"{SHA512}  kafka_2.13-4.3.0.tgz\n".encode()
    url = f"http://{server.address}/SHA512SUMS"
    options = {"src": f"http://{server.address}/kafka_2.13-4.3.1.tgz", "checksum": f"sha512:{url}"}
    assert message(verify(tmp_path, options)) == (
        f"worker_archive: {url} has no digest of kafka_2.13-4.3.1.tgz, only of kafka_2.13-4.3.0.tgz -> give the URL of the "
        "checksum file of kafka_2.13-4.3.1.tgz, or its digest"
    )


def test_each_host_downloads_for_itself_if_requested(tmp_path: Path, server: FileServer) -> None:
    server.statuses = [503]
    options = {
        "src": f"http://{server.address}/kafka_2.13-4.3.1.tgz",
        "checksum": f"sha512:{SHA512}",
        "download": "host",
        "dest": str(tmp_path / "{{ inventory_hostname }}"),
    }
    run = verify(tmp_path, options, hosts=HOSTS)
    assert run.returncode == 0, run.output
    assert all((tmp_path / host).read_bytes() == CONTENT for host in HOSTS)
    assert (tmp_path / "worker-1").stat().st_mode & 0o777 == 0o600
    assert len(server.requests) == 4
    assert not (tmp_path / "cache").exists()


def test_a_wrong_checksum_of_a_download_leaves_nothing_in_the_cache_under_its_name(
    tmp_path: Path, server: FileServer
) -> None:
    url = f"http://{server.address}/kafka_2.13-4.3.1.tgz"
    assert f"has checksum sha256:{SHA256}, expected sha256:{'0' * 64}" in message(
        verify(tmp_path, {"src": url, "checksum": f"sha256:{'0' * 64}"})
    )
    assert [path.name for path in cached(tmp_path)] == []


@pytest.mark.parametrize("download", ["controller", "host"])
@pytest.mark.parametrize("outcome", ["found", "missing", "refused"])
def test_credentials_appear_nowhere(tmp_path: Path, server: FileServer, download: str, outcome: str) -> None:
    address = "127.0.0.1:1" if outcome == "refused" else server.address
    name = "missing.tgz" if outcome == "missing" else "kafka_2.13-4.3.1.tgz"
    options = {
        "src": f"http://user:{SECRET}@{address}/{name}?token={SECRET}",
        "checksum": f"sha512:{SHA512}",
        "download": download,
        "dest": str(tmp_path / "downloaded"),
    }
    run = verify(tmp_path, options, "-vvvvv")
    assert run.of("file").failed == (outcome != "found")
    assert SECRET not in run.output
    assert SECRET not in str(list(tmp_path.rglob("*")))
    if outcome == "found":
        assert server.requests == [f"/{name}?token={SECRET}"]
        assert base64.b64decode(server.logins[0].removeprefix("Basic ")).decode() == f"user:{SECRET}"


@pytest.mark.parametrize("download", ["controller", "host"])
@pytest.mark.parametrize("pipelining", ["1", "0"])
def test_a_proxy_is_used_and_its_password_appears_nowhere(
    tmp_path: Path, server: FileServer, download: str, pipelining: str
) -> None:
    options = {
        "src": "http://repository.invalid/kafka_2.13-4.3.1.tgz",
        "checksum": f"sha512:{SHA512}",
        "download": download,
        "dest": str(tmp_path / "downloaded"),
    }
    run = verify(
        tmp_path,
        options,
        "-vvvvv",
        settings={"ANSIBLE_PIPELINING": pipelining},
        environment={"http_proxy": f"http://user:{SECRET}@{server.address}", "NO_PROXY": ""},
    )
    assert run.returncode == 0, run.output
    assert server.requests == ["http://repository.invalid/kafka_2.13-4.3.1.tgz"]
    assert base64.b64decode(server.logins[0].removeprefix("Basic ")).decode() == f"user:{SECRET}"
    assert SECRET not in run.output
