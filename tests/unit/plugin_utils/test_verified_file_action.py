# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Files with a checksum: found, downloaded once, and refused in one line without credentials."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from ansible.errors import AnsibleConnectionFailure

from ansible_collections.streamops.kafka_connect.plugins.plugin_utils import verified_file
from testing.ansible_runs.in_process import make_action

CONTENT = b"the archive"
DIGEST = hashlib.sha256(CONTENT).hexdigest()
CHECKSUM = f"sha256:{DIGEST}"
URL = "https://mirror.example/kafka.tgz"
SUMS = "https://mirror.example/kafka.tgz.sha256"
BUSY = {"failed": True, "status_code": 503, "msg": "Request failed", "response": "HTTP Error 503: Service Unavailable"}
SILENT = {"failed": True, "status_code": -1, "msg": "Request failed: timed out"}

Reply = bytes | Mapping[str, Any]


class FakeWeb:
    """Serves each URL: one reply after the other, the last one again and again. Records what was requested, and how."""

    def __init__(self) -> None:
        self.replies: dict[str, list[Reply]] = {}
        self.requests: list[Mapping[str, Any]] = []
        self.stat: Mapping[str, Any] | None = None
        """The result of the module stat; by default, that of the file."""

    def serve(self, url: str, *replies: Reply) -> None:
        self.replies[url] = list(replies)

    @property
    def urls(self) -> list[str]:
        return [str(request["url"]) for request in self.requests]

    def get_url(self, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
        self.requests.append(arguments)
        replies = self.replies[arguments["url"]]
        reply = replies.pop(0) if len(replies) > 1 else replies[0]
        if isinstance(reply, bytes):
            Path(arguments["dest"]).write_bytes(reply)
            return {"changed": True, "status_code": 200}
        return reply

    def execute(self, *, module_name: str, module_args: Mapping[str, Any], **_named: Any) -> Mapping[str, Any]:
        if module_name == "ansible.builtin.get_url":
            return self.get_url(module_args)
        if self.stat is not None:
            return self.stat
        digest = hashlib.new(module_args["checksum_algorithm"], Path(module_args["path"]).read_bytes())
        return {"stat": {"checksum": digest.hexdigest()}}


class Play:
    """Runs the task for one host after another, in directories of the test."""

    def __init__(self, folder: Path, web: FakeWeb) -> None:
        self.folder = folder
        self.cache = folder / "cache"
        self.web = web
        self.last: Any = None

    def action(
        self, src: str = URL, checksum: str = CHECKSUM, *, task: Mapping[str, Any] | None = None, **more: Any
    ) -> Any:
        arguments = {"src": src, "checksum": checksum, "cache_dir": str(self.cache), **more}
        attributes = {"_uuid": "task-1", "_role": None, **(task or {})}
        action = make_action("verified_file", arguments, search=str(self.folder), **attributes)
        shell = action._connection._shell
        shell.env_prefix = lambda **given: " ".join(given)
        shell.join_path = lambda *parts: "/".join(parts)
        action._execute_module = self.web.execute
        action._remove_tmp_path = lambda _path: None
        self.last = action
        return action

    def run(self, *arguments: str, host: str = "connect-1", **more: Any) -> dict[str, Any]:
        result: dict[str, Any] = self.action(*arguments, **more).run(task_vars={"inventory_hostname": host})
        return result


@pytest.fixture
def web() -> FakeWeb:
    return FakeWeb()


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The seconds between the attempts of a download, which none waits for."""
    waited: list[float] = []
    monkeypatch.setattr(verified_file, "time", SimpleNamespace(sleep=waited.append))
    return waited


@pytest.fixture
def play(tmp_path: Path, web: FakeWeb, monkeypatch: pytest.MonkeyPatch, pauses: list[float]) -> Play:
    del pauses
    local = tmp_path / "local"
    local.mkdir()
    monkeypatch.setattr(verified_file, "DEFAULT_LOCAL_TMP", str(local))
    return Play(tmp_path, web)


# Files on the controller


def test_a_file_with_the_right_checksum_is_found(play: Play) -> None:
    (play.folder / "kafka.tgz").write_bytes(CONTENT)
    result = play.run("kafka.tgz")
    assert result == {
        "changed": False,
        "checksum": CHECKSUM,
        "path": str(play.folder / "kafka.tgz"),
        "downloaded": False,
    }


def test_a_file_with_another_checksum_is_refused_with_both(play: Play) -> None:
    (play.folder / "kafka.tgz").write_bytes(b"other")
    actual = hashlib.sha256(b"other").hexdigest()
    assert play.run("kafka.tgz", name="kafka")["msg"] == (
        f"kafka: kafka.tgz has checksum sha256:{actual}, expected {CHECKSUM} -> correct its checksum, or provide the right "
        "file"
    )


def test_a_missing_relative_path_is_explained(play: Play) -> None:
    message = play.run("kafka.tgz")["msg"]
    assert message.startswith("kafka.tgz: kafka.tgz does not exist on the controller; a relative path is resolved")
    assert message.endswith("-> start the path with inventory_dir")


def test_a_missing_absolute_path_is_to_be_corrected(play: Play) -> None:
    message = play.run("/nowhere/kafka.tgz", name="kafka")["msg"]
    assert message == "kafka: /nowhere/kafka.tgz does not exist on the controller -> correct the path"


def test_a_directory_is_no_file_to_read(play: Play) -> None:
    (play.folder / "kafka.tgz").mkdir()
    assert play.run("kafka.tgz")["msg"] == (
        "kafka.tgz: kafka.tgz cannot be read on the controller: Is a directory -> give a file that you may read"
    )


# Options


def test_a_checksum_that_is_none_is_named_with_the_file(play: Play) -> None:
    result = play.run(URL, "md5:1234", name="kafka")
    assert result["failed"] is True
    assert result["msg"].startswith("kafka: ")
    assert play.web.urls == []


def test_a_broken_url_is_named_without_its_credentials(play: Play) -> None:
    message = play.run("https://user:hunter2@[broken/kafka.tgz", name="kafka")["msg"]
    assert message == "kafka: https://[broken/kafka.tgz is not a URL -> correct it"


def test_an_unknown_option_is_named(play: Play) -> None:
    assert "unknown option color" in play.run(color="red")["msg"]


def test_a_download_to_the_host_needs_a_destination(play: Play) -> None:
    message = play.run(download="host")["msg"]
    assert "dest is missing: download: host needs the path of the file on the host" in message


# Downloads to the controller


def test_a_download_is_kept_in_the_cache_readable_by_its_owner_only(play: Play, web: FakeWeb) -> None:
    web.serve(URL, CONTENT)
    result = play.run()
    path = Path(result["path"])
    assert (result["downloaded"], result["changed"]) == (True, False)
    assert path == play.cache / f"sha256-{DIGEST}" / "kafka.tgz"
    assert path.read_bytes() == CONTENT
    assert path.stat().st_mode & 0o777 == 0o600


def test_the_second_host_uses_the_file_of_the_first(play: Play, web: FakeWeb) -> None:
    web.serve(URL, CONTENT)
    first, second = play.run(host="connect-1"), play.run(host="connect-2")
    assert web.urls == [URL]
    assert second == {**first, "downloaded": False}


def test_the_second_host_repeats_the_failure_of_the_first_without_a_request(play: Play, web: FakeWeb) -> None:
    web.serve(URL, {"failed": True, "status_code": 404, "msg": "Not Found"})
    assert play.run(host="connect-1")["msg"] == play.run(host="connect-2")["msg"]
    assert web.urls == [URL]


def test_the_next_run_uses_the_cache(play: Play, web: FakeWeb) -> None:
    web.serve(URL, CONTENT)
    play.run(task={"_uuid": "task-1"})
    assert play.run(task={"_uuid": "task-2"})["downloaded"] is False
    assert web.urls == [URL]


def test_a_damaged_file_in_the_cache_is_downloaded_again(play: Play, web: FakeWeb) -> None:
    web.serve(URL, CONTENT)
    Path(play.run()["path"]).write_bytes(b"damaged")
    result = play.run(task={"_uuid": "task-2"})
    assert (result["downloaded"], Path(result["path"]).read_bytes()) == (True, CONTENT)


def test_a_file_that_was_removed_during_the_task_is_downloaded_again(play: Play, web: FakeWeb) -> None:
    web.serve(URL, CONTENT)
    Path(play.run()["path"]).unlink()
    assert Path(play.run(host="connect-2")["path"]).read_bytes() == CONTENT


def test_a_truncated_download_is_tried_a_second_time(play: Play, web: FakeWeb) -> None:
    web.serve(URL, CONTENT[:3], CONTENT)
    assert play.run()["downloaded"] is True
    assert web.urls == [URL, URL]


def test_a_download_that_differs_twice_is_refused_and_not_kept(play: Play, web: FakeWeb) -> None:
    web.serve(URL, b"other")
    message = play.run()["msg"]
    assert f"has checksum sha256:{hashlib.sha256(b'other').hexdigest()}, expected {CHECKSUM}" in message
    assert web.urls == [URL, URL]
    assert [path.name for path in play.cache.rglob("*") if path.is_file()] == ["lock"]


def test_a_cache_that_cannot_be_used_is_named(play: Play) -> None:
    play.cache.write_text("a file", encoding="utf-8")
    message = play.run(name="kafka")["msg"]
    assert message.startswith(f"kafka: the cache {play.cache} cannot be used: ")
    assert message.endswith("-> choose another directory")


def test_the_default_cache_is_that_of_the_user(play: Play, web: FakeWeb, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(play.folder / "xdg"))
    web.serve(URL, CONTENT)
    result = play.run(cache_dir=None)
    assert Path(result["path"]).is_relative_to(play.folder / "xdg" / "streamops-kafka-connect" / "downloads")


@pytest.mark.parametrize("value", ["", "relative"])
def test_a_cache_directory_that_is_not_absolute_is_ignored(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", value)
    assert verified_file.default_cache() == Path.home() / ".cache" / "streamops-kafka-connect" / "downloads"


def test_a_name_in_the_cache_leads_nowhere_else() -> None:
    assert verified_file.safe_name("../../etc/pass wd") == "_.._etc_pass_wd"


def test_check_mode_downloads_nothing(play: Play) -> None:
    result = play.run(task={"check_mode": True})
    assert (result["path"], result["downloaded"]) == ("", False)
    assert play.web.urls == []
    assert not play.cache.exists()


def test_a_file_that_is_not_fetched_needs_no_download(play: Play) -> None:
    assert play.run(fetch=False)["checksum"] == CHECKSUM
    assert play.web.urls == []


# Checksum files


def test_the_checksum_is_read_from_its_url(play: Play, web: FakeWeb) -> None:
    web.serve(SUMS, f"{DIGEST}  kafka.tgz\n".encode())
    web.serve(URL, CONTENT)
    result = play.run(URL, f"sha256:{SUMS}")
    assert (result["checksum"], result["downloaded"]) == (CHECKSUM, True)


def test_check_mode_still_reads_the_checksum(play: Play, web: FakeWeb) -> None:
    web.serve(SUMS, f"{DIGEST}  kafka.tgz\n".encode())
    assert play.run(URL, f"sha256:{SUMS}", task={"check_mode": True})["checksum"] == CHECKSUM
    assert web.urls == [SUMS]
    assert play.last._task.check_mode is True


def test_all_hosts_read_a_checksum_file_once(play: Play, web: FakeWeb) -> None:
    web.serve(SUMS, DIGEST.encode())
    for host in ("connect-1", "connect-2"):
        play.run(URL, f"sha256:{SUMS}", host=host, fetch=False)
    assert web.urls == [SUMS]


def test_a_checksum_file_of_other_files_is_named_with_them(play: Play, web: FakeWeb) -> None:
    web.serve(SUMS, f"{DIGEST}  flink.tgz\n".encode())
    assert play.run(URL, f"sha256:{SUMS}", name="kafka")["msg"] == (
        f"kafka: {SUMS} has no digest of kafka.tgz, only of flink.tgz -> give the URL of the checksum file of kafka.tgz, "
        "or its digest"
    )


def test_a_checksum_file_that_is_missing_is_named(play: Play, web: FakeWeb) -> None:
    web.serve(SUMS, {"failed": True, "status_code": 404, "msg": "Not Found"})
    assert play.run(URL, f"sha256:{SUMS}", name="kafka")["msg"] == (
        f"kafka: its checksum file: {SUMS} could not be downloaded: Not Found -> correct its URL, or the credentials in it"
    )


# Downloads by the host


def test_the_host_downloads_the_file_itself(play: Play, web: FakeWeb) -> None:
    web.serve(URL, CONTENT)
    dest = play.folder / "on-host.tgz"
    result = play.run(download="host", dest=str(dest))
    assert (result["changed"], result["downloaded"], dest.read_bytes()) == (True, True, CONTENT)


def test_a_file_on_the_host_that_cannot_be_read_is_refused(play: Play, web: FakeWeb) -> None:
    web.serve(URL, CONTENT)
    web.stat = {"failed": True, "msg": "Permission denied"}
    message = play.run(download="host", dest=str(play.folder / "x"))["msg"]
    assert "has checksum sha256:Permission denied, expected" in message


def test_a_host_that_becomes_unreachable_is_left_to_ansible(play: Play, web: FakeWeb) -> None:
    web.serve(URL, {"unreachable": True, "msg": "no route to host"})
    with pytest.raises(AnsibleConnectionFailure, match="no route to host"):
        play.run(download="host", dest=str(play.folder / "x"))


# Attempts


def test_a_busy_server_is_asked_again_after_longer_and_longer_pauses(
    play: Play, web: FakeWeb, pauses: list[float]
) -> None:
    web.serve(URL, BUSY, BUSY, BUSY, CONTENT)
    assert play.run()["downloaded"] is True
    assert pauses == [1.0, 2.0, 4.0]


def test_progress_names_the_attempt_and_what_went_wrong(
    play: Play, web: FakeWeb, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts: list[str] = []
    monkeypatch.setattr(
        verified_file, "time", SimpleNamespace(sleep=lambda _seconds: texts.append(play.last._progress.text))
    )
    web.serve(URL, BUSY, CONTENT)
    play.run()
    assert texts == [
        f"downloading {URL} to the controller: attempt 2 of 4, after: Request failed, HTTP Error 503: Service Unavailable"
    ]


def test_a_server_that_stays_busy_fails_with_the_attempts_and_a_way_out(play: Play, web: FakeWeb) -> None:
    web.serve(URL, BUSY)
    assert play.run(name="kafka")["msg"] == (
        f"kafka: {URL} could not be downloaded in 4 attempts: Request failed, HTTP Error 503: Service Unavailable -> check "
        "the network of the controller, or set download to host"
    )


def test_a_missing_file_is_not_asked_for_again(play: Play, web: FakeWeb, pauses: list[float]) -> None:
    web.serve(URL, {"failed": True, "status_code": 404, "msg": "Not Found"})
    assert play.run()["msg"].endswith("could not be downloaded: Not Found -> correct its URL, or the credentials in it")
    assert pauses == []


def test_the_advice_names_the_variable_of_the_role(play: Play, web: FakeWeb) -> None:
    web.serve(URL, SILENT)
    role = SimpleNamespace(get_name=lambda **_named: "worker")
    message = play.run(download="host", dest="/nowhere/x", task={"_role": role})["msg"]
    assert message.endswith("-> check the network of the host, or set worker_download to controller")


def test_a_failure_without_a_reason_says_so(play: Play, web: FakeWeb) -> None:
    web.serve(URL, {"failed": True, "status_code": 400})
    assert "could not be downloaded: no reason was given ->" in play.run()["msg"]


# Secrets


def test_no_message_contains_the_credentials_of_a_url(play: Play, web: FakeWeb) -> None:
    url = "https://deploy:hunter2@mirror.example/kafka.tgz?token=s3cr3t"
    web.serve(url, {"failed": True, "status_code": 401, "msg": f"{url} refused deploy:hunter2, token=s3cr3t"})
    message = play.run(url)["msg"]
    assert f"{URL} refused" in message
    assert not [secret for secret in ("hunter2", "s3cr3t", "deploy") if secret in message]


def test_credentials_are_sent_with_the_first_request(play: Play, web: FakeWeb) -> None:
    url = "https://deploy:hunter2@mirror.example/kafka.tgz"
    web.serve(url, CONTENT)
    play.run(url)
    assert web.requests[0]["force_basic_auth"] is True


def test_the_arguments_of_a_download_are_not_logged(play: Play, web: FakeWeb) -> None:
    web.serve(URL, CONTENT)
    action = play.action()
    seen: list[bool] = []

    def execute(**named: Any) -> Mapping[str, Any]:
        seen.append(action._task.no_log)
        return web.execute(**named)

    action._execute_module = execute
    action.run(task_vars={})
    assert seen == [True]
    assert action._task.no_log is False, "the other results of the task are shown"


def test_the_environment_reaches_the_download_through_a_file(play: Play, web: FakeWeb) -> None:
    """A command with the password of a proxy would be visible in the process list."""
    web.serve(URL, CONTENT)
    files: dict[str, str] = {}
    commands: list[str] = []
    action = play.action(task={"environment": [{"https_proxy": "http://user:hunter2@proxy", "not-a-name": "x"}]})
    action._connection._shell.tmpdir = None

    def make_directory() -> None:
        action._connection._shell.tmpdir = "/tmp/ansible-1"

    def execute(**named: Any) -> Mapping[str, Any]:
        commands.append(action._compute_environment_string())
        return web.execute(**named)

    action._make_tmp_path = make_directory
    action._transfer_data = files.__setitem__
    action._fixup_perms2 = lambda _paths: None
    action._execute_module = execute
    action.run(task_vars={})
    assert files == {"/tmp/ansible-1/environment": "export https_proxy=http://user:hunter2@proxy\n"}
    assert commands == ["""sh -c '. "$0" && exec "$@"' /tmp/ansible-1/environment"""]


def test_a_task_without_an_environment_needs_no_file(play: Play, web: FakeWeb) -> None:
    web.serve(URL, CONTENT)
    play.run()
    assert play.last._compute_environment_string() == ""
