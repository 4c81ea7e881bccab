# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The example project under examples/ works as its README describes."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from typing import Any

import pytest

from testing.sandbox import Sandbox
from testing.sandbox.environment import CHECKOUT
from tests.integration.playbooks.playbooks import Playbooks, remove, stored


@pytest.fixture
def skeleton(sandbox: Sandbox, playbooks: Playbooks) -> Iterator[Playbooks]:
    """A copy of the skeleton, with the password of its vaulted values; its connectors are deleted at the end."""
    shutil.copytree(CHECKOUT / "examples" / "infrastructure-as-code", playbooks.directory, dirs_exist_ok=True)
    (playbooks.directory / "password").write_text("example", encoding="utf-8")
    yield playbooks
    for name in ("orders-", "payments-"):
        remove(sandbox, name)


def test_the_example_project_works(sandbox: Sandbox, skeleton: Playbooks) -> None:
    here: dict[str, Any] = {
        "connectors_url": sandbox.urls,
        "connectors_overrides_cluster": [{"config": {"file": str(sandbox.files / "example.txt")}}],
    }
    test = ["--vault-password-file", "password", "--limit", "test"]

    plan = skeleton.run("plan.yml", *test, **here)
    assert plan.code == 0, plan.output
    assert plan.report["headline"] == "4 to create, 0 unchanged"
    deployed = skeleton.run("deploy.yml", *test, **here)
    assert deployed.code == 0, deployed.output
    orders, payments = stored(sandbox, "orders-"), stored(sandbox, "payments-")
    assert set(orders) == {"orders-import", "orders-copy"}
    assert orders["orders-import"]["config"]["batch.size"] == "10"
    assert "the-test-secret" in orders["orders-import"]["config"]["producer.override.sasl.jaas.config"]
    assert orders["orders-copy"]["config"]["errors.retry.timeout"] == "300000"
    assert {name: entry["state"] for name, entry in payments.items()} == {
        "payments-import": "RUNNING",
        "payments-archive": "PAUSED",
    }

    # A connector that is removed from the repository is purged, unless it is protected.
    (skeleton.directory / "connectors/orders/orders-copy.json").unlink()
    again = skeleton.run("deploy.yml", *test, **here)
    assert again.code == 0, again.output
    assert again.report["headline"] == "1 deleted, 3 unchanged"
    assert [again.cluster(name)["changed"] for name in ("test-orders", "test-payments")] == [True, False]

    # Production is a different Kafka cluster: the ID in its variables prevents the use of a wrong URL.
    production = skeleton.run("plan.yml", "--vault-password-file", "password", "--limit", "production", **here)
    assert production.code == 2
    assert {entry["error_kind"] for entry in production.report["clusters"]} == {"wrong_cluster"}
