# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Scripted faults on the fake cluster, with the same checker as on a real cluster."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from testing.chaos.experiment import conduct
from testing.chaos.scene import make_scene
from testing.chaos.scripted import SCRIPTED, FakePatient, Scripted, fake_patient


@pytest.fixture
def patient() -> Iterator[FakePatient]:
    made = fake_patient()
    with made.cluster:
        yield made


@pytest.mark.parametrize("scripted", SCRIPTED, ids=[f"{one.fault.name}@{one.moment}" for one in SCRIPTED])
def test_no_scripted_fault_crashes_a_run_or_falsifies_its_result(
    patient: FakePatient, tmp_path: Path, scripted: Scripted
) -> None:
    scene = make_scene(scripted.fault.name, tmp_path)
    outcome = conduct(patient, scripted.fault, scripted.moment, scene, tmp_path)
    assert outcome.struck, f"the run never came to {scripted.moment}"
    assert not outcome.violations, "\n".join([*outcome.violations, *outcome.story])
    assert outcome.converged is scripted.converges
