# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The diagnosis of a failure: which row of the table applies. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from .exceptions import JavaException, exceptions_of
from .signs import Transience
from .table import GENERAL, LAST, SPECIFIC


@dataclass(frozen=True)
class Diagnosis:
    """`kind`: the name of the cause, empty if it is not known. `advice`: the fix in one line, empty if none is known.

    `transience`: whether a restart alone can help: transient (yes, once the other side works again), permanent (no, something
    has to be changed first), or unknown.
    """

    kind: str = ""
    transience: Transience = "unknown"
    advice: str = ""


UNKNOWN = Diagnosis()


def diagnose(trace: str) -> Diagnosis:
    """Return the diagnosis of a stack trace, or of a cause in one line: UNKNOWN if no row of the table applies.

    The innermost exception to which a specific row applies decides. Only without one do general rows count, which apply to every
    system: which system an outer exception names is more useful than that a connection was refused.
    """
    return _of_exceptions(exceptions_of(trace))


def advice(cause: str) -> str:
    """Return the usual fix for a cause in one line, or "" if none is known."""
    return diagnose(cause).advice


def _of_exceptions(exceptions: list[JavaException]) -> Diagnosis:
    for rows in (SPECIFIC, GENERAL, LAST):
        for exception in reversed(exceptions):
            for row in rows:
                if row.fits(exception):
                    return Diagnosis(row.kind, row.transience, row.advice)
    return UNKNOWN
