# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The arguments that several modules share. Each part matches the documentation fragment of the same name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    Arguments = dict[str, dict[str, Any]]
else:
    # A managed host may have Python 3.7, which cannot evaluate that.
    Arguments = dict


class Specification(NamedTuple):
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
    "host_addresses": {"type": "dict", "default": {}},
    "connect_timeout": {"type": "float", "default": 5.0},
    "read_timeout": {"type": "float", "default": 15.0},
    "request_timeout": {"type": "float", "default": 100.0},
    "conflict_timeout": {"type": "float", "default": 300.0},
    "run_timeout": {"type": "float"},
    "max_response_size": {"type": "int", "default": 268435456},
    "kafka_cluster_id": {"type": "str"},
    "progress": {"type": "bool", "default": True},
}

LOGIN: Arguments = {
    "url_username": {"type": "str"},
    "url_password": {"type": "str", "no_log": True},
    "token": {"type": "str", "no_log": True},
    "client_cert": {"type": "path"},
    "client_key": {"type": "path", "no_log": False},
    "ca_path": {"type": "path"},
    "validate_certs": {"type": "bool", "default": True},
    "headers": {"type": "dict", "no_log": True},
}
"""The suboptions of an option for servers that are no workers: agents, registries."""

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
    "overlaps": {"type": "str", "choices": ["warn", "fail", "ignore"], "default": "warn"},
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

HISTORY: Arguments = {
    "bootstrap_servers": BROKERS["bootstrap_servers"],
    "client_properties": BROKERS["client_properties"],
    "config_topic": {"type": "str", "default": ""},
    "worker_properties": {"type": "path"},
    "max_bytes": {"type": "int", "default": 536870912},
}
