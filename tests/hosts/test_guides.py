# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The guides about workers work on real hosts, from the first line to the last."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from testing.hosts import Hosts, playing
from testing.hosts.images import Image
from testing.hosts.release import ensure_release
from testing.sandbox.environment import CHECKOUT
from tests.integration.docs.markdown import Command, blocks
from tests.integration.docs.story import Story

GUIDES = CHECKOUT / "docs" / "guides"
NEW, OLD = "4.3", "3.9"
CHECKSUM = "sha256:0d4bdb4f8f4b3a2f6c1e9d7a5b3c8e20f4a6d1b9c7e5f3a1d2b4c6e8f0a2b4c6"
"""The checksum that the guides show; each reader has another archive."""

_LIMIT = 900.0


class Cluster:
    """Bare hosts and a broker, with replacements for the names in the guides."""

    def __init__(self, hosts: Hosts, broker: str) -> None:
        self._state = hosts.state
        self._broker = broker

    def story(self, folder: Path, line: str = NEW) -> Story:
        """A story in `folder`. `line` is the Kafka line of the archive that the guides call new."""
        release, newest = ensure_release(line), ensure_release(NEW)
        archive = folder / "files" / release.archive.name
        archive.parent.mkdir(exist_ok=True)
        archive.unlink(missing_ok=True)
        archive.symlink_to(release.archive)
        closed = self._closed_window()

        def meanings() -> list[tuple[str, str]]:
            addresses = [host.address for host in self._state.hosts if host.name != playing.BROKER]
            return [
                *((f"connect-{number}.example.com", address) for number, address in enumerate(addresses, 1)),
                ("kafka-1.example.com:9092", self._broker),
                (newest.archive.name, release.archive.name),
                (CHECKSUM, release.checksum),
                # One broker cannot hold more replicas.
                (".replication.factor: 3", ".replication.factor: 1"),
                ('start: "22:00", end: "05:00"', closed),
            ]

        return Story(folder, meanings, playing.environment(self._state, folder), _LIMIT)

    @staticmethod
    def _closed_window() -> str:
        """A window that is closed at the time of the test."""
        later = datetime.now(ZoneInfo("Europe/Berlin")) + timedelta(hours=10)
        return f'start: "{later:%H}:00", end: "{later:%H}:59"'


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Callable[[int], Cluster]]:
    """Creates the given number of bare hosts, and a broker."""
    name = f"guides-{os.getpid()}"

    def make(count: int) -> Cluster:
        workers: dict[str, Image] = {f"connect-{number}": "bare" for number in range(1, count + 1)}
        hosts = Hosts.up(name, {playing.BROKER: "java", **workers})
        return Cluster(hosts, playing.start_broker(hosts.state, tmp_path))

    try:
        yield make
    finally:
        Hosts(name).down()


def follow(guide: str, story: Story) -> None:
    for block in blocks(GUIDES / guide):
        story.follow(block)


def test_a_cluster_is_installed_and_workers_are_added_at_night(
    cluster: Callable[[int], Cluster], tmp_path: Path
) -> None:
    story = cluster(4).story(tmp_path)
    follow("install-a-cluster.md", story)
    follow("add-workers-at-night.md", story)


def test_a_cluster_is_upgraded_without_stopping(cluster: Callable[[int], Cluster], tmp_path: Path) -> None:
    three = cluster(3)
    older = three.story(tmp_path, OLD)
    written = {block.file: block for block in blocks(GUIDES / "upgrade-without-stopping.md") if block.file}
    installing = {block.file: block for block in blocks(GUIDES / "install-a-cluster.md") if block.file}
    older.follow(written["workers.yml"])
    older.follow(installing["install.yml"])
    older.run(Command("ansible-playbook -i workers.yml install.yml", ()), "before the guide")
    follow("upgrade-without-stopping.md", three.story(tmp_path))


def test_two_clusters_share_an_inventory(cluster: Callable[[int], Cluster], tmp_path: Path) -> None:
    follow("two-clusters.md", cluster(4).story(tmp_path))
