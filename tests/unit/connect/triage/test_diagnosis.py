# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.triage.diagnosis import diagnose
from tests.unit.connect.triage.public_traces import Case, cases

CASES = cases()


@pytest.mark.parametrize("case", CASES, ids=str)
def test_no_report_gets_a_wrong_name(case: Case) -> None:
    found = diagnose(case.trace)
    assert found.kind in (case.kind, "")
    if found.kind:
        assert found.transience == case.transience


def test_nearly_all_reports_get_their_name() -> None:
    known = [case for case in CASES if case.kind]
    unnamed = [case.source for case in known if not diagnose(case.trace).kind]
    assert len(unnamed) <= len(known) * 0.05, unnamed
