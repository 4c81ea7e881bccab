# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A loop of tasks that change nothing: the cost of one item in ansible-playbook, as a module, and with uri for
comparison.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from testing.fake_connect import FakeCluster
from testing.fake_connect.__main__ import sample_config

from .measuring import Case, Goal, interleaved, net, table, timing_cells
from .playbooks import MODULE, Playbook, other_python

EMPTY, IN_PROCESS, AS_MODULE = "empty play", "ours, in ansible-playbook itself", "ours, as a module"
URI = "ansible.builtin.uri, which is always sent as a module"
SECONDS_AN_ITEM = 0.03


@dataclass(frozen=True)
class Sizes:
    """The sizes of the measurement."""

    items: int = 50
    rounds: int = 5
    module_rounds: int = 2


def run(sizes: Sizes, folder: Path, report: Callable[[str], None]) -> Iterator[str]:
    """Measure, and yield the lines to print."""
    with FakeCluster() as cluster:
        names = [f"connector-{number:05}" for number in range(sizes.items)]
        for number, name in enumerate(names):
            cluster.connectors.put(name, sample_config(number))
        task = {
            f"{MODULE}.connector_state": {"url": cluster.urls[0], "name": ["{{ item }}"], "state": "running"},
            "loop": names,
        }
        uri = {"ansible.builtin.uri": {"url": f"{cluster.urls[0]}/connectors/{{{{ item }}}}/status"}, "loop": names}
        empty, inside = Playbook(folder, "empty", []), Playbook(folder, "inside", [task])
        python = other_python(folder / "other")
        outside, beside = (
            Playbook(folder, name, [looped], python=python) for name, looped in (("outside", task), ("beside", uri))
        )
        cases = [
            Case(EMPTY, empty.run),
            Case(IN_PROCESS, inside.run),
            Case(AS_MODULE, outside.run, sizes.module_rounds),
            Case(URI, beside.run, sizes.module_rounds),
        ]
        series = interleaved(cases, sizes.rounds, report)
        writes = cluster.writes()
    items = {name: net(one, series[EMPTY]) / sizes.items for name, one in series.items() if name != EMPTY}
    cpu = {name: (one.cpu - series[EMPTY].cpu) / sizes.items for name, one in series.items() if name != EMPTY}
    yield f"### A loop of {sizes.items} connector_state items that change nothing (fake worker)\n"
    rows = []
    for name, one in series.items():
        cells = timing_cells(one, series[EMPTY] if name in items else None)
        one_item = [f"{items[name]:.4f}", f"{cpu[name]:.4f}"] if name in items else ["", ""]
        rows.append([name, *cells, *one_item])
    yield table(["case", "seconds", "net", "spread", "CPU", "rounds", "net seconds an item", "net CPU an item"], rows)
    yield ""
    yield f"- {Goal(f'{IN_PROCESS}: net seconds an item', items[IN_PROCESS], SECONDS_AN_ITEM)}"
    yield f"- {Goal(f'{AS_MODULE}: CPU of an item, as a share of that of uri', cpu[AS_MODULE] / cpu[URI], 1)}"
    yield f"- {Goal('writes', len(writes), 0)}"
    yield f"- as a module an item takes {items[AS_MODULE] / items[IN_PROCESS]:.0f} times as long"
