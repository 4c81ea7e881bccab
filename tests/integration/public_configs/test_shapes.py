# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Connector files for many plugins are read unchanged, accepted by the shipped schema, and shown without secrets."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest
import yaml

from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.desired.source import (
    desired_set,
    read_files,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.model import Present
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.secrets import (
    literal_secret_keys,
    mask_config,
    mask_text,
    secret_values,
)

DATA = Path(__file__).parent / "data"
SCHEMA = Path(__file__).parents[3] / "docs" / "schema" / "connectors.schema.json"
FILES = sorted(path for path in DATA.rglob("*.*") if path.is_file())
SECRETS = ("history", "registry", "uri", "url", "store", "jaas", "kamelet", "lake", "mirror")
"""Each followed by `-secret`."""


def not_vaulted(_data: bytes, origin: str) -> bytes:
    raise AssertionError(f"{origin} is not vaulted")


def connectors_of(*paths: Path) -> dict[str, Present]:
    raw = read_files([str(path) for path in paths], not_vaulted)
    found = desired_set(raw)
    assert found.warnings == ()
    return {item.name: item for item in found.connectors if isinstance(item, Present)}


def test_names_are_found_in_every_format() -> None:
    assert set(connectors_of(DATA / "shapes")) == {
        "shop-cdc",
        "mongo-pipeline",
        "orders to warehouse",
        "west-to-east",
        "zählwerk/südwest",
        "lake",
    }


def test_values_are_those_that_connect_would_store() -> None:
    found = connectors_of(DATA / "shapes")
    shop, copy = found["shop-cdc"].config, found["west-to-east"].config
    assert (shop["tasks.max"], shop["provide.transaction.metadata"], shop["database.port"]) == ("1", "true", "3306")
    assert shop["topic.creation.wide.include"] == r"shop\.shop\.orders"
    assert shop["name"] == "shop-cdc"
    pipeline = json.loads(found["mongo-pipeline"].config["pipeline"])
    assert pipeline[0]["$match"]["ns.coll"] == {"$regex": "^(orders|lines)$"}
    assert (copy["topic.whitelist"], copy["tasks.max"], copy["greeting"]) == ("orders,payments", "4", "Grüße")
    assert copy["src.kafka.bootstrap.servers"] == "west-1:9092,west-2:9092"
    assert copy["confluent.license"] == ""
    assert found["lake"].config["value.converter.schemas.enable"] == "false"


@pytest.mark.parametrize("path", [path for path in FILES if path.suffix != ".properties"], ids=lambda path: path.stem)
def test_the_schema_for_editors_accepts_each_file(path: Path) -> None:
    jsonschema.validate(yaml.safe_load(path.read_text(encoding="utf-8")), json.loads(SCHEMA.read_text("utf-8")))


def test_no_secret_is_shown_from_any_key_or_url() -> None:
    found = connectors_of(*FILES)
    stored = json.dumps([dict(item.config) for item in found.values()])
    shown = json.dumps([mask_config(item.config) for item in found.values()])
    kept = {text for item in found.values() for text in secret_values(item.config)}
    for secret in (f"{word}-secret" for word in SECRETS):
        assert secret in stored
        assert secret not in shown
        assert secret not in mask_text(f"the worker says {secret}!", kept)
    assert "${file:/etc/kafka-connect/shop.properties:password}" in shown
    assert "shop.history" in shown


def test_only_values_written_out_are_literal_secrets() -> None:
    assert literal_secret_keys(connectors_of(DATA / "shapes")["shop-cdc"].config) == (
        "schema.history.internal.producer.sasl.jaas.config",
        "value.converter.basic.auth.user.info",
    )
