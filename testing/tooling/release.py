# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks and builds a release: ``python -m testing.tooling.release check TAG`` and ``... build`` (`make release-check`, `make build`).

`check` rejects a tag that differs from the version in galaxy.yml, a version without an entry in the changelog, and fragments
that are not part of a release. It writes the release notes. `build` makes the artifact. Both write to tests/output/release.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from testing.sandbox.environment import CHECKOUT

OUTPUT = CHECKOUT / "tests" / "output" / "release"


def problems(tag: str, root: Path = CHECKOUT) -> Iterator[str]:
    """The problems that prevent a release with this tag, one per line."""
    version = str(_yaml(root / "galaxy.yml")["version"])
    if tag != version:
        yield f'the tag is "{tag}", the version in galaxy.yml is {version}: they must be equal'
    releases = _yaml(root / "changelogs" / "changelog.yaml")["releases"]
    if version not in releases:
        yield f"changelogs/changelog.yaml has no release {version}: run `antsibull-changelog release`"
    elif "release_summary" not in releases[version].get("changes", {}):
        yield f"release {version} has no summary: add a fragment with release_summary"
    left = sorted(path.name for path in (root / "changelogs" / "fragments").glob("*.y*ml"))
    if left:
        yield f"changelogs/fragments still holds {', '.join(left)}: run `antsibull-changelog release`"


def notes(version: str, root: Path = CHECKOUT) -> str:
    """The part of CHANGELOG.md about one version, without its heading."""
    text = (root / "CHANGELOG.md").read_text(encoding="utf-8")
    # antsibull-changelog escapes each point of its Markdown.
    heading = re.escape(version.replace(".", "\\."))
    found = re.search(rf"^## v{heading}$(.*?)(?=^<a id=\"v|\Z)", text, flags=re.MULTILINE | re.DOTALL)
    return f"{found[1].strip()}\n" if found else ""


def build(folder: Path) -> Path:
    """Builds the artifact into a folder, in place of older ones; returns its path. Raises CalledProcessError."""
    folder.mkdir(parents=True, exist_ok=True)
    for older in folder.glob("*.tar.gz"):
        older.unlink()
    program = Path(sys.executable).with_name("ansible-galaxy")
    command = [str(program), "collection", "build", str(CHECKOUT), "--output-path", str(folder)]
    subprocess.run(command, check=True, stdout=subprocess.PIPE)
    (artifact,) = folder.glob("*.tar.gz")
    return artifact


def _yaml(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def main(arguments: list[str] | None = None) -> int:
    """The command line; the exit code is 1 if a problem prevents the release."""
    parser = argparse.ArgumentParser(prog="python -m testing.tooling.release", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("check", help="that tag, galaxy.yml and changelog agree").add_argument("tag")
    commands.add_parser("build", help="the artifact")
    options = parser.parse_args(arguments)
    if options.command == "build":
        artifact = build(OUTPUT)
        print(f"{artifact.relative_to(CHECKOUT)}: {artifact.stat().st_size:,} bytes")
        return 0
    found = list(problems(options.tag))
    for problem in found:
        print(problem, file=sys.stderr)
    if not found:
        OUTPUT.mkdir(parents=True, exist_ok=True)
        (OUTPUT / "notes.md").write_text(notes(options.tag), encoding="utf-8")
        print(f"{options.tag} can be released; its notes are in tests/output/release/notes.md")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
