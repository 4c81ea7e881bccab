# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every check of this project is a session here; `make test` runs the default ones and summarizes them.

Our own sessions run in the pinned environments of testing/tooling/environments.py, those of antsibull-nox in nox's.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

import nox
from nox.command import CommandFailed

ROOT = Path(__file__).resolve().parent
sys.path.insert(0, str(ROOT))

from testing.sandbox.environment import cache_directory, collections_path  # noqa: E402  # after the path that it is found by
from testing.tooling import environments  # noqa: E402  # the same

try:
    import antsibull_nox
except ImportError:
    raise SystemExit("noxfile.py needs antsibull-nox: run it through `make test`, or `make nox SESSIONS=...`") from None

nox.needs_version = ">=2025.2.9"
# One for each checkout: antsibull-nox builds and imports the collection there.
nox.options.envdir = str(cache_directory() / "nox" / hashlib.sha256(bytes(ROOT)).hexdigest()[:8])
nox.options.reuse_venv = "yes"

OTHER_CORES = tuple(
    core for core in environments.CORE_PYTHONS if core not in (environments.OLDEST_CORE, environments.NEWEST_CORE)
)

Run = Callable[..., None]

_ON_FAKE = "fake-in-process fake-module"
"""The contract's scenarios without a real cluster, see tests/contract/modules/conftest.py."""

_BRIEFLY_ON_FAKE = "fake-in-process fake-module:brief"
"""The same, where modules run the brief scenario. The deep sessions run the full one."""

_ONCE = (
    "--ignore=tests/unit/connect/test_bounded_work.py",
    *(f"--ignore=tests/unit/{folder}" for folder in ("docs", "hosts", "pictures", "record_keys", "sandbox", "tooling")),
)
"""What depends neither on ansible-core nor on the locale: time that patterns take, pages, pictures, and the tools of this project. The
deep sessions run it on other Pythons.
"""


def _in_environment(session: nox.Session, name: str) -> Run:
    """Return a function that runs programs of the pinned environment; without a suitable Python the session fails."""
    try:
        folder = environments.environment(name).parent
    except environments.NoInterpreter as problem:
        session.error(str(problem))
    variables = {
        "PATH": os.pathsep.join([str(folder), os.environ.get("PATH", os.defpath)]),
        "ANSIBLE_COLLECTIONS_PATH": str(collections_path()),
        "VIRTUAL_ENV": str(folder.parent),
    }

    def run(program: str, *arguments: str, **more: str) -> None:
        # After an interrupt, tests stop the processes they started. The default of nox is a third of a second.
        program_path = str(folder / program)
        session.run(program_path, *arguments, env={**variables, **more}, external=True, interrupt_timeout=60)

    return run


def _all_of(session: nox.Session, *checks: Callable[[], None]) -> None:
    """Run every check, and fail at the end if one of them failed, so that one run shows all findings of a session."""
    failed = 0
    for check in checks:
        try:
            check()
        except CommandFailed:
            failed += 1
    if failed:
        session.error(f"{failed} of {len(checks)} commands failed")


@nox.session(venv_backend="none", tags=["check"])
def lint(session: nox.Session) -> None:
    """Formatting, ruff, yamllint, shellcheck, the changelog's fragments."""
    run = _in_environment(session, "quality")
    _all_of(
        session,
        partial(run, "ruff", "format", "--check", "."),
        partial(run, "ruff", "check", "."),
        partial(run, "yamllint", "--strict", "."),
        partial(run, "shellcheck", ".ci/run", ".ci/find-python", *map(str, (ROOT / "roles").rglob("*.sh"))),
        partial(run, "antsibull-changelog", "lint"),
    )


@nox.session(name="format", venv_backend="none", default=False)
def format_code(session: nox.Session) -> None:
    """Applies the fixes of ruff and formats the code."""
    run = _in_environment(session, "quality")
    run("ruff", "check", "--fix-only", ".")
    run("ruff", "format", ".")


@nox.session(venv_backend="none", tags=["check"])
def types(session: nox.Session) -> None:
    """mypy --strict on the collection, its tests and this file."""
    run = _in_environment(session, "quality")
    # Under the names by which Ansible imports it; the checkout's own path is not a Python package.
    packages = ["-p", "ansible_collections.streamops.kafka_connect.plugins"]
    paths = os.pathsep.join([str(collections_path()), str(ROOT)])
    caches = str(cache_directory() / "mypy")
    _all_of(
        session,
        partial(run, "mypy", "--cache-dir", caches, *packages, "-p", "tests", "-p", "testing", MYPYPATH=paths),
        partial(run, "mypy", "--cache-dir", caches, "noxfile.py", MYPYPATH=paths),
    )


_UNRELEASED = ("extensions", "testing")
"""Folders of playbooks that no user gets: the scenarios of Molecule, and those of the test programs."""


def _add_ansible_lint(*excluded: str, name: str, deep: bool) -> None:
    @nox.session(name=name, venv_backend="none", default=not deep, tags=["deep"] if deep else [])
    def ansible_lint(session: nox.Session) -> None:
        """ansible-lint at profile production, without any skipped rule."""
        run = _in_environment(session, "quality")
        left_out = [word for folder in excluded for word in ("--exclude", f"{folder}/")]
        run("ansible-lint", "--offline", "--strict", "--profile", "production", *left_out)


# Two thirds of the time go to the playbooks that are not released.
_add_ansible_lint(*_UNRELEASED, name="ansible-lint", deep=False)
_add_ansible_lint(name="ansible-lint-all", deep=True)


@nox.session(venv_backend="none", tags=["check"])
def docs(session: nox.Session) -> None:
    """antsibull-docs on the documentation of modules, roles and guides; RETURN blocks match their source."""
    run = _in_environment(session, "quality")
    # It records samples from real tasks, which need ansible-core and the modules' libraries.
    run_tasks = _in_environment(session, f"core-{environments.NEWEST_CORE}")
    _all_of(
        session,
        partial(run, "antsibull-docs", "lint-collection-docs", "--plugin-docs", "--validate-collection-refs=all", "."),
        partial(run_tasks, "python", "-m", "testing.tooling.returns", "--check"),
    )


@nox.session(venv_backend="none", default=False, tags=["deep"])
def docsite(session: nox.Session) -> None:
    """The documentation site, guides included, without a warning."""
    run = _in_environment(session, "quality")
    run("python", "-m", "testing.tooling.docsite", str(Path(session.create_tmp()) / "docsite"))


# license-check, extra-checks and build-import-check, as antsibull-nox.toml has them.
antsibull_nox.load_antsibull_nox_toml()
nox.registry.get()["build-import-check"].tags = ["deep"]


def _add_sanity(core: str, *, deep: bool = False) -> None:
    """The deep sessions compile and import the code with every supported Python, the other one with the controller's."""
    ending, pythons, tags = ("-pythons", ["--every-python"], ["deep"]) if deep else ("", [], [])

    @nox.session(name=f"sanity-{core}{ending}", venv_backend="none", default=not deep, tags=tags)
    def sanity(session: nox.Session) -> None:
        """All of ansible-test sanity, without any ignore file."""
        run = _in_environment(session, f"core-{core}")
        run("python", "-m", "testing.tooling.sanity", *pythons, core, *session.posargs)


def _add_tests(layer: str, core: str, *, name: str = "", deep: bool = True, **variables: str) -> None:
    """A session of pytest over one layer of the tests with one ansible-core; the deep ones run on demand."""

    # REST, Kafka and Java do not depend on the version of ansible-core: one run is enough.
    once = ["--ignore=tests/contract/rest", "--ignore=tests/contract/kafka"]
    if variables.get("STREAMOPS_SCENARIOS") == _BRIEFLY_ON_FAKE:
        once.append("--ignore=tests/contract/modules/test_fake_and_real.py")
    left_out = [] if core == environments.NEWEST_CORE else once
    if core == environments.OLDEST_CORE and not deep:
        left_out.extend(_ONCE)

    # Measure coverage of the unit tests on the newest ansible-core.
    measured = (layer, core, deep) == ("unit", environments.NEWEST_CORE, False)

    if deep:
        variables["STREAMOPS_DEEP"] = "1"
    else:
        left_out.extend(["-m", "not deep"])
        if layer == "integration":
            # A tool of this project; and the examples, which have a session of their own.
            left_out += ["--ignore=tests/integration/benchmark", "--ignore=tests/integration/docs"]

    def tests(session: nox.Session) -> None:
        run = _in_environment(session, f"core-{core}")
        chosen = any(word.startswith(f"tests/{layer}") for word in session.posargs)
        whole = [] if chosen else [f"tests/{layer}", *left_out]
        if measured and not session.posargs:
            run("python", "-m", "testing.tooling.coverage", "-m", "pytest", *whole, **variables)
            return
        run("python", "-m", "pytest", *whole, *session.posargs, **variables)

    tests.__doc__ = f"pytest on tests/{layer} with ansible-core {core}."
    tags = ["deep"] if deep else []
    if measured:
        tags = ["check"]
    nox.session(name=name or f"{layer}-{core}", venv_backend="none", default=not deep, tags=tags)(tests)


# Only layers that have tests.
LAYERS = [layer for layer in ("unit", "contract", "integration") if any((ROOT / "tests" / layer).rglob("test_*.py"))]
_add_sanity(environments.NEWEST_CORE)
for _core in (environments.OLDEST_CORE, environments.NEWEST_CORE):
    _add_sanity(_core, deep=True)
for _layer in LAYERS:
    _chosen = {"STREAMOPS_SCENARIOS": f"{_ON_FAKE} real-in-process"} if _layer == "contract" else {}
    _add_tests(_layer, environments.NEWEST_CORE, deep=False, **_chosen)
    # The contract tests run modules on the other versions of ansible-core; playbooks run on the oldest and the newest.
    for _core in OTHER_CORES if _layer != "integration" else ():
        _add_tests(_layer, _core)
    if _layer == "unit":
        _add_tests(_layer, environments.NEWEST_CORE, name="unit-deep", HYPOTHESIS_PROFILE="deep")
    else:
        _add_tests(_layer, environments.NEWEST_CORE, name=f"{_layer}-kafka-3.9", STREAMOPS_KAFKA="3.9")
        _add_tests(_layer, environments.OLDEST_CORE)
# On the oldest ansible-core, `make test` runs what depends on it: pure code, and both run modes on the fake cluster.
_add_tests("unit", environments.OLDEST_CORE, deep=False, HYPOTHESIS_PROFILE="brief")
_add_tests("unit", environments.OLDEST_CORE, name=f"unit-{environments.OLDEST_CORE}-whole")
_add_tests(
    "contract",
    environments.OLDEST_CORE,
    name=f"modes-{environments.OLDEST_CORE}",
    deep=False,
    STREAMOPS_SCENARIOS=_BRIEFLY_ON_FAKE,
)


def _add_locale(name: str, locale: str, *, deep: bool) -> None:
    @nox.session(name=name, venv_backend="none", default=not deep, tags=["deep"] if deep else [])
    def unit_locale(session: nox.Session) -> None:
        run = _in_environment(session, f"core-{environments.NEWEST_CORE}")
        chosen = session.posargs or ["tests/unit/connect", *_ONCE]
        run(
            "python",
            "-m",
            "pytest",
            *chosen,
            STREAMOPS_LOCALE=locale,
            HYPOTHESIS_PROFILE="default" if deep else "brief",
        )

    unit_locale.__doc__ = f"The engine's unit tests where the operating system speaks {locale}."


_add_locale("unit-locale", "de_DE.UTF-8", deep=False)
_add_locale("unit-locale-japanese", "ja_JP.UTF-8", deep=True)


@nox.session(venv_backend="none")
def examples(session: nox.Session) -> None:
    """pytest on tests/integration/docs: every example in the documentation. It takes half of the time of the layer."""
    chosen = session.posargs or ["tests/integration/docs", "-m", "not deep"]
    _in_environment(session, f"core-{environments.NEWEST_CORE}")("python", "-m", "pytest", *chosen)


# They run ansible-playbook, which takes most of their time: here with the newest, in the deep run with the oldest.
_add_tests("roles", environments.NEWEST_CORE, deep=False)
_add_tests("roles", environments.NEWEST_CORE, name="roles-deep")
_add_tests("roles", environments.OLDEST_CORE)
_add_tests("fuzz", environments.NEWEST_CORE, name="fuzz", deep=False)
_add_tests("fuzz", environments.OLDEST_CORE)
_add_tests("fuzz", environments.NEWEST_CORE, name="fuzz-deep", HYPOTHESIS_PROFILE="deep")


@nox.session(venv_backend="none", default=False, tags=["deep"])
def browser(session: nox.Session) -> None:
    """pytest on tests/browser: the page of a diagnosis in Chromium."""
    _in_environment(session, "browser")("python", "-m", "pytest", *(session.posargs or ["-s", "tests/browser"]))


@nox.session(name="named-faults", venv_backend="none", default=False, tags=["deep"])
def named_faults(session: nox.Session) -> None:
    """Faults on a real cluster, each of which cluster_health must name rightly, or not at all."""
    _in_environment(session, f"core-{environments.NEWEST_CORE}")(
        "python", "-m", "testing.named_faults", *session.posargs
    )


_add_tests("chaos", environments.NEWEST_CORE, name="chaos-sample", deep=False)
for _line in ("4.3", "3.9"):
    _add_tests("chaos", environments.NEWEST_CORE, name=f"chaos-sample-kafka-{_line}", STREAMOPS_KAFKA=_line)


# `make test-hosts` must end within 20 minutes. These scenarios run in `make test-hosts-deep`.
DEEP_SCENARIOS = ("adoption", "jmx", "plugins", "rolling", "scale", "security", "worker-debian-13")


def _add_scenario(scenario: str) -> None:
    """A session of Molecule on its own hosts, which are removed at the end even if it fails."""

    tags = ["hosts-deep" if scenario in DEEP_SCENARIOS else "hosts"]

    @nox.session(name=f"hosts-{scenario}", venv_backend="none", default=False, tags=tags)
    def hosts(session: nox.Session) -> None:
        run = _in_environment(session, "hosts")
        name = f"{scenario}-{os.getpid()}"
        variables = {
            "STREAMOPS_HOSTS": name,
            "MOLECULE_EPHEMERAL_DIRECTORY": str(cache_directory() / "molecule" / name),
            # Do not wrap lines, which go to a file or to the log of the CI.
            "COLUMNS": "200",
            "NO_COLOR": "1",
        }
        try:
            run("molecule", *(session.posargs or ["test"]), "--scenario-name", scenario, **variables)
        finally:
            run("python", "-m", "testing.hosts", "down", "--name", name)
            shutil.rmtree(variables["MOLECULE_EPHEMERAL_DIRECTORY"], ignore_errors=True)


def _add_host_tests(file: str, name: str) -> None:
    """A session of pytest that creates its own hosts."""

    @nox.session(name=f"hosts-{name}", venv_backend="none", default=False, tags=["hosts-deep"])
    def host_tests(session: nox.Session) -> None:
        run = _in_environment(session, f"core-{environments.NEWEST_CORE}")
        run("python", "-m", "pytest", *(session.posargs or [f"tests/hosts/{file}"]))

    host_tests.__doc__ = f"Runs tests/hosts/{file} on real hosts."


# The guides about workers, and a rolling restart while other components fail.
_add_host_tests("test_guides.py", "guides")
_add_host_tests("test_rolling_faults.py", "rolling-faults")
for _scenario in sorted(path.parent.name for path in (ROOT / "extensions" / "molecule").glob("*/molecule.yml")):
    # This one is for hosts that are there already.
    if _scenario != "own-hosts":
        _add_scenario(_scenario)
