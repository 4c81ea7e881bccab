# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The arguments and the operation of module connector_offsets."""

from __future__ import annotations

from ..._connect.errors import InputError, Problem
from ..._connect.offsets.desired import DesiredOffsets, parse_offsets, parse_partitions
from ..._connect.offsets.ensure import OffsetsOptions, ensure_offsets
from ..._connect.offsets.positions import position_source
from ..._connect.offsets.saved import saved_offsets
from ..._connect.reporting.report import Report
from ..apply_options import ask_brokers_when_refused
from ..arguments import BROKERS, CHANGE, CONNECTION, WAIT, Specification
from ..broker_options import brokers_of, client_secrets
from ..invocation import Invocation
from ..options import Parameters
from ..time_options import now

CONNECTOR_OFFSETS = Specification(
    "connector_offsets",
    {
        "name": {"type": "str", "required": True},
        "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
        "offsets": {"type": "list", "elements": "dict"},
        "partitions": {"type": "list", "elements": "dict"},
        "from_backup": {"type": "raw"},
        "on_failure": {"type": "str", "choices": ["keep", "rollback"], "default": "rollback"},
        "backup_dir": CHANGE["backup_dir"],
        "wait_timeout": WAIT["wait_timeout"],
        "stable_for": WAIT["stable_for"],
        **CONNECTION,
        **BROKERS,
    },
    mutually_exclusive=(("offsets", "partitions", "from_backup"),),
)


def connector_offsets(invocation: Invocation) -> Report:
    """Brings the offsets of a connector into the desired state."""
    parameters = invocation.parameters
    invocation.secrets = client_secrets(parameters)
    desired = _desired(parameters)
    cluster = invocation.cluster()
    ask_brokers_when_refused(cluster, parameters)
    brokers = brokers_of(parameters)
    options = OffsetsOptions(
        parameters["name"],
        desired,
        parameters["on_failure"],
        parameters["backup_dir"] or "",
        check_mode=invocation.check_mode,
        wait_timeout=parameters["wait_timeout"],
        stable_for=parameters["stable_for"],
    )
    return ensure_offsets(cluster, options, position_source(brokers) if brokers is not None else None)


def _desired(parameters: Parameters) -> DesiredOffsets:
    if parameters["from_backup"] is not None:
        if parameters["state"] == "absent":
            raise InputError(
                [Problem("from_backup brings offsets back, and state: absent removes them -> leave one out")]
            )
        former = saved_offsets(parameters["from_backup"])
        if former.name != parameters["name"]:
            text = f'from_backup is of connector "{former.name}", and name is "{parameters["name"]}"'
            raise InputError([Problem(f"{text} -> give its own backup, or the other name")])
        return former
    if parameters["state"] == "absent":
        if parameters["offsets"] is not None:
            raise InputError(
                [Problem("offsets is for state: present -> with state: absent, list partitions, or nothing")]
            )
        if parameters["partitions"] == []:
            raise InputError([Problem("partitions is empty -> list some, or leave it out to reset all")])
        return parse_partitions(parameters["partitions"] or ())
    if parameters["partitions"] is not None:
        raise InputError([Problem("partitions is for state: absent -> with state: present, list offsets")])
    return parse_offsets(parameters["offsets"] or (), now())
