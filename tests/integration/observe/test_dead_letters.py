# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""dead_letter_info and dead_letters on the dead letter topics of real sinks."""

from __future__ import annotations

import base64
import json
import stat
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from confluent_kafka import Consumer, Message, Producer, TopicPartition

from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible.execute import execute
from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible.operations import (
    dead_letter_info,
    dead_letters,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.errors import BrokersError
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.group.brokers import Brokers
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.group.topic_writer import (
    NewRecord,
    TransactionalWriter,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.run import Run
from testing.sandbox import Sandbox
from testing.trouble import Trouble
from testing.waiting import await_condition
from tests.contract.modules.shapes import misfits
from tests.specifications import SPECIFICATIONS

OPERATIONS = {"dead_letter_info": dead_letter_info.dead_letter_info, "dead_letters": dead_letters.dead_letters}
JSON = "org.apache.kafka.connect.json.JsonConverter"
SECRET = "Canary-of-the-letters-w4"


def run(module: str, sandbox: Sandbox, **options: Any) -> dict[str, Any]:
    check_mode = options.pop("check_mode", False)
    given = {"bootstrap_servers": sandbox.bootstrap_servers, **options}
    specification = SPECIFICATIONS[module]
    checked = ArgumentSpecValidator(specification.arguments, **specification.checks).validate(given)
    assert checked.error_messages == []
    result = execute(OPERATIONS[module], checked.validated_parameters, check_mode=check_mode, diff_mode=False)
    assert misfits(module, result) == []
    return result


def info(sandbox: Sandbox, **options: Any) -> dict[str, Any]:
    return run("dead_letter_info", sandbox, url=sandbox.urls, **options)


@pytest.fixture
def letters(troubled: Sandbox, trouble: Trouble) -> str:
    """A sink that set five records aside: four that are no JSON, and one that its transform can't process. The name of the topic."""
    trouble.topic(partitions=2)
    trouble.sink(
        **{
            "errors.tolerance": "all",
            "value.converter": JSON,
            "value.converter.schemas.enable": "false",
            "transforms": "key",
            "transforms.key.type": "org.apache.kafka.connect.transforms.ValueToKey",
            "transforms.key.fields": "id",
            "errors.deadletterqueue.topic.name": f"{trouble.name}-dead",
            "errors.deadletterqueue.topic.replication.factor": "1",
            "errors.deadletterqueue.context.headers.enable": "true",
        }
    )
    trouble.produce(4, value=f'{{"password": "{SECRET}"'.encode())
    trouble.produce(1, value=b'"no object"')
    trouble.produce(2, value=b'{"id": 1}')
    name = f"{trouble.name}-dead"
    await_condition(lambda: name in trouble.topics())
    await_condition(lambda: info(troubled, name=[trouble.name])["records"] == 5)
    return name


def records_of(sandbox: Sandbox, topic: str) -> list[Message]:
    """All committed records of a topic."""
    consumer = Consumer(
        {
            "bootstrap.servers": sandbox.bootstrap_servers,
            "group.id": f"reader-of-{topic}",
            "enable.auto.commit": False,
            "enable.partition.eof": True,
            "isolation.level": "read_committed",
        }
    )
    try:
        numbers = list(consumer.list_topics(topic, timeout=10).topics[topic].partitions)
        consumer.assign([TopicPartition(topic, number, 0) for number in numbers])
        return list(_until_the_end(consumer, len(numbers)))
    finally:
        consumer.close()


def _until_the_end(consumer: Consumer, partitions: int) -> Iterator[Message]:
    while partitions:
        message = consumer.poll(10)
        assert message is not None
        if message.error() is None:
            yield message
        else:
            partitions -= 1


def test_dead_letters_are_shown_by_cause(troubled: Sandbox, trouble: Trouble, letters: str) -> None:
    result = info(troubled, name=[trouble.name])
    (topic,) = result["topics"]
    assert (topic["topic"], topic["connectors"], topic["exists"]) == (letters, [trouble.name], True)
    assert (topic["records"], topic["records_last_hour"], topic["records_read"]) == (5, 5, 5)
    unreadable, unsuitable = topic["causes"]
    assert (unreadable["records"], unreadable["stage"], unreadable["class"]) == (4, "VALUE_CONVERTER", JSON)
    assert (unsuitable["records"], unsuitable["stage"]) == (1, "TRANSFORMATION")
    assert unreadable["origins"] == [{"topic": trouble.name, "records": 4}]
    assert unreadable["transience"] == "permanent"
    assert unreadable["advice"]
    (sample,) = unreadable["samples"]
    assert sample["origin"]["topic"] == trouble.name
    assert sample["value"].startswith('{"password": "')
    assert unsuitable["samples"][0]["value"] == '"no object"'
    assert SECRET not in json.dumps(result)
    assert result["msg"].startswith("dead letters: 5 in 1 topic; most frequent cause: ")


def test_a_topic_is_read_without_any_worker(troubled: Sandbox, letters: str) -> None:
    result = run("dead_letter_info", troubled, topics=[letters, "no-such-topic"], samples=0)
    missing, there = result["topics"]
    assert (there["records"], missing["exists"], result["run"]["requests"]) == (5, False, 0)
    assert [cause["samples"] for cause in there["causes"]] == [[], []]


def test_the_newest_records_are_read_where_there_are_many(troubled: Sandbox, letters: str) -> None:
    (topic,) = run("dead_letter_info", troubled, topics=[letters], max_records=2)["topics"]
    assert (topic["records"], topic["records_chosen"], topic["records_read"]) == (5, 5, 2)


def test_only_what_follows_the_review_mark_is_shown(troubled: Sandbox, trouble: Trouble, letters: str) -> None:
    mark = {"topic": letters, "state": "reviewed", "review": f"mark-{letters}"}
    assert run("dead_letters", troubled, check_mode=True, **mark)["changed"]
    first = run("dead_letters", troubled, **mark)
    assert (first["changed"], first["records"]) == (True, 5)
    assert run("dead_letters", troubled, **mark)["changed"] is False
    trouble.produce(1, value=b"{")
    await_condition(lambda: info(troubled, name=[trouble.name])["records"] == 6)
    after = info(troubled, name=[trouble.name], review=f"mark-{letters}")
    assert (after["records"], after["records_chosen"], after["topics"][0]["records_read"]) == (6, 1, 1)


def test_records_are_written_again_once(troubled: Sandbox, trouble: Trouble, letters: str) -> None:
    retry = trouble.topic(f"{trouble.name}-retry", partitions=3)
    again = {"topic": letters, "state": "reprocessed", "destination": retry, "stages": ["VALUE_CONVERTER"]}
    preview = run("dead_letters", troubled, check_mode=True, **again)
    assert (preview["changed"], preview["records"], preview["passed"]) == (True, 4, 1)
    assert records_of(troubled, retry) == []

    done = run("dead_letters", troubled, **again)
    assert (done["changed"], done["records"], done["destinations"]) == (True, 4, {retry: 4})
    written = records_of(troubled, retry)
    assert {record.value() for record in written} == {f'{{"password": "{SECRET}"'.encode()}
    assert [record.headers() for record in written] == [[("dead-letter.attempt", b"1")]] * 4

    second = run("dead_letters", troubled, **again)
    assert (second["changed"], second["records"]) == (False, 0)
    assert len(records_of(troubled, retry)) == 4


def test_a_limit_leaves_the_rest_for_the_next_run(troubled: Sandbox, trouble: Trouble, letters: str) -> None:
    retry = trouble.topic(f"{trouble.name}-retry")
    again = {"topic": letters, "state": "reprocessed", "destination": retry, "limit": 3}
    first = run("dead_letters", troubled, **again)
    assert (first["records"], first["left"]) == (3, 2)
    second = run("dead_letters", troubled, **again)
    assert (second["records"], second["left"]) == (2, 0)
    assert len(records_of(troubled, retry)) == 5


def test_records_go_back_to_their_origin_with_a_growing_attempt(
    troubled: Sandbox, trouble: Trouble, letters: str
) -> None:
    """The sink sets them aside again."""
    again = {"topic": letters, "state": "reprocessed", "to_origin": True, "stages": ["TRANSFORMATION"]}
    assert run("dead_letters", troubled, **again)["records"] == 1
    await_condition(lambda: info(troubled, name=[trouble.name])["records"] == 6)
    assert run("dead_letters", troubled, **again)["records"] == 1
    headers = [header for record in records_of(troubled, trouble.name) for header in record.headers() or ()]
    assert headers == [("dead-letter.attempt", b"1"), ("dead-letter.attempt", b"2")]


def test_two_runs_at_once_write_each_record_once(troubled: Sandbox, trouble: Trouble, letters: str) -> None:
    retry = trouble.topic(f"{trouble.name}-retry")
    results: list[dict[str, Any]] = []

    def process() -> None:
        results.append(run("dead_letters", troubled, topic=letters, state="reprocessed", destination=retry))

    threads = [threading.Thread(target=process) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    run("dead_letters", troubled, topic=letters, state="reprocessed", destination=retry)
    assert len(records_of(troubled, retry)) == 5
    assert [result["error"]["kind"] for result in results if result.get("failed")] in ([], ["brokers_failed"])


def test_what_a_killed_run_left_open_is_not_written(troubled: Sandbox, trouble: Trouble, letters: str) -> None:
    retry = trouble.topic(f"{trouble.name}-retry")
    again = {"topic": letters, "state": "reprocessed", "destination": retry}
    group = run("dead_letters", troubled, check_mode=True, **again)["position_group"]
    killed = Producer({"bootstrap.servers": troubled.bootstrap_servers, "transactional.id": group})
    killed.init_transactions(30)
    killed.begin_transaction()
    killed.produce(retry, b"left open")
    killed.flush(10)
    assert run("dead_letters", troubled, **again)["records"] == 5
    written = [record.value() for record in records_of(troubled, retry)]
    assert (len(written), b"left open" in written) == (5, False)


def test_a_later_run_ends_the_earlier_one(troubled: Sandbox, trouble: Trouble, letters: str) -> None:
    retry = trouble.topic(f"{trouble.name}-retry")
    again = {"topic": letters, "state": "reprocessed", "destination": retry}
    group = run("dead_letters", troubled, check_mode=True, **again)["position_group"]
    earlier = TransactionalWriter(Brokers((troubled.bootstrap_servers,), {}), group, Run())
    assert run("dead_letters", troubled, **again)["records"] == 5
    with pytest.raises(BrokersError, match="another run processes the same records"):
        earlier.write([NewRecord(retry, -1, None, b"late", (), 0)], letters, {0: 1})
    earlier.close()
    assert len(records_of(troubled, retry)) == 5


def test_records_are_deleted_after_they_are_saved(troubled: Sandbox, letters: str, tmp_path: Path) -> None:
    gone = {"topic": letters, "state": "discarded", "backup_dir": str(tmp_path / "saved")}
    assert run("dead_letters", troubled, check_mode=True, **gone)["records"] == 5
    assert not (tmp_path / "saved").exists()
    expected = {(record.partition(), record.offset()): record for record in records_of(troubled, letters)}

    result = run("dead_letters", troubled, **gone)
    assert (result["changed"], result["records"]) == (True, 5)
    file = Path(result["backup_file"])
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    saved = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    assert len(saved) == 5
    for entry in saved:
        record = expected[entry["partition"], entry["offset"]]
        assert base64.b64decode(entry["value"]) == record.value()
        assert [(name, base64.b64decode(value)) for name, value in entry["headers"]] == record.headers()
    assert run("dead_letter_info", troubled, topics=[letters])["records"] == 0
    again = run("dead_letters", troubled, **gone)
    assert (again["changed"], again["backup_file"]) == (False, "")


def test_records_are_not_deleted_if_they_are_larger_than_allowed(
    troubled: Sandbox, letters: str, tmp_path: Path
) -> None:
    options = {"topic": letters, "state": "discarded", "backup_dir": str(tmp_path), "max_bytes": 100}
    result = run("dead_letters", troubled, **options)
    assert "more than 100 bytes" in result["msg"]
    assert list(tmp_path.iterdir()) == []
    assert run("dead_letter_info", troubled, topics=[letters])["records"] == 5


def test_a_destination_that_does_not_exist_is_not_created(troubled: Sandbox, trouble: Trouble, letters: str) -> None:
    result = run("dead_letters", troubled, topic=letters, state="reprocessed", destination="no-such-topic")
    assert result["msg"] == 'topic "no-such-topic" does not exist: create it, or correct its name'
    assert "no-such-topic" not in trouble.topics()
