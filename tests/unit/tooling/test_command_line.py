# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The command lines of the sandbox and of the hosts end with an exit code that a script can check."""

from __future__ import annotations

import argparse
import signal
from collections.abc import Callable, Iterator

import pytest

from testing.command_line import run_command


@pytest.fixture(autouse=True)
def sigterm() -> Iterator[None]:
    before = signal.getsignal(signal.SIGTERM)
    yield
    signal.signal(signal.SIGTERM, before)


def command(run: Callable[[argparse.Namespace], object]) -> argparse.Namespace:
    return argparse.Namespace(run=run)


@pytest.mark.parametrize(("returned", "code"), [(None, 0), (0, 0), (3, 3)])
def test_a_command_ends_with_the_code_that_it_returns(returned: int | None, code: int) -> None:
    assert run_command(command(lambda _options: returned)) == code


def test_a_known_error_is_printed_on_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    def fail(_options: argparse.Namespace) -> None:
        raise LookupError("There is no sandbox x.")

    assert run_command(command(fail), LookupError) == 1
    assert capsys.readouterr().err == "There is no sandbox x.\n"


def test_sigterm_interrupts_a_command_as_ctrl_c_does(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command(command(lambda _options: signal.raise_signal(signal.SIGTERM))) == 130
    assert capsys.readouterr().err == "interrupted\n"
