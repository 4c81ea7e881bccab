# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Arguments of every module: of wrong types, too deep, too large, in any script, next to valid ones."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from .stage import MODULES, Stage
from .strategies import PLAYS, Deep, arguments, check

STORED = {"orders": {"name": "orders", "connector.class": "FileStreamSource", "topic": "t", "file": "/x"}}


@pytest.mark.parametrize("module", MODULES)
@PLAYS
@given(data=st.data(), check_mode=st.booleans())
def test_any_arguments_lead_to_a_result_or_a_readable_error(
    stage: Stage, module: str, data: st.DataObject, check_mode: bool
) -> None:
    drawn: dict[str, Any] = data.draw(arguments(module))
    given_arguments = {name: value.unfolded() if isinstance(value, Deep) else value for name, value in drawn.items()}
    played = stage.play(module, given_arguments, check_mode=check_mode, stored=STORED)
    check(played, check_mode=check_mode, budget=_seconds(given_arguments.get("run_timeout")))


def _seconds(run_timeout: object) -> float:
    """The time limit in these arguments; unlimited if they contain none, or none that is a number."""
    try:
        seconds = float(run_timeout)  # type: ignore[arg-type]  # anything at all
    except (TypeError, ValueError, OverflowError):
        return math.inf
    return math.inf if math.isnan(seconds) else max(seconds, 0.0)
