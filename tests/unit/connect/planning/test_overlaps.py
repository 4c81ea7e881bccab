# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import time
from typing import Any

import pytest

from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.model import Config, Connector
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.planning.change import Change
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.planning.checked import Checked
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.planning.overlap_keys import (
    SOURCES,
    TARGETS,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.planning.overlaps import (
    check_overlaps,
    find_overlaps,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.planning.steps import Delete, Update

POSTGRES = "io.debezium.connector.postgresql.PostgresConnector"
MYSQL = "io.debezium.connector.mysql.MySqlConnector"
JDBC_SINK = "io.confluent.connect.jdbc.JdbcSinkConnector"
JDBC_SOURCE = "io.confluent.connect.jdbc.JdbcSourceConnector"
FILE_SINK = "org.apache.kafka.connect.file.FileStreamSinkConnector"
OWN_SINK = "com.example.OwnSinkConnector"
OWN_SOURCE = "com.example.OwnSourceConnector"


def config(plugin: str, **keys: str) -> Config:
    return {"connector.class": plugin} | {key.replace("__", "."): value for key, value in keys.items()}


def kinds(one: Config, other: Config, **options: Any) -> list[str]:
    found = find_overlaps({"a": {**one, "name": "a"}, "b": {**other, "name": "b"}}, **options)
    assert all(overlap.names == ("a", "b") for overlap in found)
    return [overlap.kind for overlap in found]


def database(plugin: str, **keys: str) -> Config:
    return config(plugin, database__hostname="db", database__dbname="shop", **keys)


OVERLAPPING = {
    "the same configuration": ("identical", config(OWN_SOURCE, x="1"), config(OWN_SOURCE, x="1")),
    "the same slot": (
        "source",
        database(POSTGRES, slot__name="s", table__include__list="a.b"),
        database(POSTGRES, slot__name="s", table__include__list="a.c", database__port="5432"),
    ),
    "the default slot": (
        "source",
        database(POSTGRES, table__include__list="a.b"),
        database(POSTGRES, slot__name="debezium", table__include__list="a.c"),
    ),
    "a table in both": (
        "source",
        database(POSTGRES, slot__name="s", table__include__list="a.b,a.c"),
        database(POSTGRES, slot__name="t", table__include__list="a.d, a.c"),
    ),
    "all tables and one": (
        "source",
        database(MYSQL, database__server__id="1"),
        database(MYSQL, database__server__id="2", table__include__list="a.c"),
    ),
    "the same server.id": (
        "source",
        database(MYSQL, database__server__id="1", table__include__list="a.b"),
        database(MYSQL, database__server__id="1", table__include__list="a.c"),
    ),
    "the same topic.prefix": (
        "source",
        config(MYSQL, database__hostname="db-1", topic__prefix="shop"),
        config(MYSQL, database__hostname="db-2", topic__prefix="shop"),
    ),
    "the same query": (
        "source",
        config(JDBC_SOURCE, connection__url="jdbc:x", query="SELECT 1", topic__prefix="a"),
        config(JDBC_SOURCE, connection__url="jdbc:x", query="SELECT 1", topic__prefix="b"),
    ),
    "the same keys of an unknown source": (
        "source",
        config(OWN_SOURCE, where="x", tasks__max="1"),
        config(OWN_SOURCE, where="x", tasks__max="2", key__converter="y", errors__tolerance="all"),
    ),
    "the same target and a topic in both": (
        "target",
        config(JDBC_SINK, connection__url="jdbc:x", topics="a,b", batch__size="1"),
        config(JDBC_SINK, connection__url="jdbc:x", topics="c, b"),
    ),
    "a topic that a pattern matches": (
        "target",
        config(FILE_SINK, file="/f", topics="shop.orders"),
        config(FILE_SINK, file="/f", topics__regex=r"shop\..*"),
    ),
    "equal patterns": (
        "target",
        config(OWN_SINK, where="x", topics__regex="(a+)+", tasks__max="1"),
        config(OWN_SINK, where="x", topics__regex="(a+)+"),
    ),
    "the same group": (
        "group",
        config(OWN_SINK, where="x", topics="a", consumer__override__group__id="g"),
        config(FILE_SINK, file="/f", topics="b", consumer__override__group__id="g"),
    ),
    "the group of another sink": (
        "group",
        config(OWN_SINK, where="x", topics="a"),
        config(FILE_SINK, file="/f", topics="b", consumer__override__group__id="connect-a"),
    ),
}


@pytest.mark.parametrize("case", OVERLAPPING)
def test_connectors_with_the_same_work_are_found(case: str) -> None:
    kind, one, other = OVERLAPPING[case]
    assert kinds(one, other) == [kind]


SEPARATE = {
    "other slots and tables": (
        database(POSTGRES, slot__name="s", table__include__list="a.b"),
        database(POSTGRES, slot__name="t", table__include__list="a.c"),
    ),
    "other ports": (
        database(POSTGRES, slot__name="s", database__port="1"),
        database(POSTGRES, slot__name="s", database__port="2"),
    ),
    "other tables of one url": (
        config(JDBC_SOURCE, connection__url="jdbc:x", table__whitelist="a"),
        config(JDBC_SOURCE, connection__url="jdbc:x", table__whitelist="b"),
    ),
    "other topics": (
        config(JDBC_SINK, connection__url="jdbc:x", topics="a"),
        config(JDBC_SINK, connection__url="jdbc:x", topics="b"),
    ),
    "another table for the same topic": (
        config(JDBC_SINK, connection__url="jdbc:x", topics="a", table__name__format="one"),
        config(JDBC_SINK, connection__url="jdbc:x", topics="a", table__name__format="two"),
    ),
    "another class": (config(OWN_SOURCE, x="1"), config("com.example.OtherSourceConnector", x="1")),
    "no keys of their own": (config(OWN_SOURCE, tasks__max="1"), config(OWN_SOURCE, tasks__max="2")),
    "a pattern that is not resolved": (
        config(FILE_SINK, file="/f", topics="aaaa"),
        config(FILE_SINK, file="/f", topics__regex="(a+)+"),
    ),
    "a pattern that only Java has": (
        config(FILE_SINK, file="/f", topics="a"),
        config(FILE_SINK, file="/f", topics__regex=r"\p{Lower}[a&&[b]]("),
    ),
}


@pytest.mark.parametrize("case", SEPARATE)
def test_connectors_with_different_work_are_not_reported(case: str) -> None:
    assert kinds(*SEPARATE[case]) == []


def test_patterns_are_resolved_against_the_topics_that_exist() -> None:
    one, other = (
        config(FILE_SINK, file="/f", topics__regex="shop.*"),
        config(FILE_SINK, file="/f", topics__regex=".*orders"),
    )
    assert kinds(one, other) == []
    assert kinds(one, other, topics=["shop-orders"]) == ["target"]


def test_the_type_that_the_worker_reports_counts_more_than_the_class() -> None:
    one, other = config("com.example.Own", topics="a", x="1"), config("com.example.Own", topics="b", x="1")
    assert kinds(one, other) == []
    assert kinds(one, other, types={"a": "source", "b": "source"}) == ["source"]


def test_many_connectors_with_the_same_work_are_one_finding() -> None:
    (found,) = find_overlaps(
        {f"c{number}": config(OWN_SOURCE, where="x", tasks__max=str(number)) for number in range(5)}
    )
    assert found.names == ("c0", "c1", "c2", "c3", "c4")
    assert found.message.startswith('connectors "c0", "c1", "c2" and 2 more have the same class')


def test_no_value_of_a_key_is_shown() -> None:
    (found,) = find_overlaps(
        {
            name: config(JDBC_SINK, connection__url="jdbc:x?password=hunter22", topics="a", batch__size=name)
            for name in ("a", "b")
        }
    )
    assert found.message == 'connectors "a", "b" write the same topics to the same target (connection.url)'


def test_a_class_is_in_one_row() -> None:
    for table in (SOURCES, TARGETS):
        names = [name for row in table for name in row]
        assert len(names) == len(set(names))


def test_a_thousand_sinks_of_one_database_are_compared_quickly() -> None:
    configs = {
        f"c{number}": config(JDBC_SINK, connection__url="jdbc:x", topics=f"t{number}", n=str(number))
        for number in range(1_000)
    }
    began = time.process_time()
    assert find_overlaps(configs) == ()
    assert time.process_time() - began < 5


def checked_of(mode: Any, changes: list[Change], present: dict[str, Connector]) -> Checked:
    checked = Checked()
    check_overlaps(checked, changes, present, mode)
    return checked


FILE = config("FileStreamSource", file="/f", topic="a")
PRESENT = {"old": Connector("old", {**FILE, "tasks.max": "2"}, type="source", state="RUNNING")}
CREATE = Change("new", (Update(FILE),), after=FILE)


def test_a_new_connector_that_reads_what_another_reads_is_a_warning() -> None:
    checked = checked_of("warn", [CREATE], PRESENT)
    assert checked.warnings[0].startswith('connectors "new", "old" read the same source (file)')
    assert checked.problems == {}


def test_a_new_connector_that_reads_what_another_reads_can_be_refused() -> None:
    checked = checked_of("fail", [CREATE], PRESENT)
    assert list(checked.problems) == ["new"]
    assert checked.warnings == []


def test_overlaps_can_be_ignored() -> None:
    assert checked_of("ignore", [CREATE], PRESENT) == Checked()


def test_connectors_that_the_same_task_deletes_do_not_count() -> None:
    assert checked_of("fail", [CREATE, Change("old", (Delete(),), before=PRESENT["old"])], PRESENT) == Checked()


def test_connectors_that_are_stopped_do_not_count() -> None:
    assert checked_of("fail", [CREATE], {"old": PRESENT["old"]._replace(state="STOPPED")}) == Checked()
    assert checked_of("fail", [CREATE._replace(desired_state="stopped")], PRESENT) == Checked()


def test_overlaps_of_connectors_that_are_not_written_are_not_reported() -> None:
    other = {"older": PRESENT["old"]._replace(name="older")}
    change = Change("new", (Update({"connector.class": "x"}),), after={"connector.class": "x"})
    assert checked_of("fail", [change], PRESENT | other) == Checked()
