# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether workers of another group run the same connectors and tasks: another group.id, but the same topics. Pure.

Such workers read the same config topic. They form a separate cluster that runs every connector and task a second time and
writes its statuses into the same topic. The REST API of neither cluster shows the workers of the other.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from .find_group import addresses_of
from .group_findings import GroupFinding, RestView, work_shown
from .protocol import CONNECTOR_ITSELF, Group


def find_second_groups(group: Group, view: RestView, others: Sequence[Group]) -> Iterator[GroupFinding]:
    if not group.is_stable or not group.members:
        return
    own = {address for member in group.members for address in addresses_of(member)}
    for other in others:
        if not other.is_stable:
            continue
        owners = other.owners
        shared = view.work & owners.keys()
        proof = {piece for piece in shared if view.writers.get(piece, "") in addresses_of(owners[piece][0]) - own}
        if proof:
            urls = sorted({owners[piece][0].url for piece in proof})
            yield GroupFinding(
                "second_group",
                "error",
                f"{work_shown(shared)}: the group {other.group_id} runs them, too, and its worker {urls[0]} writes "
                "their statuses into this cluster's status topic",
                f"stop {', '.join(urls)}, correct group.id or the three internal topics there, then start it again; until then "
                "each task runs twice",
                url=urls[0],
            )
        elif shared == view.work and any(task != CONNECTOR_ITSELF for _name, task in shared):
            urls = sorted(member.url for member in other.members)
            yield GroupFinding(
                "second_group",
                "warning",
                f"the group {other.group_id} (workers {', '.join(urls)}) runs connectors and tasks with exactly the same names",
                "if its workers have the three internal topics of this cluster, each task runs twice: correct group.id there; "
                "if it has topics of its own, nothing is wrong",
            )
