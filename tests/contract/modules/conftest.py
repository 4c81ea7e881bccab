# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The scenario, run once for each server (fake, real) and each run mode of the engine (in-process, module)."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import pytest

from testing.ansible_runs import Interpreter, PlaybookRun, TaskRecord, make_interpreter, play, run_playbook
from testing.fake_connect import FakeCluster, Request

from .scenario import Site, Task, all_tasks

FULL_VERSIONS = {"4.3": "4.3.1", "3.9": "3.9.1"}
PLACES = ("in-process", "module")
Where = tuple[str, str]
RUNS: tuple[Where, ...] = (("fake", "in-process"), ("fake", "module"), ("real", "in-process"), ("real", "module"))
SCENARIOS = os.environ.get("STREAMOPS_SCENARIOS", " ".join(map("-".join, RUNS))).split()
"""A shorter run leaves out what others prove: a real worker's responses do not depend on ansible-core, nor on the run mode.
"fake-module:brief" chooses the brief scenario: one second of CPU for each task that is sent as a module adds up.
"""
BRIEF = frozenset({("real", "module")} | {where for where in RUNS if f"{'-'.join(where)}:brief" in SCENARIOS})
"""On the real cluster, modules run a brief scenario: on the fake they have done the same as in-process, step by step."""
EVERYWHERE = tuple(where for where in RUNS if {"-".join(where), f"{'-'.join(where)}:brief"} & set(SCENARIOS))
FULL = tuple(where for where in EVERYWHERE if where not in BRIEF)


def everywhere(argument: str, full: Sequence[str], brief: Sequence[str]) -> pytest.MarkDecorator:
    """Parametrize a test over `scenario` and `argument`: these values in the full scenario, those in the brief one."""
    pairs = [(where, value) for where in EVERYWHERE for value in (brief if where in BRIEF else full)]
    names = ["-".join([*where, value]) for where, value in pairs]
    return pytest.mark.parametrize(("scenario", argument), pairs, indirect=["scenario"], ids=names)


def both_on_the_fake(full: Sequence[str], brief: Sequence[str]) -> Sequence[str]:
    """Those that run in both run modes on the fake cluster."""
    return brief if ("fake", "module") in BRIEF else full


@dataclass(frozen=True)
class Scenario:
    """One run of the scenario. `fake` is the cluster that it ran on, None for a real one."""

    server: str
    place: str
    site: Site
    run: PlaybookRun
    controller: Interpreter
    other: Interpreter
    fake: FakeCluster | None

    def requests(self, record: TaskRecord) -> list[Request]:
        """The requests that the fake received during that task."""
        assert self.fake is not None, "only the fake keeps requests"
        return [request for request in self.fake.requests if record.started <= request.at <= record.ended]


Played = Callable[[str, str], Scenario]


@pytest.fixture(scope="session")
def controller(tmp_path_factory: pytest.TempPathFactory) -> Interpreter:
    """The Python that runs ansible-playbook, as its own interpreter; records every further start."""
    return make_interpreter(tmp_path_factory.mktemp("controller"))


@pytest.fixture(scope="session")
def other(tmp_path_factory: pytest.TempPathFactory) -> Interpreter:
    """Another Python on the same machine, with everything that modules need."""
    return make_interpreter(tmp_path_factory.mktemp("other"))


@pytest.fixture(scope="session")
def lacking(tmp_path_factory: pytest.TempPathFactory) -> Interpreter:
    """A Python without requests, but with everything else."""
    return make_interpreter(tmp_path_factory.mktemp("lacking"), missing=["requests"])


@pytest.fixture(scope="session")
def fakes() -> Iterator[Callable[[], FakeCluster]]:
    """Create fake clusters of the Kafka line under test, which live as long as the session."""
    version = FULL_VERSIONS[os.environ.get("STREAMOPS_KAFKA", "4.3")]
    made: list[FakeCluster] = []

    def make() -> FakeCluster:
        made.append(FakeCluster(version=version))
        return made[-1]

    yield make
    for cluster in made:
        cluster.close()


@pytest.fixture(scope="session")
def played(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    controller: Interpreter,
    other: Interpreter,
    fakes: Callable[[], FakeCluster],
) -> Played:
    """The scenario of a server and a place, run when it is first used."""
    known: dict[tuple[str, str], Scenario] = {}

    def play_scenario(server: str, place: str) -> Scenario:
        if (server, place) not in known:
            folder = tmp_path_factory.mktemp(f"{server}-{place}")
            (folder / "in.txt").touch()
            fake = fakes() if server == "fake" else None
            if fake is None:
                sandbox = request.getfixturevalue("sandbox")
                urls, cluster_id = sandbox.urls, sandbox.kafka_cluster_id
            else:
                urls, cluster_id = fake.urls, fake.kafka_cluster_id
            site = Site(urls, f"contract-{uuid4().hex[:8]}", str(folder), cluster_id)
            tasks = all_tasks(site, brief=(server, place) in BRIEF)
            run = _play(tasks, site, place, folder, controller, other)
            known[server, place] = Scenario(server, place, site, run, controller, other, fake)
        return known[server, place]

    return play_scenario


@pytest.fixture(scope="session", params=FULL, ids="-".join)
def scenario(request: pytest.FixtureRequest, played: Played) -> Scenario:
    """The scenario on each server and in each place where the full form runs."""
    return played(*request.param)


def _play(
    tasks: Sequence[Task], site: Site, place: str, folder: Path, controller: Interpreter, other: Interpreter
) -> PlaybookRun:
    python = "{{ ansible_playbook_python }}" if place == "in-process" else str(other.python)
    connection = {"group/streamops.kafka_connect.kafka_connect": {"url": site.urls}}
    return run_playbook(
        [play(tasks, module_defaults=connection)],
        {"cluster": {"ansible_python_interpreter": python}},
        folder,
        python=controller.python,
    )
