# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Brokers with prepared responses, in place of confluent-kafka's admin client."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from types import SimpleNamespace
from typing import Any

from confluent_kafka import KafkaError, KafkaException, TopicCollection


class Told:
    """An admin client with prepared responses: for each topic its partitions' replicas, its settings, or the error of
    the brokers; and the groups. All other topics do not exist.
    """

    def __init__(
        self,
        described: Mapping[str, Any] | None = None,
        settings: Mapping[str, Any] | None = None,
        groups: Sequence[Any] = (),
        nodes: Sequence[Any] = (),
        cluster_id: str = "kafka",
    ) -> None:
        self._described, self._settings, self._groups = described or {}, settings or {}, groups
        self._cluster = SimpleNamespace(cluster_id=cluster_id, nodes=list(nodes) or [node(1)])

    def list_groups(self, group: str = "", **_options: Any) -> Sequence[Any]:
        return [one for one in self._groups if group in ("", one.id)]

    def poll(self, _seconds: float) -> None:
        """Reports nothing about attempts to connect."""

    def describe_cluster(self, **_options: Any) -> Future[Any]:
        return answered(self._cluster)

    def describe_topics(self, topics: TopicCollection, **_options: Any) -> dict[str, Future[Any]]:
        return {
            name: answered(self._described.get(name, KafkaError.UNKNOWN_TOPIC_OR_PART)) for name in topics.topic_names
        }

    def describe_configs(self, resources: Sequence[Any], **_options: Any) -> dict[Any, Future[Any]]:
        return {
            resource: answered(self._settings.get(resource.name, KafkaError.UNKNOWN_TOPIC_OR_PART))
            for resource in resources
        }


def answered(answer: Any) -> Future[Any]:
    """A number is an error of the brokers, None is a missing response."""
    future: Future[Any] = Future()
    if isinstance(answer, int):
        future.set_exception(KafkaException(KafkaError(answer)))
    elif answer is not None:
        future.set_result(answer)
    return future


def partitions(*replicas: int) -> Any:
    """A topic whose partitions have these numbers of replicas, all in sync."""
    nodes = [[node(number) for number in range(1, count + 1)] for count in replicas]
    return SimpleNamespace(
        partitions=[
            SimpleNamespace(id=number, leader=placed[0], replicas=placed, isr=placed)
            for number, placed in enumerate(nodes)
        ]
    )


def node(number: int, address: str = "") -> Any:
    host, _colon, port = address.rpartition(":")
    return SimpleNamespace(id=number, host=host or "127.0.0.1", port=int(port or number))


def settings(policy: str, in_sync: str) -> Any:
    reported = {"cleanup.policy": policy, "min.insync.replicas": in_sync}
    return {key: SimpleNamespace(value=value) for key, value in reported.items()}
