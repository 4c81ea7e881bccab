# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Dead letters grouped by the cause of their errors. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ..secrets import mask_text
from ..triage.diagnosis import Diagnosis, diagnose
from ..triage.exceptions import exceptions_of
from ..triage.first_cause import first_cause
from .context import ErrorContext
from .read import DeadLetter

_NONE = ErrorContext()


@dataclass(frozen=True)
class CauseGroup:
    """Records with the same kind of error, newest first; at least one. `cause`: of the newest, in one line, empty if the records have no
    headers about their errors.
    """

    cause: str
    diagnosis: Diagnosis
    letters: Sequence[DeadLetter]

    @property
    def context(self) -> ErrorContext:
        """That of the newest record."""
        return self.letters[0].context or _NONE

    @property
    def origins(self) -> Mapping[str, int]:
        """Numbers of records by the topic that they were read from."""
        contexts = (letter.context for letter in self.letters)
        return Counter(one.origin.topic for one in contexts if one is not None and one.origin is not None)


def by_cause(letters: Iterable[DeadLetter], secrets: Mapping[str, frozenset[str]]) -> list[CauseGroup]:
    """Return the groups, the largest first. `letters`: newest first; `secrets`: by connector."""
    groups: dict[tuple[str, ...], list[DeadLetter]] = {}
    for letter in letters:
        groups.setdefault(_identity(letter.context), []).append(letter)
    found = [_group(group, secrets) for group in groups.values()]
    return sorted(found, key=lambda group: (-len(group.letters), -group.letters[0].time))


def _identity(context: ErrorContext | None) -> tuple[str, ...]:
    """What two records with the same kind of error share. Messages differ: they contain offsets and values."""
    if context is None:
        return ()
    exceptions = exceptions_of(context.error)
    innermost = exceptions[-1].type if exceptions else ""
    return context.connector, context.stage, context.executing_class, context.exception, innermost


def _group(letters: Sequence[DeadLetter], secrets: Mapping[str, frozenset[str]]) -> CauseGroup:
    context = letters[0].context
    if context is None:
        return CauseGroup("", Diagnosis(), letters)
    masked = mask_text(context.error, secrets.get(context.connector, frozenset()))
    return CauseGroup(first_cause(masked), diagnose(context.error), letters)
