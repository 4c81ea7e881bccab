# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: connect
short_description: The workers of a Kafka Connect cluster as hosts
version_added: 0.2.0
author:
  - streamops.kafka_connect contributors (@streamops)
description:
  - Reads a Kafka Connect cluster, and adds each of its workers as a host. So the playbooks of this collection need no list of workers.
  - With O(bootstrap_servers), the hosts are the members of the workers' group, and the leader is known. Without, they are the workers
    of O(url) that answer, and those that run tasks.
  - The variables C(kafka_connect_url), C(kafka_connect_kafka_cluster_id) and, with brokers, C(kafka_connect_group_id) of the group are
    those that the roles of this collection use.
  - Each host has the variables C(kafka_connect_worker_url), C(kafka_connect_worker_version), C(kafka_connect_worker_leader),
    C(kafka_connect_worker_connectors) and C(kafka_connect_worker_tasks), as far as they are known.
  - The name of the file must end with C(kafka_connect.yml) or C(kafka_connect.yaml).
options:
  plugin:
    description:
      - Must be V(streamops.kafka_connect.connect).
    type: str
    required: true
    choices: [streamops.kafka_connect.connect]
  group:
    description:
      - Name of the group of all workers.
    type: str
    default: kafka_connect_workers
  prefix:
    description:
      - Beginning of the names of further groups. These are C(leader), C(version_VERSION) and C(class_CLASS), with the connector classes
        that a worker runs.
    type: str
    default: connect_
  progress:
    description:
      - Has no effect, because an inventory shows no progress.
    type: bool
    default: true
extends_documentation_fragment:
  - streamops.kafka_connect.connection
  - streamops.kafka_connect.brokers
  - constructed
  - inventory_cache
notes:
  - A worker that has joined the group is a host. One that is stopped is none, so keep a list where you install or start workers.
  - If several workers have the same host name, the port is appended to their names.
"""

EXAMPLES = r"""
# production.kafka_connect.yml
plugin: streamops.kafka_connect.connect
url:
  - http://connect-1.example.com:8083
  - http://connect-2.example.com:8083
bootstrap_servers:
  - kafka-1.example.com:9092
group: workers
keyed_groups:
  - key: kafka_connect_worker_tasks | length > 10
    prefix: busy
"""

import os
from collections.abc import Mapping
from typing import Any

from ansible import template
from ansible.errors import AnsibleParserError
from ansible.plugins.inventory import BaseInventoryPlugin, Cacheable, Constructable
from ansible.utils.unsafe_proxy import wrap_var

from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible.arguments import Specification
from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible.execute import execute
from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible.invocation import Operation
from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible.operations.cluster_info import (
    CLUSTER_INFO,
    cluster_info,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible.operations.connector_info import (
    CONNECTOR_INFO,
    connector_info,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.errors import InputError
from ansible_collections.streamops.kafka_connect.plugins.plugin_utils.environment import with_environment
from ansible_collections.streamops.kafka_connect.plugins.plugin_utils.option_checks import validated
from ansible_collections.streamops.kafka_connect.plugins.plugin_utils.worker_hosts import (
    cluster_variables,
    worker_hosts,
)

_ENDINGS = ("kafka_connect.yml", "kafka_connect.yaml")


class InventoryModule(BaseInventoryPlugin, Constructable, Cacheable):
    NAME = "streamops.kafka_connect.connect"

    def verify_file(self, path: str) -> bool:
        inherited: Any = super()
        return bool(inherited.verify_file(path)) and path.endswith(_ENDINGS)

    def parse(self, inventory: Any, loader: Any, path: str, cache: bool = True) -> None:
        # Methods of ansible-core have no types.
        inherited: Any = super()
        inherited.parse(inventory, loader, path, cache)
        inherited._read_config_data(path)
        key = inherited.get_cache_key(path)
        uses_cache = bool(inherited.get_option("cache"))
        found = self._cached(key) if cache and uses_cache else None
        if found is None:
            found = self._facts()
            if uses_cache:
                self._cache[key] = found
        self._add(found)

    def _cached(self, key: str) -> Mapping[str, Any] | None:
        try:
            cached: Mapping[str, Any] = self._cache[key]
        except KeyError:
            return None
        return cached

    def _facts(self) -> Mapping[str, Any]:
        cluster = self._result(cluster_info, CLUSTER_INFO)
        connectors = self._result(connector_info, CONNECTOR_INFO)["connectors"]
        return {"cluster": cluster, "connectors": connectors}

    def _result(self, operation: Operation, specification: Specification) -> Mapping[str, Any]:
        try:
            parameters = validated(specification, self._arguments(specification))
        except InputError as error:
            raise AnsibleParserError(error.message) from None
        result = execute(operation, parameters, check_mode=False, diff_mode=False)
        for text in result.get("warnings", ()):
            self.display.warning(text)
        if result.get("failed"):
            raise AnsibleParserError(str(result["msg"]))
        return result

    def _arguments(self, specification: Specification) -> dict[str, Any]:
        """The options that this module has, too. Missing connection options come from the environment."""
        known = set(specification.arguments) & set(self._options)
        plugin: Any = self
        given = {name: plugin.get_option(name) for name in known}
        found = with_environment(specification, given, os.environ)
        return {name: value for name, value in found.items() if value is not None}

    def _add(self, facts: Mapping[str, Any]) -> None:
        plugin: Any = self
        group = plugin.inventory.add_group(plugin._sanitize_group_name(plugin.get_option("group")))
        # Nothing that a worker returns is a template.
        for name, value in cluster_variables(facts["cluster"]).items():
            plugin.inventory.set_variable(group, name, _literal(value))
        strict = plugin.get_option("strict")
        for host in worker_hosts(facts["cluster"], facts["connectors"], plugin.get_option("prefix")):
            plugin.inventory.add_host(host.name, group=group)
            for name, value in host.variables.items():
                plugin.inventory.set_variable(host.name, name, _literal(value))
            for other in host.groups:
                plugin.inventory.add_host(
                    host.name, group=plugin.inventory.add_group(plugin._sanitize_group_name(other))
                )
            plugin._set_composite_vars(plugin.get_option("compose"), host.variables, host.name, strict=strict)
            plugin._add_host_to_composed_groups(plugin.get_option("groups"), host.variables, host.name, strict=strict)
            plugin._add_host_to_keyed_groups(
                plugin.get_option("keyed_groups"), host.variables, host.name, strict=strict
            )


def _literal(value: Any) -> Any:
    """The value, with texts marked that Ansible could take for a template. `ansible-inventory` shows marked ones as dictionaries, so the
    others, which can't be templates, are not.
    """
    if isinstance(value, Mapping):
        return {_literal(key): _literal(entry) for key, entry in value.items()}
    if isinstance(value, list):
        return [_literal(entry) for entry in value]
    if not isinstance(value, str):
        return value
    if "{" in value:
        return wrap_var(value)
    # Before ansible-core 2.19, every text that is not marked is a template.
    return template.trust_as_template(value) if hasattr(template, "trust_as_template") else value
