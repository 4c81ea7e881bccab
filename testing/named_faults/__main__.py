# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""``python -m testing.named_faults``: prints a line for each fault, and the sums. The exit code is 1 if a name is wrong.

``--document`` also writes the table of docs/development/named-faults.md.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack

from testing.sandbox.environment import CHECKOUT, collections_path

PAGE = CHECKOUT / "docs" / "development" / "named-faults.md"
MARK = "<!-- written by the program, with --document -->"
LEAST, RIGHT = 40, 38
"""How many faults there must be, and how many of them must get the right name."""


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    parser = argparse.ArgumentParser(prog="python -m testing.named_faults", description=__doc__)
    parser.add_argument("words", nargs="*", help="only faults of the cluster whose name contains one of these")
    parser.add_argument("--document", action="store_true", help="write the table to docs/development/named-faults.md")
    options = parser.parse_args(arguments)
    words = options.words
    sys.path.insert(0, str(collections_path()))
    verdicts: Counter[str] = Counter()
    rows: list[str] = []
    for fault, names, expected, verdict in _run(words):
        verdicts[verdict] += 1
        shown = ", ".join(names) or "-"
        rows.append(f"| {fault} | {shown if names else 'none'} | {verdict} |")
        print(f"{verdict:8} {fault}: {shown}" + (f" (expected {expected})" if verdict != "right" else ""), flush=True)
    total = sum(verdicts.values())
    sums = f"{total} faults: {verdicts['right']} right, {verdicts['unknown']} unknown, {verdicts['wrong']} wrong"
    print(sums)
    if options.document:
        _document(rows, sums)
    is_enough = bool(words) or (total >= LEAST and verdicts["right"] >= RIGHT)
    return 0 if is_enough and not verdicts["wrong"] else 1


def _run(words: Sequence[str]) -> Iterator[tuple[str, tuple[str, ...], str, str]]:
    # After the path that the collection is found by.
    from .naming import name_cluster_faults, name_failing_connectors, new_cluster
    from .observed_faults import FAULTS

    for brokers in (1, 3):
        chosen = [fault for fault in FAULTS if fault.brokers == brokers and _is_chosen(fault.name, words)]
        if not chosen:
            continue
        with ExitStack() as stack:
            sandbox = new_cluster(stack, f"named{os.getpid()}", brokers)
            namings = [name_cluster_faults(sandbox, chosen)]
            if brokers == 1 and not words:
                namings.append(name_failing_connectors(sandbox))
            for naming in (one for several in namings for one in several):
                yield naming.fault, naming.names, " or ".join(sorted(naming.expected)) or "no name", naming.verdict


def _document(rows: Sequence[str], sums: str) -> None:
    """Replace what follows the mark in the page."""
    text = PAGE.read_text(encoding="utf-8")
    before = text[: text.index(MARK) + len(MARK)]
    when = time.strftime("%Y-%m-%d", time.gmtime())
    table = "\n".join(["| fault | name | |", "|---|---|---|", *rows])
    PAGE.write_text(f"{before}\n\n{when}: {sums}.\n\n{table}\n", encoding="utf-8")


def _is_chosen(name: str, words: Sequence[str]) -> bool:
    return not words or any(word in name for word in words)


if __name__ == "__main__":
    sys.exit(main())
