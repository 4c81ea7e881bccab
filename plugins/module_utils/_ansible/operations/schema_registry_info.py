# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The arguments and the operation of module schema_registry_info."""

from __future__ import annotations

from ..._connect.errors import InputError, Problem
from ..._connect.info.registries import RegistryQuery, registry_facts
from ..._connect.reporting.report import Report
from ..arguments import CONNECTION, Specification
from ..invocation import Invocation
from ..registry_options import REGISTRY, registry_access

MOST_VERSIONS = 100

SCHEMA_REGISTRY_INFO = Specification(
    "schema_registry_info",
    {
        "name": {"type": "list", "elements": "str", "default": []},
        "subject": {"type": "list", "elements": "str", "default": []},
        "topic": {"type": "list", "elements": "str", "default": []},
        "newest_versions": {"type": "int", "default": 1},
        "registry": {"type": "dict", "options": REGISTRY},
        **CONNECTION,
    },
)


def schema_registry_info(invocation: Invocation) -> Report:
    """Subjects, versions and compatibility levels."""
    parameters = invocation.parameters
    access = registry_access(parameters)
    names = tuple(parameters["name"])
    newest = parameters["newest_versions"]
    # Not by Ansible, for which a module that is sent to a host has all options, each with its default.
    if names and (parameters["subject"] or parameters["topic"]):
        raise InputError(
            [Problem("name is given together with subject or topic: give the connectors, or what to read")]
        )
    if not 0 <= newest <= MOST_VERSIONS:
        raise InputError([Problem(f"newest_versions is {newest}: give a number from 0 to {MOST_VERSIONS}")])
    if not names and not access.urls:
        raise InputError(
            [Problem("registry.url is missing: give the URL of a registry, or name the connectors that use it")]
        )
    query = RegistryQuery(names, tuple(parameters["subject"]), tuple(parameters["topic"]), newest)
    cluster = invocation.cluster() if names else None
    conversations = invocation.conversations
    # The last conversation is the one with the workers, if there is one.
    return registry_facts(cluster, access, invocation.run, query, lambda client: conversations.insert(0, client))
