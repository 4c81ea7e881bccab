# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Programs of the host, bounded in time and output."""

from __future__ import annotations

import time

import pytest

from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.host import programs
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.host.programs import (
    MISSING,
    Deadline,
    HostError,
    output_of,
)


def test_output_and_status_are_returned() -> None:
    assert output_of(["sh", "-c", "echo out; echo err >&2; exit 3"], Deadline(30)) == (3, "out\n")
    assert output_of(["sh", "-c", "echo out; echo err >&2"], Deadline(30), with_errors=True) == (0, "out\nerr\n")


def test_a_missing_program_is_an_outcome() -> None:
    assert output_of(["no-such-program"], Deadline(30)) == MISSING


def test_a_program_that_does_not_end_is_killed() -> None:
    began = time.monotonic()
    with pytest.raises(HostError, match=r"sleep did not end within 0\.2 s"):
        output_of(["sleep", "60"], Deadline(0.2))
    assert time.monotonic() - began < 30


def test_a_program_that_closes_its_output_and_does_not_end_is_killed() -> None:
    with pytest.raises(HostError, match="sh did not end"):
        output_of(["sh", "-c", "exec >&-; exec sleep 60"], Deadline(0.5))


def test_endless_output_is_truncated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(programs, "LARGEST_OUTPUT", 100_000)
    output = output_of(["yes"], Deadline(30))
    assert output.status != 0
    assert 100_000 <= len(output.text) < 300_000


def test_no_program_is_started_after_the_deadline() -> None:
    with pytest.raises(HostError, match="the host was not inspected within 0 s -> set timeout"):
        Deadline(0).left()
