# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs ansible-test sanity on the whole collection, and proves that each test checked files.

``python -m testing.tooling.sanity 2.21``, with the Python of the environment ``core-2.21``; no container is needed. That Python
compiles and imports the code; after ``--every-python`` each supported one that this machine has.
ansible-test passes quietly when a tool that a test needs is missing, when no interpreter of a version is found, or
when it sees no files. Therefore it must first find the errors in a few faulty files, and the run over the
collection must include every test.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from testing.sandbox.environment import CHECKOUT, cache_directory
from testing.tooling.environments import interpreters, locked

# The programs of the current environment.
PROGRAMS = Path(sys.executable).parent

# ansible-test wants to download this to bootstrap pip into its own virtual environments. It uses a file in its cache
# with the name that its version requests. Installing pip takes seven seconds of CPU for each of nine environments, and
# copying it half a second.
_GET_PIP = '''\
"""Stands in for get-pip.py: the pip that the interpreter brings, copied from its packages, else by ensurepip."""
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

brought = Path(sysconfig.get_path("purelib", vars={"base": sys.base_prefix}))
parts = [brought / "pip", *brought.glob("pip-*.dist-info")]
if len(parts) == 2 and all(part.is_dir() for part in parts):
    for part in parts:
        shutil.copytree(part, Path(sysconfig.get_path("purelib")) / part.name)
else:
    subprocess.check_call([sys.executable, "-m", "ensurepip", "--default-pip"], stdout=subprocess.DEVNULL)
'''

_HEADER = """\
# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""
# Errors that must be found: (test, file, text in the finding).
_FAULTY_FILES = {
    "plugins/modules/faulty.py": f"#!/usr/bin/python\n{_HEADER}import requests\n\nvalue = undefined\n",
    "plugins/action/orphan.py": f"{_HEADER}from ansible.plugins.action import ActionBase\n\n\n"
    "class ActionModule(ActionBase):\n    pass\n",
    "plugins/faulty.sh": "#!/bin/sh\n[ $1 == a ]\n",
    "plugins/faulty.yml": "a: 1\na: 2\n",
}
_FAULTS = {
    ("validate-modules", "plugins/modules/faulty.py"),
    ("import", "plugins/modules/faulty.py"),
    ("pylint", "plugins/modules/faulty.py"),
    ("action-plugin-docs", "plugins/action/orphan.py"),
    ("shellcheck", "plugins/faulty.sh"),
    ("yamllint", "plugins/faulty.yml"),
}
_UNRELEASED = ("tests/", "testing/", "noxfile.py")
_NEEDED = ("tests/config.yml",)
"""What ansible-test reads below tests/, besides ignore files, which `check` refuses."""

# The collection contains files for each of these.
_NEVER_IDLE = {"ansible-doc", "compile", "import", "pep8", "pylint", "shebang", "validate-modules", "yamllint"}
# Such a line names the interpreters that this machine lacks; any other skipped test is a failure.
_NO_INTERPRETER = re.compile(r'Skipping sanity test "[\w-]+" on Python [\d.]+ because it could not be found')


def copy_collection(root: Path) -> Path:
    """Copy the collection to a real directory with the name that ansible-test requires. Returns that directory.

    The tests and their programs are not released: the sessions lint and types check them.
    """
    collection = root / "ansible_collections" / "streamops" / "kafka_connect"
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=CHECKOUT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout.split("\0")
    for name in filter(None, listed):
        if (CHECKOUT / name).is_file() and not (name.startswith(_UNRELEASED) and name not in _NEEDED):
            (collection / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(CHECKOUT / name, collection / name)
    return collection


def surroundings(root: Path, home: Path) -> dict[str, str]:
    """The variables to run ansible-test with; ``home`` keeps its virtual environments between runs."""
    for name in ("get_pip_23_1_2.py", "get_pip_25_2.py"):
        cached = home / ".ansible" / "test" / "cache" / name
        cached.parent.mkdir(parents=True, exist_ok=True)
        cached.write_text(_GET_PIP, encoding="utf-8")
    # Real interpreters first: ansible-test takes the first match on PATH, even a pyenv shim that does not run.
    pythons = root / "pythons"
    pythons.mkdir()
    for (major, minor), python in interpreters().items():
        (pythons / f"python{major}.{minor}").symlink_to(python)
    path = [str(PROGRAMS), str(pythons), os.environ.get("PATH", os.defpath)]
    return {**os.environ, "HOME": str(home), "PATH": os.pathsep.join(path)}


def ansible_test(collection: Path, variables: dict[str, str], *arguments: str) -> tuple[int, str]:
    """Runs ansible-test sanity; returns its exit code and its output."""
    command = [str(PROGRAMS / "ansible-test"), "sanity", "--color", "no", "-v", *arguments]
    answer = subprocess.run(
        command, cwd=collection, env=variables, check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    return answer.returncode, answer.stdout


def sections(output: str) -> list[tuple[str, str]]:
    """Return the output of each test, in order: (its name, the text). A test appears once for each Python that ran it."""
    parts = re.split(r'^Running sanity test "([\w-]+)"', output, flags=re.MULTILINE)[1:]
    return list(zip(parts[::2], parts[1::2], strict=True))


def blind_spots(collection: Path, variables: dict[str, str], pythons: Sequence[str] = ()) -> list[str]:
    """The tests that do not find the error in a faulty file."""
    for name, content in _FAULTY_FILES.items():
        (collection / name).parent.mkdir(parents=True, exist_ok=True)
        (collection / name).write_text(content, encoding="utf-8")
    try:
        tests = [word for test in sorted({test for test, _name in _FAULTS}) for word in ("--test", test)]
        _code, message = ansible_test(collection, variables, *pythons, *tests, *_FAULTY_FILES)
    finally:
        for name in _FAULTY_FILES:
            (collection / name).unlink()
    found = {(test, name) for test, text in sections(message) for name in _FAULTY_FILES if f"ERROR: {name}:" in text}
    missed = sorted(f"{test} does not find the error in {name}" for test, name in _FAULTS - found)
    return [*missed, *([message] if missed else [])]


def missing_tests(collection: Path, variables: dict[str, str], message: str) -> list[str]:
    """The tests that did not check the collection."""
    _code, listed = ansible_test(collection, variables, "--list-tests")
    expected = set(re.findall(r"^[a-z][a-z0-9-]+$", listed, flags=re.MULTILINE))
    problems = [f"{test} did not run" for test in sorted(expected - {test for test, _text in sections(message)})]
    busy = {test for test, text in sections(message) if "No tests applicable" not in text}
    problems += [f"{test} checked no file" for test in sorted(_NEVER_IDLE - busy)]
    skipped = re.findall(r"^WARNING: Skipping .*", message, flags=re.MULTILINE)
    return problems + [line for line in skipped if not _NO_INTERPRETER.search(line)]


def interesting(message: str) -> str:
    """The lines for people: which test ran, findings and warnings, but not each command."""
    return "\n".join(
        re.findall(r"^(?:Running sanity|ERROR|FATAL|WARNING|Traceback|\s+File).*", message, flags=re.MULTILINE)
    )


def main(arguments: list[str] | None = None) -> int:
    """The command line; the exit code is 0 only if every test ran, detects errors, and found none."""
    parser = argparse.ArgumentParser(prog="python -m testing.tooling.sanity", description=__doc__)
    parser.add_argument("core", help="the version of ansible-core in this environment, as 2.21")
    parser.add_argument(
        "--every-python",
        action="store_true",
        help="compile and import with each supported Python, not only the controller's",
    )
    parser.add_argument("arguments", nargs=argparse.REMAINDER, help="for ansible-test sanity, as --test pep8")
    options = parser.parse_args(arguments)
    home = cache_directory() / "sanity" / options.core
    home.mkdir(parents=True, exist_ok=True)
    with locked(home / "lock"), tempfile.TemporaryDirectory() as folder:
        collection = copy_collection(Path(folder))
        pythons = [] if options.every_python else ["--python", f"{sys.version_info[0]}.{sys.version_info[1]}"]
        return check(collection, surroundings(Path(folder), home), options.arguments, pythons)


def check(collection: Path, variables: dict[str, str], arguments: list[str], pythons: Sequence[str] = ()) -> int:
    """Runs the tests, prints the findings and the tests that checked nothing, and returns the exit code.

    `pythons`: arguments of ansible-test that choose the Pythons.
    """
    ignored = [str(path.relative_to(CHECKOUT)) for path in CHECKOUT.glob("tests/sanity/ignore*")]
    problems = [f"{name}: fix the findings instead of ignoring them" for name in ignored]
    problems += blind_spots(collection, variables, pythons)
    code, message = ansible_test(collection, variables, *pythons, *arguments)
    print(interesting(message) if sections(message) else message)
    if not arguments:
        problems += missing_tests(collection, variables, message)
    for problem in problems:
        print(problem, file=sys.stderr)
    return code or int(bool(problems))


if __name__ == "__main__":
    sys.exit(main())
