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
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.worker.worker_file import (
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


def _texts(values: Any, name: str) -> Config:
    given = plain(values)
    if not isinstance(given, Mapping):
        raise AnsibleFilterError(f"{name}: the input is not a mapping -> pass keys and values")
    try:
        return texts(given, name)
    except InputError as error:
        raise AnsibleFilterError(error.message) from None
