# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The programs that the role plugins runs on hosts: archives are unpacked completely or not at all, and links switch atomically."""

from __future__ import annotations

import hashlib
import io
import os
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from testing.sandbox.environment import CHECKOUT

FILES = CHECKOUT / "roles" / "plugins" / "files"
VERSION = "orders/1.0-0123abcd"


def make_zip(path: Path, entries: Mapping[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w") as packed:
        for name, content in entries.items():
            packed.writestr(zipfile.ZipInfo(name, (2025, 9, 25, 3, 0, 0)), content)
    return path


def make_tar(path: Path, entries: Mapping[str, bytes], *links: tarfile.TarInfo) -> Path:
    with tarfile.open(path, "w:gz") as packed:
        for name, content in entries.items():
            member = tarfile.TarInfo(name)
            member.size, member.mtime = len(content), 1_700_000_000
            packed.addfile(member, io.BytesIO(content))
        for link in links:
            packed.addfile(link)
    return path


def checksum(path: Path, algorithm: str = "sha256") -> str:
    return f"{algorithm}:{hashlib.new(algorithm, path.read_bytes()).hexdigest()}"


def unpack(archive: Path, tmp_path: Path, expected: str = "") -> tuple[int, str]:
    """Runs it like the role, on standard input; returns the exit code and standard error."""
    (tmp_path / ".incoming").mkdir(exist_ok=True)
    ended = subprocess.run(
        [sys.executable, "-", archive, expected or checksum(archive), tmp_path / ".incoming", tmp_path / VERSION],
        input=(FILES / "unpack.py").read_bytes(),
        capture_output=True,
        check=False,
    )
    return ended.returncode, ended.stderr.decode()


def found(tmp_path: Path) -> list[str]:
    root = tmp_path / VERSION
    return sorted(str(path.relative_to(root)) for path in root.rglob("*") if path.is_file())


def test_a_single_top_level_directory_is_stripped(tmp_path: Path) -> None:
    content = {"debezium/debezium.jar": b"jar", "debezium/README.md": b"read"}
    assert unpack(make_tar(tmp_path / "a.tar.gz", content), tmp_path) == (0, "")
    assert found(tmp_path) == ["README.md", "debezium.jar"]


def test_a_zip_with_several_directories_keeps_them(tmp_path: Path) -> None:
    content = {
        "vendor-orders-1.0/": b"",
        "vendor-orders-1.0/manifest.json": b"{}",
        "vendor-orders-1.0/lib/": b"",
        "vendor-orders-1.0/lib/orders.jar": b"jar",
    }
    assert unpack(make_zip(tmp_path / "a.zip", content), tmp_path, "") == (0, "")
    assert found(tmp_path) == ["lib/orders.jar", "manifest.json"]
    assert oct((tmp_path / VERSION / "lib").stat().st_mode) == "0o40755"
    assert oct((tmp_path / VERSION / "lib" / "orders.jar").stat().st_mode) == "0o100644"
    assert (tmp_path / VERSION / "lib" / "orders.jar").stat().st_mtime == 1_758_769_200


def test_files_without_a_directory(tmp_path: Path) -> None:
    assert unpack(make_tar(tmp_path / "a.tgz", {"orders.jar": b"1", "lib/more.jar": b"2"}), tmp_path) == (0, "")
    assert found(tmp_path) == ["lib/more.jar", "orders.jar"]


def test_a_jar_is_copied_as_it_is(tmp_path: Path) -> None:
    jar = make_zip(tmp_path / "archive", {"META-INF/MANIFEST.MF": b"Manifest-Version: 1.0\n", "a/B.class": b""})
    assert unpack(jar, tmp_path, checksum(jar, "sha512").upper().replace("SHA512", "sha512")) == (0, "")
    assert found(tmp_path) == ["orders-1.0-0123abcd.jar"]
    assert (tmp_path / VERSION / "orders-1.0-0123abcd.jar").read_bytes() == jar.read_bytes()


def symbolic(name: str, target: str) -> tarfile.TarInfo:
    link = tarfile.TarInfo(name)
    link.type, link.linkname = tarfile.SYMTYPE, target
    return link


@pytest.mark.parametrize("name", ["../out.jar", "/tmp/out.jar", "a/../../out.jar", "..\\out.jar"])
@pytest.mark.parametrize("kind", ["zip", "tar"])
def test_names_that_lead_out_of_the_directory_are_rejected(name: str, kind: str, tmp_path: Path) -> None:
    make = make_zip if kind == "zip" else make_tar
    code, message = unpack(make(tmp_path / "archive", {"orders.jar": b"1", name: b"2"}), tmp_path)
    assert code == 1
    assert message == f"contains {name!r}, which leads out of its directory\n"
    assert not (tmp_path / "orders").exists()


def test_links_are_rejected(tmp_path: Path) -> None:
    code, message = unpack(make_tar(tmp_path / "a", {"orders.jar": b"1"}, symbolic("etc", "/etc")), tmp_path)
    assert (code, message) == (1, "contains 'etc', which is neither a file nor a directory\n")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"<html>not found\nhere</html>", "is not a zip, tar or jar file"),
        (None, "contains no jar"),
    ],
)
def test_a_file_that_is_not_a_plugin_is_rejected_with_one_line(
    content: bytes | None, words: str, tmp_path: Path
) -> None:
    archive = make_zip(tmp_path / "archive", {"a/README.md": b"", "a/b": b""})
    if content is not None:
        archive.write_bytes(content)
    code, message = unpack(archive, tmp_path)
    assert code == 1
    assert words in message
    assert message.count("\n") == 1
    assert not (tmp_path / "orders").exists()


def test_an_archive_that_ends_too_early_leaves_nothing(tmp_path: Path) -> None:
    archive = make_tar(tmp_path / "a.tar.gz", {"orders.jar": os.urandom(100_000)})
    archive.write_bytes(archive.read_bytes()[:50_000])
    code, message = unpack(archive, tmp_path)
    assert (code, message.count("\n")) == (1, 1)
    assert not (tmp_path / "orders").exists()


def test_a_wrong_checksum_is_reported_with_both_digests(tmp_path: Path) -> None:
    archive = make_zip(tmp_path / "a.zip", {"orders.jar": b"1"})
    code, message = unpack(archive, tmp_path, f"sha256:{'0' * 64}")
    assert (code, message) == (1, f"has checksum {checksum(archive)}, expected sha256:{'0' * 64}\n")


def test_leftovers_of_an_interrupted_run_are_ignored(tmp_path: Path) -> None:
    (tmp_path / ".incoming" / "unpacked" / "half").mkdir(parents=True)
    assert unpack(make_zip(tmp_path / "a.zip", {"orders.jar": b"1"}), tmp_path) == (0, "")
    assert found(tmp_path) == ["orders.jar"]


def switch(tmp_path: Path, mode: str, *places: str) -> None:
    plugins, versions = tmp_path / "plugins", tmp_path / "versions"
    plugins.mkdir(exist_ok=True)
    versions.mkdir(exist_ok=True)
    subprocess.run(
        ["sh", "-s", "--", mode, plugins, versions, *places], input=(FILES / "switch.sh").read_bytes(), check=True
    )
    assert not (versions / ".incoming").exists()


def pending(tmp_path: Path, started: timedelta) -> list[str]:
    """The pending locations that the role finds, with a service that was started that long after now."""
    programs = tmp_path / "bin"
    programs.mkdir(exist_ok=True)
    timestamp = (datetime.now(timezone.utc) + started).strftime("%a %Y-%m-%d %H:%M:%S UTC")
    (programs / "systemctl").write_text(
        f"#!/bin/sh\ncase $1 in is-active) echo active ;; *) echo '{timestamp}' ;; esac\n", encoding="utf-8"
    )
    (programs / "systemctl").chmod(0o755)
    ended = subprocess.run(
        ["sh", "-s", "--", tmp_path / "plugins", tmp_path / "versions", "kafka-connect"],
        input=(FILES / "inspect.sh").read_bytes(),
        env=os.environ | {"PATH": f"{programs}:{os.environ['PATH']}"},
        stdout=subprocess.PIPE,
        check=True,
    )
    lines = [line.split("\t") for line in ended.stdout.decode().splitlines()]
    assert ["running"] in lines
    return sorted(line[1] for line in lines if line[0] == "pending")


def links(tmp_path: Path) -> dict[str, str]:
    return {str(path.parent.name): str(path.readlink()) for path in (tmp_path / "plugins").glob("*/current")}


def recorded(tmp_path: Path) -> dict[str, str]:
    return {path.name: path.read_text().strip() for path in (tmp_path / "versions" / ".previous").iterdir()}


def test_the_previous_target_is_recorded_once_and_removed_on_rollback(tmp_path: Path) -> None:
    switch(tmp_path, "remember", "a", "/v/a/1", "b", "/v/b/1")
    assert links(tmp_path) == {"a": "/v/a/1", "b": "/v/b/1"}
    assert recorded(tmp_path) == {"a": "", "b": ""}
    (tmp_path / "versions" / ".previous" / "a").unlink()
    (tmp_path / "versions" / ".previous" / "b").unlink()

    switch(tmp_path, "remember", "a", "/v/a/2", "b", "")
    switch(tmp_path, "remember", "a", "/v/a/3", "c", "/v/c/1")
    assert links(tmp_path) == {"a": "/v/a/3", "c": "/v/c/1"}
    assert recorded(tmp_path) == {"a": "/v/a/1", "b": "/v/b/1", "c": ""}

    switch(tmp_path, "forget", "a", "/v/a/1", "b", "/v/b/1", "c", "")
    assert links(tmp_path) == {"a": "/v/a/1", "b": "/v/b/1"}
    assert recorded(tmp_path) == {}
    assert sorted(path.name for path in (tmp_path / "plugins").iterdir()) == ["a", "b"]


def test_a_reverted_change_leaves_no_record(tmp_path: Path) -> None:
    switch(tmp_path, "remember", "a", "/v/a/1")
    (tmp_path / "versions" / ".previous" / "a").unlink()
    switch(tmp_path, "remember", "a", "/v/a/2")
    switch(tmp_path, "remember", "a", "/v/a/1")
    assert (links(tmp_path), recorded(tmp_path)) == ({"a": "/v/a/1"}, {})


def test_what_was_switched_after_the_start_of_the_worker_is_pending(tmp_path: Path) -> None:
    switch(tmp_path, "remember", "a", "/v/a/1", "b", "/v/b/1")
    assert pending(tmp_path, timedelta(seconds=-5)) == ["a", "b"]
    assert pending(tmp_path, timedelta(seconds=5)) == []
    for record in (tmp_path / "versions" / ".previous").iterdir():
        os.utime(record, (0, 0))
    assert pending(tmp_path, timedelta(seconds=-5)) == []
    switch(tmp_path, "remember", "b", "")
    assert pending(tmp_path, timedelta(seconds=-5)) == []


def test_another_switch_of_the_same_plugin_is_pending_again(tmp_path: Path) -> None:
    switch(tmp_path, "remember", "a", "/v/a/1")
    os.utime(tmp_path / "versions" / ".previous" / "a", (0, 0))
    switch(tmp_path, "remember", "a", "/v/a/2")
    assert pending(tmp_path, timedelta(seconds=-5)) == ["a"]
