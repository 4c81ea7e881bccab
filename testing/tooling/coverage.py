# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Measures which lines of the collection a test run executes: ``python -m testing.tooling.coverage -m pytest tests/unit``.

The engine and the edge are measured separately, because 95 % of the total could hide an untested part. The exit code is that
of the tests, or 1 if a part is below LEAST. The report is also in tests/output/coverage.md, for the summary of a CI run.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from testing.sandbox.environment import CHECKOUT

LEAST = 95
"""Percent of the lines of each part."""

ENGINE = "plugins/module_utils/_connect/*"
PARTS = {"engine": ["--include", ENGINE], "edge": ["--omit", ENGINE]}
OUTPUT = CHECKOUT / "tests" / "output"


def measured(arguments: Sequence[str], output: Path = OUTPUT) -> int:
    """Runs a Python program under coverage, then reports; returns the exit code."""
    folder = output / "coverage"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    # Without the variables that another measurement passes to its child processes.
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE_")}
    environment = {**inherited, "COVERAGE_FILE": str(folder / "data")}
    program = [sys.executable, "-m", "coverage"]

    def call(*words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*program, *words], cwd=CHECKOUT, env=environment, check=False, stdout=subprocess.PIPE, text=True
        )

    tests = subprocess.run([*program, "run", *arguments], cwd=CHECKOUT, env=environment, check=False).returncode
    combined = call("combine", "--quiet").returncode
    if tests or combined:
        # Coverage is meaningless if the tests failed.
        return tests or combined
    code, summary = 0, ["| part | lines covered |", "|---|---|"]
    for part, chosen in PARTS.items():
        report = call("report", *chosen, f"--fail-under={LEAST}")
        total = call("report", *chosen, "--format=total").stdout.strip()
        verdict = "" if report.returncode == 0 else f", less than {LEAST} %"
        print(f"\nCoverage of the {part}: {total} %{verdict}\n{report.stdout}", flush=True)
        summary.append(f"| {part} | {total} %{verdict} |")
        code = code or report.returncode
    Path(output, "coverage.md").write_text("\n".join([*summary, ""]), encoding="utf-8")
    return code


if __name__ == "__main__":
    sys.exit(measured(sys.argv[1:]))
