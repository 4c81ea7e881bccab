# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The checker: decides from the evidence whether a run kept the six rules. Pure, and independent of the engine."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from .claims import accurate_changes, truthful
from .conduct import no_repetition, nothing_else, timely_and_clean
from .evidence import Evidence


def check(evidence: Evidence, afterwards: Evidence | None = None) -> list[str]:
    """All violations. Each is one line that starts with the number of the rule.

    `afterwards` is the evidence of the second run, which started once the cluster was stable.
    """
    found = list(_five_rules(evidence))
    if afterwards is not None:
        found += _five_rules(afterwards)
        found += _finishes(evidence, afterwards)
    return list(dict.fromkeys(found))


def _five_rules(evidence: Evidence) -> Iterator[str]:
    yield from nothing_else(evidence)
    for run in evidence.runs:
        yield from truthful(evidence, run)
        yield from accurate_changes(evidence, run)
        yield from no_repetition(evidence, run)
        yield from timely_and_clean(evidence, run)


def _finishes(before: Evidence, afterwards: Evidence) -> Iterator[str]:
    """Rule 6: a second run reports no change, or completes the work."""
    (run,) = afterwards.runs
    if run.failed_as_a_whole:
        yield f"6: {run.name} failed: {(run.result or {}).get('msg')}"
        return
    for name, wish in run.wishes.items():
        entry = run.entries.get(name, {})
        stored = before.stored_at(name, float("inf"))
        views = [views.get(name) for views in before.views.values()]
        settled = wish.granted(stored) and (
            wish.config is None or all(view is not None and view.works(wish.state or stored.state) for view in views)
        )
        if settled and (entry.get("changed") or afterwards.own(run, name)):
            yield f"6: {name} was in the desired state, but {run.name} reports {entry.get('action')} ({entry.get('reason')})"
        elif entry.get("failed") and name not in before.hopeless and not _waits_for_the_hopeless(before, entry):
            yield f"6: {run.name} did not complete the work on {name}: {entry.get('error')}"


def _waits_for_the_hopeless(before: Evidence, entry: Mapping[str, Any]) -> bool:
    """Whether a delete waits for a hopeless connector: a run deletes last, and only if everything else has succeeded."""
    return bool(before.hopeless) and entry.get("error_kind") == "not_begun"
