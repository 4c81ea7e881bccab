# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every module, successful and failing, in check mode, with diff and in a real run, with secrets in every place."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any

from testing.ansible_runs import task

from .canaries import USER, config, secret

Task = dict[str, Any]

MOST_OUTPUT = (
    "update",
    "set",
    "fails",
    "quoted in validation",
    "traced",
    "echoed: connectors",
    "password of the environment",
)
"""The tasks with the most output."""


def chosen(entries: Iterable[Task], labels: Collection[str] = MOST_OUTPUT) -> list[Task]:
    """Those of the tasks that have one of these names."""
    return [entry for entry in entries if entry["name"] in labels]


def successes(folder: str) -> Iterator[Task]:
    """Successes: each module in check mode, with diff, and in a real run."""
    options = {"name": "{{ inventory_hostname }}-orders", "stable_for": 0}
    for label, password in (("create", "former_password_key"), ("update", "password_key")):
        arguments = {**options, "config": config(password)}
        yield task("connector", f"{label}: check", arguments, check_mode=True, diff=True)
        yield task("connector", label, arguments, diff=True)
    entries = [{"name": "{{ inventory_hostname }}-set", "config": config()}]
    overrides = [{"config": {"database.password": secret("override"), "other.token": secret("override")}}]
    files = {"backup_dir": f"{folder}/backup", "report_path": f"{folder}/report.jsonl", "stable_for": 0}
    yield task("connectors", "set", {"connectors": entries, **files}, diff=True)
    yield task("connectors", "set: overrides", {"connectors": entries, "overrides": overrides, **files}, diff=True)
    yield task("connector_validate", "validate", {"connectors": entries})
    yield task("connector_info", "info", {})
    yield task("cluster_info", "cluster", {})
    yield task("plugin_info", "plugins", {"name": "*Secret*", "include_definitions": True})
    yield task("connector_export", "export", {"dest": f"{folder}/export-{{{{ inventory_hostname }}}}"}, diff=True)
    whole = {"dest": f"{folder}/whole-{{{{ inventory_hostname }}}}"}
    whole["secrets_dest"] = f"{folder}/kept-{{{{ inventory_hostname }}}}.yml"
    yield task("connector_export", "export: check", whole, check_mode=True, diff=True)
    yield task("connector_export", "export: with secrets", whole, diff=True)
    restart = {"name": options["name"], "state": "restarted", "stable_for": 0}
    yield task("connector_state", "restart", restart, diff=True)
    yield task("connector", "delete: check", {**options, "state": "absent"}, check_mode=True, diff=True)
    # Its result comes from a file on the host.
    yield task("connector", "delete", {**options, "state": "absent"}, diff=True, **{"async": 60, "poll": 1})


def failures(folder: str) -> Iterator[Task]:
    """Failures caused by input, validation, workers that quote their requests, and traces."""
    new: dict[str, Any] = {"name": "{{ inventory_hostname }}-failing", "stable_for": 0}
    yield task("connector", "invalid", {**new, "config": config(**{"database.port": secret("looks_secret")})})
    nested: dict[str, Any] = {"database.password": {"x": secret("nested")}}
    yield task("connector", "nested", {**new, "config": config(**nested)})
    yield task("connectors", "bad file", {"src": f"{folder}/bad.yml"})
    yield task("connectors", "bad text", {"src": f"{folder}/bad.json"}, diff=True)
    yield task("connector", "no config", {**new, "config": f"database.password={secret('bad_text')}"})
    resolved = {"database.port": "${file:" + folder + "/secrets.properties:port}"}
    yield task("connector", "resolved by the worker", {**new, "config": config(**resolved)})
    yield task("connector_info", "wrong type", {"url_password": {"x": secret("url_password_of_wrong_type")}})
    yield task("connector_info", "wrong headers", {"headers": f"X-Api-Key: {secret('header')}"})
    metrics = {"source": "agents", "url": "http://127.0.0.1:1", "limit": 1}
    wrong_headers = {"traffic": {**metrics, "headers": f"X-Key: {secret('metrics_headers_of_wrong_type')}"}}
    yield task("traffic_window", "wrong headers for metrics", wrong_headers)
    yield task("connector", "quoted", {**new, "name": "quoted-{{ inventory_hostname }}", "config": config()}, diff=True)
    waits = {**new, "name": "waits-{{ inventory_hostname }}", "config": config()}
    yield task("connector", "quoted while waiting", waits)
    # The class's short names lead to the scripts of workers that quote in their validation.
    for alias, how in (("SecretSource", "validation"), ("SecretSourceConnector", "refusal to validate")):
        quoted = config(**{"connector.class": alias, "database.password": secret("validation")})
        yield task("connector", f"quoted in {how}", {**new, "config": quoted}, check_mode=True, diff=True)
        yield task("connector_validate", f"quoted in {how} alone", {"connectors": [{"name": "x", "config": quoted}]})
    broken = config(**{"database.hostname": "db.invalid"})
    unchecked = {"config": config(**resolved), "validate": "none"}
    yield task("connector", "resolved and not validated", {**new, "name": "{{ inventory_hostname }}-v", **unchecked})
    yield task("connector", "fails", {**new, "config": broken, "on_failure": "rollback"}, diff=True)
    yield task("connector_info", "traced", {"name": "traced"})
    yield at_brokers()
    # The run would wait much longer for the old failure.
    traced = {"name": "traced", "state": "restarted", "stable_for": 0, "wait_timeout": 2}
    yield task("connector_state", "traced again", traced, diff=True)


def at_brokers() -> Task:
    """The options of a client of the brokers, and its message if it cannot use them."""
    jaas = f'org.apache.kafka.common.security.plain.PlainLoginModule required username="u" password="{secret("jaas")}";'
    properties = {
        "security.protocol": "SASL_PLAINTEXT",
        "sasl.mechanism": "PLAIN",
        "sasl.jaas.config": jaas,
        "ssl.keystore.password": secret("keystore"),
        "sasl.password": secret("client_property"),
        "socket.timeout.ms": "no number: reported at once",
    }
    options = {"bootstrap_servers": ["127.0.0.1:1"], "client_properties": properties}
    return task("cluster_info", "wrong client properties", options)


def every_module(folder: str, echo: str = "http://127.0.0.1:1") -> Iterator[Task]:
    """One task of each module, half of them in check mode, for workers that return only their request, as `echo` does."""
    one = {"name": "{{ inventory_hostname }}-echoed", "config": config()}
    yield task("connector", "echoed: connector", one, check_mode=True, diff=True)
    yield task("connectors", "echoed: connectors", {"connectors": [one], "validate": "strict"}, diff=True)
    yield task("connector_state", "echoed: connector_state", {"name": "x", "state": "stopped"}, check_mode=True)
    yield task("connector_info", "echoed: connector_info", {})
    yield task("plugin_info", "echoed: plugin_info", {"include_definitions": True})
    yield task("connector_validate", "echoed: connector_validate", {"connectors": [one]})
    yield task("cluster_info", "echoed: cluster_info", {})
    yield task("connector_export", "echoed: connector_export", {"dest": f"{folder}/nothing"}, diff=True)
    login = {"url_username": USER, "url_password": secret("metrics_password")}
    metrics = {"source": "agents", "url": echo, "limit": 1, "headers": {"X-Key": secret("metrics_header")}, **login}
    yield task("traffic_window", "echoed: traffic_window", {"traffic": metrics, "fail_on_closed": True})
    registry = {"registry": {"url": echo, "headers": metrics["headers"], **login}}
    yield task("schema_registry_info", "echoed: schema_registry_info", registry)
    yield task("schema_check", "echoed: schema_check", {**registry, "subject": "x-value", "schema": '"string"'})
    yield task("connector_offsets_info", "echoed: connector_offsets_info", {"name": "x"})
    yield task("connector_offsets", "echoed: connector_offsets", {"name": "x", "state": "absent"}, check_mode=True)


def connections(urls: Sequence[str], tls_urls: Sequence[str], ca: str, folder: str) -> Iterator[Task]:
    """Each way to authenticate, right and wrong, without the connection options of the other plays."""
    with_token = {"url": urls, "token": secret("token")}
    yield task("connector_info", "wrong token", with_token)
    right = {"KAFKA_CONNECT_USERNAME": USER, "KAFKA_CONNECT_PASSWORD": secret("basic_auth")}
    yield task("connector_info", "password of the environment", {"url": urls}, environment=right)
    wrong = {"KAFKA_CONNECT_TOKEN": secret("environment")}
    yield task("connector_info", "wrong token of the environment", {"url": urls}, environment=wrong)
    user_info = {"url": f"http://{USER}:{secret('url_option')}@127.0.0.1:1"}
    yield task("connector_info", "password in the URL", user_info)
    tls = {"url": tls_urls, "ca_path": ca, "client_cert": f"{folder}/client.pem"}
    yield task("connector_info", "client key", {**tls, "client_key": f"{folder}/client.key"})
    yield task("connector_info", "no client key", {**tls, "client_key": f"{folder}/bad.key"})
