# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Filters for Java .properties files and workers' configurations."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible.errors import AnsibleFilterError

from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.errors import InputError
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.java_properties import dump, parse
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.model import Config
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.worker.clusters import clusters_of
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.worker.keys import OLDEST_KAFKA
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.worker.worker_file import (
    WorkerConfig,
    render_properties,
    texts,
    with_client_security,
)
from ansible_collections.streamops.kafka_connect.plugins.plugin_utils.desired import plain


def to_java_properties(values: Any, by_section: bool = False) -> str:
    """Return the text of a file. Raises AnsibleFilterError if the input is not a mapping to scalars or lists of scalars."""
    config = _texts(values, "to_java_properties")
    return render_properties(config) if by_section else dump(config)


def from_java_properties(text: Any) -> dict[str, str]:
    """Return the mapping in the text of a file. Raises AnsibleFilterError if the input is not a string or is malformed."""
    given = plain(text)
    if not isinstance(given, str):
        raise AnsibleFilterError(
            "from_java_properties: the input is not a string -> pass the content of a .properties file"
        )
    try:
        return parse(given)
    except ValueError as error:
        raise AnsibleFilterError(f"from_java_properties: {error}") from None


def worker_client_security(values: Any) -> Config:
    """Return a worker's configuration with its security settings copied to the clients of connectors."""
    return with_client_security(_texts(values, "worker_client_security"))


def workers_of_cluster(workers: Any, host: Any) -> dict[str, Any]:
    """Return the configurations of the workers in the same cluster as this host, those of the other ones, and all clusters with
    their hosts.

    Raises AnsibleFilterError if the input is not a mapping of hosts to configurations, or does not contain the host.
    """
    name, given = "workers_of_cluster", plain(workers)
    if not isinstance(given, Mapping) or host not in given:
        raise AnsibleFilterError(
            f'{name}: the input has no host "{host}" -> pass the configurations of all hosts by name'
        )
    configs = [WorkerConfig(str(key), _texts(values, name), OLDEST_KAFKA) for key, values in given.items()]
    clusters = clusters_of(configs)
    own = next(cluster.hosts for cluster in clusters if host in cluster.hosts)
    return {
        "workers": {key: values for key, values in given.items() if key in own},
        "other_workers": {key: values for key, values in given.items() if key not in own},
        "clusters": [str(cluster) for cluster in clusters],
        "cluster_hosts": [list(cluster.hosts) for cluster in clusters],
    }


def _texts(values: Any, name: str) -> Config:
    given = plain(values)
    if not isinstance(given, Mapping):
        raise AnsibleFilterError(f"{name}: the input is not a mapping -> pass keys and values")
    try:
        return texts(given, name)
    except InputError as error:
        raise AnsibleFilterError(error.message) from None
