# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The arguments and the operation of module schema_check."""

from __future__ import annotations

from ..._connect.errors import InputError, Problem
from ..._connect.info.registries import NewSchema, Target, check_schema, schema_text
from ..._connect.reporting.report import Report
from ..arguments import CONNECTION, Arguments, Specification
from ..invocation import Invocation
from ..registry_options import REGISTRY, registry_access

REFERENCE: Arguments = {
    "name": {"type": "str", "required": True},
    "subject": {"type": "str", "required": True},
    "version": {"type": "int", "required": True},
}

SCHEMA_CHECK = Specification(
    "schema_check",
    {
        "name": {"type": "str", "default": ""},
        "part": {"type": "str", "choices": ["key", "value"], "default": "value"},
        "subject": {"type": "str"},
        "topic": {"type": "str"},
        "schema": {"type": "raw", "required": True},
        "schema_type": {"type": "str", "choices": ["AVRO", "JSON", "PROTOBUF"], "default": "AVRO"},
        "references": {"type": "list", "elements": "dict", "options": REFERENCE, "default": []},
        "fail_on_incompatible": {"type": "bool", "default": True},
        "registry": {"type": "dict", "options": REGISTRY},
        **CONNECTION,
    },
    required_one_of=(("subject", "topic"),),
    mutually_exclusive=(("subject", "topic"),),
)


def schema_check(invocation: Invocation) -> Report:
    """Whether a registry would accept a schema as the next version of a subject."""
    parameters = invocation.parameters
    access = registry_access(parameters)
    target = Target(parameters["name"], parameters["part"], parameters["subject"] or "", parameters["topic"] or "")
    problems = []
    if not target.name and not access.urls:
        problems.append(
            Problem("registry.url is missing: give the URL of the registry, or name a connector that uses it")
        )
    if not (target.subject or target.topic).strip():
        problems.append(Problem("subject is empty: give the subject, or the topic"))
    if problems:
        raise InputError(problems)
    schema = NewSchema(schema_text(parameters["schema"]), parameters["schema_type"], tuple(parameters["references"]))
    cluster = invocation.cluster() if target.name else None
    conversations = invocation.conversations
    return check_schema(
        cluster,
        access,
        invocation.run,
        target,
        schema,
        # The last conversation is the one with the workers, if there is one.
        lambda client: conversations.insert(0, client),
        fails=parameters["fail_on_incompatible"],
    )
