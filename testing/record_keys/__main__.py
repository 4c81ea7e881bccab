# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""`python -m testing.record_keys [--kafka VERSION ...]`: see README.md."""

from __future__ import annotations

import argparse
import sys

from testing.sandbox.errors import SandboxError

from . import data
from .kafka import RecordError, record_release, records


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m testing.record_keys",
        description="Write the engine's data about keys from the records; with --kafka, first record Kafka releases.",
    )
    parser.add_argument(
        "--kafka",
        action="append",
        default=[],
        metavar="VERSION",
        help="a release such as 4.3.1, a recorded line such as 4.3, or all; may be given more than once",
    )
    arguments = parser.parse_args()
    try:
        for version in [release for given in arguments.kafka for release in _releases(given)]:
            print(f"recorded {record_release(version)}")
        for path in data.write():
            print(f"wrote {path}")
    except (RecordError, SandboxError) as problem:
        print(problem, file=sys.stderr)
        return 1
    return 0


def _releases(given: str) -> list[str]:
    """The exact versions of these lines; a text that is not a recorded line stands for itself."""
    recorded = {".".join(map(str, record.line)): record.version for record in records()}
    return list(recorded.values()) if given == "all" else [recorded.get(given, given)]


if __name__ == "__main__":
    sys.exit(main())
