# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Argument specs of all modules. Each part matches the documentation fragment of the same name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Arguments = dict[str, dict[str, Any]]


@dataclass(frozen=True)
class Specification:
    """A module: its name, its arguments, and the combinations of them that Ansible checks."""

    name: str
    arguments: Arguments
    required_if: tuple[tuple[Any, ...], ...] = ()
    required_one_of: tuple[tuple[str, ...], ...] = ()
    mutually_exclusive: tuple[tuple[str, ...], ...] = ()
    required_by: Mapping[str, tuple[str, ...]] | None = None

    @property
    def checks(self) -> dict[str, Any]:
        """Keyword arguments that AnsibleModule and ArgumentSpecValidator share."""
        return {
            "required_if": [list(rule) for rule in self.required_if],
            "required_one_of": [list(rule) for rule in self.required_one_of],
            "mutually_exclusive": [list(rule) for rule in self.mutually_exclusive],
            "required_by": dict(self.required_by or {}),
        }


ENVIRONMENT: Mapping[str, str] = {
    "url": "KAFKA_CONNECT_URL",
    "url_username": "KAFKA_CONNECT_USERNAME",
    "url_password": "KAFKA_CONNECT_PASSWORD",
    "token": "KAFKA_CONNECT_TOKEN",
    "client_cert": "KAFKA_CONNECT_CLIENT_CERT",
    "client_key": "KAFKA_CONNECT_CLIENT_KEY",
    "ca_path": "KAFKA_CONNECT_CA_PATH",
    "validate_certs": "KAFKA_CONNECT_VALIDATE_CERTS",
    "kafka_cluster_id": "KAFKA_CONNECT_KAFKA_CLUSTER_ID",
}
"""Connection options that default to environment variables. The controller resolves them from the task's environment."""

CONNECTION: Arguments = {
    "url": {"type": "list", "elements": "str"},
    "url_username": {"type": "str"},
    "url_password": {"type": "str", "no_log": True},
    "token": {"type": "str", "no_log": True},
    "client_cert": {"type": "path"},
    "client_key": {"type": "path", "no_log": False},
    "ca_path": {"type": "path"},
    "validate_certs": {"type": "bool"},
    "headers": {"type": "dict", "no_log": True},
    "http_agent": {"type": "str", "default": "ansible-streamops-kafka-connect"},
    "use_proxy": {"type": "bool", "default": True},
    "connect_timeout": {"type": "float", "default": 5.0},
    "read_timeout": {"type": "float", "default": 15.0},
    "request_timeout": {"type": "float", "default": 100.0},
    "conflict_timeout": {"type": "float", "default": 300.0},
    "run_timeout": {"type": "float"},
    "max_response_size": {"type": "int", "default": 268435456},
    "kafka_cluster_id": {"type": "str"},
    "progress": {"type": "bool", "default": True},
}

BROKERS: Arguments = {
    "bootstrap_servers": {"type": "list", "elements": "str", "default": []},
    # Secrets in it are masked by their keys, as in a connector's configuration. no_log would also mask words such as "SSL"
    # and "PLAIN" everywhere in the output.
    "client_properties": {"type": "dict", "default": {}, "no_log": False},
    "group_id": {"type": "str", "default": ""},
}

WAIT: Arguments = {
    "wait": {"type": "bool", "default": True},
    "wait_timeout": {"type": "float", "default": 300.0},
    "stable_for": {"type": "float", "default": 10.0},
}

APPLY: Arguments = {
    "max_parallel": {"type": "int", "default": 8},
    "on_drift": {"type": "str", "choices": ["replan", "fail"], "default": "replan"},
    "report_path": {"type": "path"},
}

BATCHES: Arguments = {
    "batches": {"type": "list", "elements": "str", "default": []},
    "continue_on_error": {"type": "bool", "default": False},
}

CHECKS: Arguments = {
    "validate": {"type": "str", "choices": ["none", "standard", "strict"], "default": "standard"},
    "known_keys": {"type": "list", "elements": "str", "default": [], "no_log": False},
    "warn_literal_secrets": {"type": "bool", "default": True, "no_log": False},
}

CHANGE: Arguments = {
    "update_secrets": {"type": "bool", "default": False, "no_log": False},
    "restart_failed": {"type": "bool", "default": True},
    "on_failure": {"type": "str", "choices": ["keep", "rollback"], "default": "keep"},
    "backup_dir": {"type": "path"},
}

RULE: Arguments = {
    "match": {"type": "str", "default": "*"},
    "connector_class": {"type": "str"},
    "config": {"type": "dict", "required": True},
}

DESIRED: Arguments = {
    "connectors": {"type": "list", "elements": "dict", "default": []},
    "src": {"type": "list", "elements": "path", "default": []},
    "defaults": {"type": "list", "elements": "dict", "default": [], "options": RULE},
    "overrides": {"type": "list", "elements": "dict", "default": [], "options": RULE},
}

CONNECTOR = Specification(
    "connector",
    {
        "name": {"type": "str", "required": True},
        "config": {"type": "dict"},
        "state": {
            "type": "str",
            "choices": ["present", "absent", "running", "paused", "stopped"],
            "default": "present",
        },
        "initial_state": {"type": "str", "choices": ["running", "paused", "stopped"]},
        **CONNECTION,
        **BROKERS,
        **WAIT,
        **APPLY,
        **CHECKS,
        **CHANGE,
    },
    required_if=tuple(("state", state, ("config",)) for state in ("present", "running", "paused", "stopped")),
)

CONNECTORS = Specification(
    "connectors",
    {
        **DESIRED,
        "purge": {"type": "bool", "default": False},
        "purge_match": {"type": "list", "elements": "str"},
        "purge_limit": {"type": "int", "default": 5},
        "purge_allow_empty": {"type": "bool", "default": False},
        "protected": {"type": "list", "elements": "str", "default": []},
        **CONNECTION,
        **BROKERS,
        **WAIT,
        **APPLY,
        **BATCHES,
        **CHECKS,
        **CHANGE,
    },
    required_if=(("purge", True, ("purge_match",)),),
)

CONNECTOR_STATE = Specification(
    "connector_state",
    {
        "name": {"type": "list", "elements": "str", "required": True},
        "state": {"type": "str", "choices": ["running", "paused", "stopped", "restarted"], "required": True},
        "include_tasks": {"type": "bool", "default": True},
        "only_failed": {"type": "bool", "default": False},
        "restart_failed": {"type": "bool", "default": True},
        "protected": {"type": "list", "elements": "str", "default": []},
        **CONNECTION,
        **BROKERS,
        **WAIT,
        **APPLY,
        **BATCHES,
    },
)

CONNECTOR_INFO = Specification(
    "connector_info",
    {
        "name": {"type": "list", "elements": "str", "default": []},
        "states": {
            "type": "list",
            "elements": "str",
            "choices": ["running", "paused", "stopped", "failed", "unassigned", "restarting"],
            "default": [],
        },
        "include_config": {"type": "bool", "default": True},
        "include_topics": {"type": "bool", "default": False},
        **CONNECTION,
    },
)

PLUGIN_INFO = Specification(
    "plugin_info",
    {
        "name": {"type": "list", "elements": "str", "default": []},
        "types": {
            "type": "list",
            "elements": "str",
            "choices": ["source", "sink", "converter", "header_converter", "transformation", "predicate"],
            "default": [],
        },
        "include_definitions": {"type": "bool", "default": False},
        **CONNECTION,
    },
)

CONNECTOR_VALIDATE = Specification(
    "connector_validate",
    {
        **DESIRED,
        "fail_on_errors": {"type": "bool", "default": True},
        "max_parallel": {"type": "int", "default": 8},
        **CHECKS,
        "validate": {"type": "str", "choices": ["standard", "strict"], "default": "standard"},
        **CONNECTION,
    },
)

CLUSTER_INFO = Specification("cluster_info", {**BROKERS, **CONNECTION})

CLUSTER_HEALTH = Specification(
    "cluster_health",
    {
        "min_workers": {"type": "int"},
        "expected_workers": {"type": "int"},
        "max_failed_tasks": {"type": "int", "default": 0},
        "max_failed_connectors": {"type": "int", "default": 0},
        "max_unassigned": {"type": "int", "default": 0},
        "connectors": {"type": "list", "elements": "str", "default": []},
        "ignore": {"type": "list", "elements": "str", "default": []},
        "fail_on_unhealthy": {"type": "bool", "default": False},
        "wait_timeout": {"type": "float", "default": 0.0},
        "stable_for": {"type": "float", "default": 10.0},
        **BROKERS,
        **CONNECTION,
    },
)

WORKER_VALIDATE = Specification(
    "worker_validate",
    {
        # Secrets in them are masked by their keys, as in a connector's configuration.
        "workers": {"type": "dict", "required": True, "no_log": False},
        "kafka_version": {"type": "str", "required": True},
        "previous_workers": {"type": "dict", "default": {}, "no_log": False},
        "other_workers": {"type": "dict", "default": {}, "no_log": False},
        "client_security": {"type": "bool", "default": False},
        "validate": {"type": "str", "choices": ["standard", "strict"], "default": "standard"},
        "known_keys": {"type": "list", "elements": "str", "default": [], "no_log": False},
        "warn_literal_secrets": {"type": "bool", "default": True, "no_log": False},
        "fail_on_errors": {"type": "bool", "default": True},
        "bootstrap_servers": {"type": "list", "elements": "str", "default": []},
        "client_properties": {"type": "dict", "default": {}, "no_log": False},
    },
)
"""Has no connection options, because it sends no requests to workers."""

CONNECTOR_EXPORT = Specification(
    "connector_export",
    {
        "dest": {"type": "path", "required": True},
        "name": {"type": "list", "elements": "str", "default": []},
        "format": {"type": "str", "choices": ["json", "yaml"], "default": "json"},
        "include_state": {"type": "bool", "default": True},
        "secret_reference": {
            "type": "str",
            "default": "${file:/etc/kafka-connect/secrets.properties:{connector}.{key}}",
            "no_log": False,
        },
        "secrets_dest": {"type": "path", "no_log": False},
        "backup": {"type": "bool", "default": True},
        **CONNECTION,
    },
)

WINDOW: Arguments = {
    "days": {
        "type": "list",
        "elements": "str",
        "choices": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"],
        "default": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"],
    },
    "start": {"type": "str", "required": True},
    "end": {"type": "str", "required": True},
}

TRAFFIC: Arguments = {
    "source": {"type": "str", "choices": ["agents", "jolokia", "prometheus"], "required": True},
    "url": {"type": "list", "elements": "str", "required": True},
    "limit": {"type": "float", "required": True},
    "sustained_for": {"type": "float", "default": 60.0},
    "interval": {"type": "float", "default": 10.0},
    "query": {"type": "str"},
    "up_query": {"type": "str"},
    "lag_query": {"type": "str"},
    "lag_limit": {"type": "float"},
    "unreachable": {"type": "str", "choices": ["closed", "ignore"], "default": "closed"},
    "url_username": {"type": "str"},
    "url_password": {"type": "str", "no_log": True},
    "token": {"type": "str", "no_log": True},
    "client_cert": {"type": "path"},
    "client_key": {"type": "path", "no_log": False},
    "ca_path": {"type": "path"},
    "validate_certs": {"type": "bool", "default": True},
    "headers": {"type": "dict", "no_log": True},
}

TRAFFIC_WINDOW = Specification(
    "traffic_window",
    {
        "windows": {"type": "list", "elements": "dict", "options": WINDOW},
        "timezone": {"type": "str"},
        "exclude": {"type": "list", "elements": "str", "default": []},
        "minimum_remaining": {"type": "float", "default": 0.0},
        "traffic": {"type": "dict", "options": TRAFFIC},
        "fail_on_closed": {"type": "bool"},
        "wait": {"type": "bool", "default": False},
        "wait_timeout": {"type": "float", "default": 3600.0},
        **CONNECTION,
    },
    required_one_of=(("windows", "traffic"),),
    required_by={"windows": ("timezone",)},
)

WORKER_SCALE = Specification(
    "worker_scale",
    {
        "state": {"type": "str", "choices": ["joined", "left", "restarted"], "required": True},
        "service": {"type": "str", "default": "kafka-connect"},
        "worker_url": {"type": "str"},
        "worker_properties": {"type": "path"},
        "expected_workers": {"type": "int", "default": 0},
        "min_workers": {"type": "int", "default": 1},
        "max_tasks_per_worker": {"type": "int", "default": 0},
        "allow_failed_tasks": {"type": "bool", "default": False},
        "rollback": {"type": "bool", "default": True},
        "wait_timeout": {"type": "float", "default": 600.0},
        "stable_for": {"type": "float", "default": 10.0},
        **BROKERS,
        "bootstrap_servers": {"type": "list", "elements": "str", "required": True},
        **CONNECTION,
    },
)

SPECIFICATIONS: Mapping[str, Specification] = {
    specification.name: specification
    for specification in (
        CONNECTOR,
        CONNECTORS,
        CONNECTOR_STATE,
        CONNECTOR_INFO,
        PLUGIN_INFO,
        CONNECTOR_VALIDATE,
        CLUSTER_INFO,
        CLUSTER_HEALTH,
        CONNECTOR_EXPORT,
        TRAFFIC_WINDOW,
        WORKER_VALIDATE,
        WORKER_SCALE,
    )
}
