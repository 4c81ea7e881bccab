# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Measures a run over many connectors that are already in the desired state."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from testing.fake_connect import FakeCluster
from testing.fake_connect.__main__ import sample_config
from testing.sandbox.environment import CHECKOUT

from .measuring import Case, Goal, Sample, Series, interleaved, net, table, timing_cells
from .playbooks import MODULE, Playbook, RunFailedError

EMPTY, TAKEN = "empty play", "play that only takes the variable"
JSON_FILES, YAML_FILES, VARIABLE = "ours, src of JSON files", "ours, src of YAML files", "ours, from a variable"
BARE_JSON, BARE_YAML = "bare GET and parsing, JSON files", "bare GET and parsing, YAML files"
_BASES = {JSON_FILES: EMPTY, YAML_FILES: EMPTY, VARIABLE: TAKEN}
"""The costs outside of a case: those of an empty play, or of Ansible with the variable."""

GAUGE = "imports of requests and jsonschema"
"""The speed of the machine: the target assumes that this takes 0.15 s."""

ALLOWANCE = 0.35
"""Seconds for work that is not parsing: mainly Python's imports."""


@dataclass(frozen=True)
class Sizes:
    """The sizes of the measurement. `uri_rounds`: a loop of uri is slow, so a few rounds suffice."""

    connectors: int = 1000
    uri_items: int = 100
    rounds: int = 5
    uri_rounds: int = 2


def run(sizes: Sizes, folder: Path, report: Callable[[str], None]) -> Iterator[str]:
    """Measure, and yield the lines to print."""
    entries = _write_files(sizes.connectors, folder)
    with FakeCluster() as cluster:
        for entry in entries:
            cluster.connectors.put(entry["name"], entry["config"], settled=False)
        cluster.connectors.settle()
        series = interleaved(_cases(sizes, folder, cluster), sizes.rounds, report)
    yield f"### No-op over {sizes.connectors} connectors of {len(entries[0]['config'])} keys (fake worker)\n"
    yield _table(series)
    yield ""
    yield from (f"- {goal}" for goal in goals(series, sizes))


def goals(series: dict[str, Series], sizes: Sizes) -> Iterator[Goal]:
    """The targets, from the measurements."""
    for ours, bare in ((JSON_FILES, BARE_JSON), (YAML_FILES, BARE_YAML), (VARIABLE, BARE_JSON)):
        yield Goal(
            f"{ours}: net seconds, limit 1.5 x ({bare}) + {ALLOWANCE} s",
            net(series[ours], series[_BASES[ours]]),
            1.5 * series[bare].seconds + ALLOWANCE,
        )
        yield Goal(f"{ours}: requests", series[ours].fact("requests"), 1)
    (uri,) = (one for name, one in series.items() if name.startswith("loop of uri"))
    one_by_uri = net(uri, series[EMPTY]) / sizes.uri_items
    ours_of_one = net(series[JSON_FILES], series[EMPTY]) / sizes.connectors
    yield Goal(
        f"{JSON_FILES}: net time of one connector, as a share of that of a loop of uri", ours_of_one / one_by_uri, 1
    )


def _cases(sizes: Sizes, folder: Path, cluster: FakeCluster) -> list[Case]:
    url = cluster.urls[0]
    module = f"{MODULE}.connectors"
    variable = [str(folder / "variables.json")]
    playbooks = {
        EMPTY: Playbook(folder, "empty", []),
        JSON_FILES: Playbook(folder, "json", [{module: {"url": url, "src": [str(folder / "json")]}}]),
        YAML_FILES: Playbook(folder, "yaml", [{module: {"url": url, "src": [str(folder / "yaml")]}}]),
        TAKEN: Playbook(folder, "taken", [{"take": {"url": url, "connectors": "{{ desired }}"}}], vars_files=variable),
        VARIABLE: Playbook(
            folder, "variable", [{module: {"url": url, "connectors": "{{ desired }}"}}], vars_files=variable
        ),
    }
    looked_at = f"{url}/connectors/{{{{ 'connector-%05d' | format(item) }}}}/config"
    loop = {"ansible.builtin.uri": {"url": looked_at}, "loop": f"{{{{ range({sizes.uri_items}) | list }}}}"}
    uri = Playbook(folder, "uri", [loop])

    def counted(playbook: Playbook) -> Callable[[], Sample]:
        def measure() -> Sample:
            before = len(cluster.requests)
            sample = playbook.run()
            return Sample(sample.seconds, sample.cpu, {"requests": len(cluster.requests) - before})

        return measure

    return [
        *(Case(name, counted(playbook)) for name, playbook in playbooks.items()),
        Case(BARE_JSON, lambda: _bare(url, folder / "json", sizes.connectors)),
        Case(BARE_YAML, lambda: _bare(url, folder / "yaml", sizes.connectors)),
        Case(GAUGE, _imports),
        Case(f"loop of uri over {sizes.uri_items} of them", counted(uri), sizes.uri_rounds),
    ]


def _imports() -> Sample:
    program = (
        "import time; began = time.perf_counter(); import requests, jsonschema; print(time.perf_counter() - began)"
    )
    answer = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    return Sample(float(answer.stdout), facts={"requests": 0})


def _bare(url: str, folder: Path, connectors: int) -> Sample:
    answer = subprocess.run(
        [sys.executable, "-m", "testing.benchmark.bare", url, str(folder)],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=True,
    )
    reported = json.loads(answer.stdout)
    if reported["found"] != connectors:
        raise RunFailedError(f"the bare program found {reported['found']} of {connectors} connectors")
    return Sample(reported["seconds"], reported["cpu"], {"requests": 1})


def _table(series: dict[str, Series]) -> str:
    rows = []
    for name, one in series.items():
        base = EMPTY if name.startswith("loop of uri") else _BASES.get(name)
        cells = timing_cells(one, series[base] if base else None)
        rows.append([name, *cells, f"{one.fact('requests'):.0f}"])
    return table(["case", "seconds", "net", "spread", "CPU", "rounds", "requests"], rows)


def _write_files(count: int, folder: Path) -> list[dict[str, Any]]:
    """The same connectors as files of both kinds, one connector per file, and as a file of variables."""
    entries = []
    for number in range(count):
        name = f"connector-{number:05}"
        entries.append({"name": name, "config": {**sample_config(number), "name": name}})
    for kind in ("json", "yaml"):
        (folder / kind).mkdir()
    for entry in entries:
        (folder / "json" / f"{entry['name']}.json").write_text(json.dumps(entry, indent=2), encoding="utf-8")
        text = yaml.dump(entry, Dumper=yaml.CSafeDumper, sort_keys=False)
        (folder / "yaml" / f"{entry['name']}.yml").write_text(text, encoding="utf-8")
    (folder / "variables.json").write_text(json.dumps({"desired": entries}), encoding="utf-8")
    return entries
