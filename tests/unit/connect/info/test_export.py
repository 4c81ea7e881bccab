# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json
import stat
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.desired.entry_formats import Rule
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.desired.source import (
    desired_set,
    read_files,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.errors import InputError
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.info.export import (
    ExportOptions,
    export_connectors,
    reference_for,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.info.export_files import (
    file_stem,
    glob_of,
    render_connector,
    render_secrets,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.model import Present
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.patterns import is_pattern, matcher
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.planning.change import Rules
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.planning.plan import plan_connectors
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.reporting.report import Report
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.snapshot.cluster import Cluster
from testing.fake_connect import FakeCluster
from tests.unit.connect.support import cluster_at, file_source, secret_source

REFERENCE = "${file:/etc/kafka-connect/secrets.properties:{connector}.{key}}"
NAMES = st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), min_size=1, max_size=300)


def options_for(directory: Path, **more: Any) -> ExportOptions:
    return ExportOptions(str(directory / "out"), **{"secret_reference": REFERENCE, **more})


def export(cluster: Cluster, options: ExportOptions, *, check_mode: bool = False) -> Report:
    return export_connectors(cluster, options, check_mode=check_mode)


def no_vault(_data: bytes, _path: str) -> bytes:
    raise ValueError("nothing here is vaulted")


def actions(cluster: Cluster, directory: Path, overrides: list[Rule] | None = None) -> dict[str, str]:
    """The planned action for each connector in the exported files."""
    desired = desired_set(read_files([str(directory / "out")], no_vault), overrides=overrides or []).connectors
    assert all(isinstance(item, Present) for item in desired)
    changes = plan_connectors(desired, cluster.read(), Rules())
    return {change.name: change.action for change in changes}


@pytest.fixture
def cluster(fake: FakeCluster) -> Cluster:
    fake.connectors.put("orders", file_source())
    fake.connectors.put("customers", secret_source())
    return cluster_at(fake.urls)


@pytest.mark.parametrize("file_format", ["json", "yaml"])
def test_a_plan_of_an_export_is_empty(fake: FakeCluster, cluster: Cluster, tmp_path: Path, file_format: Any) -> None:
    fake.connectors.put("paused", file_source("paused", topic="a: b #c", file="no"))
    fake.connectors.set_state("paused", "PAUSED")
    fake.connectors.settle()
    report = export(cluster, options_for(tmp_path, format=file_format, secrets_dest=str(tmp_path / "secrets.yml")))
    assert report.changed
    assert [entry["name"] for entry in report.extra["files"]] == ["customers", "orders", "paused"]
    assert report.extra["files"][2]["state"] == "paused"
    rules = yaml.safe_load((tmp_path / "secrets.yml").read_text(encoding="utf-8"))["connectors_secret_overrides"]
    overrides = [Rule(rule["match"], rule["config"]) for rule in rules]
    assert actions(cluster, tmp_path, overrides) == dict.fromkeys(("customers", "orders", "paused"), "none")
    assert actions(cluster, tmp_path) == {"customers": "update", "orders": "none", "paused": "none"}
    assert not fake.writes()


def test_no_file_and_no_result_contains_a_secret(fake: FakeCluster, cluster: Cluster, tmp_path: Path) -> None:
    secrets = {
        "database.password": "marker-in-a-typed-key",
        "producer.override.sasl.jaas.config": 'a.B required username="u" password="marker-in-jaas";',
        "vendor.url": "https://user:marker-in-a-url@example.com",
        "vendor.api.key": "marker-by-name",
    }
    fake.connectors.put("customers", secret_source(**secrets, reference="${file:/etc/x:password}"))
    report = export(cluster, options_for(tmp_path))
    entry = next(entry for entry in report.extra["files"] if entry["name"] == "customers")
    assert entry["secret_keys"] == sorted(secrets)
    text = Path(entry["path"]).read_text(encoding="utf-8")
    assert "marker" not in text + str(report)
    config = json.loads(text)["config"]
    assert config["reference"] == "${file:/etc/x:password}"
    assert config["vendor.url"] == "${file:/etc/kafka-connect/secrets.properties:customers.vendor.url}"


def test_masked_values_are_reported(tmp_path: Path) -> None:
    with FakeCluster(masked=True) as fake:
        fake.connectors.put("customers", secret_source())
        cluster = cluster_at(fake.urls)
        report = export(cluster, options_for(tmp_path, secrets_dest=str(tmp_path / "secrets.yml")))
        assert report.extra["files"][0]["masked_keys"] == ["database.password"]
        assert report.warnings[-1].startswith(
            'connector "customers": the worker does not show the value of database.password'
        )
        assert yaml.safe_load((tmp_path / "secrets.yml").read_text(encoding="utf-8")) == {
            "connectors_secret_overrides": []
        }
        assert actions(cluster, tmp_path) == {"customers": "none"}


def test_check_mode_writes_nothing_and_a_second_run_changes_nothing(cluster: Cluster, tmp_path: Path) -> None:
    options = options_for(tmp_path, secrets_dest=str(tmp_path / "secrets.yml"))
    announced = export(cluster, options, check_mode=True)
    assert (announced.changed, list(tmp_path.iterdir())) == (True, [])
    written = export(cluster, options)
    assert {**written.extra, "msg": ""} == {**announced.extra, "msg": ""}
    assert stat.S_IMODE((tmp_path / "out").stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "out").iterdir()} == {0o600}
    assert stat.S_IMODE((tmp_path / "secrets.yml").stat().st_mode) == 0o600
    again = export(cluster, options)
    assert (again.changed, again.extra["diff"]) == (False, [])


def test_a_file_that_differs_is_backed_up(fake: FakeCluster, cluster: Cluster, tmp_path: Path) -> None:
    export(cluster, options_for(tmp_path))
    file = tmp_path / "out" / "orders.json"
    file.write_text('{"password": "an-old-marker"}\n', encoding="utf-8")
    file.chmod(0o640)
    report = export(cluster, options_for(tmp_path, names=("orders",)))
    kept = Path(report.extra["files"][0]["backup_file"])
    assert kept.read_text(encoding="utf-8") == '{"password": "an-old-marker"}\n'
    assert kept.name.startswith("orders.json.")
    assert kept.name.endswith("~")
    assert stat.S_IMODE(file.stat().st_mode) == 0o640
    assert "an-old-marker" not in str(report.extra["diff"])
    assert actions(cluster, tmp_path)["orders"] == "none"
    fake.connectors.put("orders", file_source(topic="other"))
    assert "backup_file" not in export(cluster, options_for(tmp_path, backup=False)).extra["files"][1]


def test_connectors_are_chosen_by_names_and_patterns(cluster: Cluster, tmp_path: Path) -> None:
    report = export(cluster, options_for(tmp_path, names=("ord*", "none-*")))
    assert [entry["name"] for entry in report.extra["files"]] == ["orders"]
    assert 'pattern "none-*" matches no connector' in report.warnings
    with pytest.raises(InputError, match='connector "order" does not exist: did you mean "orders"'):
        export(cluster, options_for(tmp_path, names=("order",)))


def test_a_file_that_would_define_a_connector_twice_is_refused(cluster: Cluster, tmp_path: Path) -> None:
    export(cluster, options_for(tmp_path))
    with pytest.raises(InputError, match=r"orders\.json already exists and would define it a second time"):
        export(cluster, options_for(tmp_path, format="yaml"))


def test_a_vaulted_file_is_never_replaced(cluster: Cluster, tmp_path: Path) -> None:
    secrets = tmp_path / "secrets.yml"
    secrets.write_text("$ANSIBLE_VAULT;1.1;AES256\n00\n", encoding="utf-8")
    with pytest.raises(InputError, match="is vaulted"):
        export(cluster, options_for(tmp_path, secrets_dest=str(secrets)))
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("template", ["", "{connector}.{key}", "${file:/a:b}", "${file}{key}", "${a:{key}} and more"])
def test_a_template_must_be_a_reference(cluster: Cluster, tmp_path: Path, template: str) -> None:
    with pytest.raises(InputError, match="is not a reference to a config provider"):
        export(cluster, options_for(tmp_path, secret_reference=template))


def test_two_secrets_never_share_a_reference(fake: FakeCluster, cluster: Cluster, tmp_path: Path) -> None:
    fake.connectors.put("others", secret_source("others", **{"database.password": "another-one"}))
    with pytest.raises(InputError, match="would have the same reference"):
        export(cluster, options_for(tmp_path, secret_reference="${file:/etc/secrets:{key}}"))


def test_a_path_that_cannot_be_written_is_reported(cluster: Cluster, tmp_path: Path) -> None:
    (tmp_path / "out").write_text("a file", encoding="utf-8")
    with pytest.raises(InputError, match=r"orders\.json can't be|customers\.json can't be"):
        export(cluster, options_for(tmp_path))


@given(NAMES, NAMES)
def test_file_names_are_safe_and_distinct(name: str, other: str) -> None:
    stem = file_stem(name)
    assert not set(stem) & set('/\\:*?"<>|\x00\n')
    assert not stem.startswith((".", " "))
    assert 0 < len(stem.encode()) <= 200
    assert (stem == file_stem(other)) == (name == other)


@given(NAMES)
def test_the_glob_of_a_name_matches_only_that_name(name: str) -> None:
    matches = matcher(glob_of(name))
    assert matches(name)
    assert not matches(name + "x")
    assert not matches("x" + name)
    assert not is_pattern(glob_of(name)) or any(character in name for character in "*?[~")


@given(NAMES, st.dictionaries(st.text(min_size=1), st.text(st.characters(codec="utf-8"))))
def test_secrets_are_unchanged_by_writing_and_reading(name: str, config: dict[str, str]) -> None:
    class Loader(yaml.SafeLoader):
        """Knows the only Ansible tag that the file may contain."""

    Loader.add_constructor("!unsafe", lambda _loader, node: node.value)
    text = render_secrets("secrets", {name: config})
    assert yaml.load(text, Loader) == {"secrets": [{"match": glob_of(name), "config": config}]}


@given(
    NAMES,
    st.sampled_from(["json", "yaml"]),
    st.dictionaries(st.text("abc.:# {}[]é\n", min_size=1), st.text("ab: #{}'\"\n0yno~é")),
)
def test_a_rendered_connector_reads_back(name: str, file_format: str, config: dict[str, str]) -> None:
    text = render_connector(name, config, "paused", file_format)
    read = json.loads(text) if file_format == "json" else yaml.safe_load(text)
    assert read == {"name": name, "config": config, "state": "paused"}


def test_a_reference_contains_no_character_that_would_end_it() -> None:
    reference = reference_for(REFERENCE, "a}b:c/d é", "key}")
    assert reference == "${file:/etc/kafka-connect/secrets.properties:a%7Db%3Ac%2Fd%20%C3%A9.key%7D}"
