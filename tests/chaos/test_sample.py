# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A fixed sample of the chaos suite on a real cluster: the same faults at the same times in each run."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from testing.chaos.experiment import conduct
from testing.chaos.faults import BY_NAME
from testing.chaos.moments import parse
from testing.chaos.patient import Patient
from testing.chaos.scene import make_scene
from testing.chaos.topology import Topology
from testing.sandbox import Sandbox
from testing.tooling.shared_sandbox import DEFAULT_KAFKA

ALWAYS = (
    ("kill-talked-to", "write3-before"),
    ("stop-for-good", "write1-after"),
    ("other-run", "write1-before"),
    ("ctrl-c", "write4-before"),
)
"""The faults whose handling breaks most easily, at the most critical moments."""

DEEP = (
    ("person-edits", "validate1-before"),
    ("write-dropped", "write2-before"),
    ("task-fails-at-once", "plan1-before"),
)
"""`make test` runs their like elsewhere: another run also changes what this one has read, the scripted faults drop writes on the fake
cluster, and the contract has a task that fails at once.
"""

SAMPLE = (*ALWAYS, *DEEP) if os.environ.get("STREAMOPS_DEEP") else ALWAYS


@pytest.fixture(scope="module")
def patient() -> Iterator[Patient]:
    """A separate cluster for this test module: no other test may use one that is being damaged."""
    topology = Topology(kafka=os.environ.get("STREAMOPS_KAFKA", DEFAULT_KAFKA))
    with Sandbox.running(**topology.options) as sandbox:
        yield Patient(sandbox, topology.workers)


@pytest.mark.parametrize(("fault", "moment"), SAMPLE, ids=[fault for fault, _moment in SAMPLE])
def test_no_fault_crashes_a_run_or_falsifies_its_result(
    patient: Patient, tmp_path: Path, fault: str, moment: str
) -> None:
    scene = make_scene(fault, patient.sandbox.files)
    outcome = conduct(patient, BY_NAME[fault], parse(moment), scene, tmp_path)
    assert outcome.struck, f"the run never came to {moment}"
    assert not outcome.violations, "\n".join([*outcome.violations, *outcome.story])
