# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A locale in which the operating system speaks another language, for tests that prove independence of English messages.

Needs no root: a locale that the system has not compiled is compiled into the cache. The sources and the translations
come from Debian's packages `locales` and `libc-l10n`.
"""

from __future__ import annotations

import errno
import locale
import os
import shutil
import subprocess
import sys
from pathlib import Path

from testing.sandbox.environment import cache_directory

VARIABLE = "STREAMOPS_LOCALE"
"""Names the locale in which a run of pytest takes place, for example de_DE.UTF-8."""

ENGLISH = "Connection refused"

_PACKAGES = "install Debian's packages locales and libc-l10n"


class NoLocale(Exception):
    """The locale or its translations are missing. The message names the packages to install."""


def variables(name: str) -> dict[str, str]:
    """The environment in which a program that calls setlocale(LC_ALL, "") uses that language. Raises NoLocale."""
    tried: dict[str, str] = {"LC_ALL": name, "LANGUAGE": ""}
    if _speaks_english(tried):
        tried["LOCPATH"] = str(_compiled(name).parent)
        if _speaks_english(tried):
            raise NoLocale(f"in the locale {name} the system still speaks English: {_PACKAGES}")
    return tried


def enter(name: str) -> None:
    """Switch this process, and its child processes, to the locale, as Ansible does. Raises NoLocale."""
    os.environ.update(variables(name))
    locale.setlocale(locale.LC_ALL, "")
    if os.strerror(errno.ECONNREFUSED) == ENGLISH:
        raise NoLocale(f"the locale {name} has no effect: {_PACKAGES}")


def _speaks_english(environment: dict[str, str]) -> bool:
    ask = "import errno, locale, os; locale.setlocale(locale.LC_ALL, ''); print(os.strerror(errno.ECONNREFUSED))"
    answer = subprocess.run(
        [sys.executable, "-c", ask],
        env={**os.environ, **environment},
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )
    return answer.returncode != 0 or answer.stdout.strip() == ENGLISH


def _compiled(name: str) -> Path:
    """The locale in the cache, compiled if it does not exist yet; safe for concurrent use."""
    compiled = cache_directory() / "locales" / name
    if compiled.exists():
        return compiled
    compiler = shutil.which("localedef")
    if compiler is None:
        raise NoLocale(f"localedef is missing, so the locale {name} cannot be compiled: {_PACKAGES}")
    compiled.parent.mkdir(parents=True, exist_ok=True)
    language, _dot, charset = name.partition(".")
    aside = compiled.with_name(f"{name}.{os.getpid()}")
    made = subprocess.run(
        [compiler, "--no-archive", "-i", language, "-f", charset, str(aside)],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    # It exits with 1 after a mere warning, but writes the locale.
    if not (aside / "LC_MESSAGES").exists():
        raise NoLocale(f"localedef cannot compile {name}: {made.stderr.strip()}: {_PACKAGES}")
    try:
        aside.rename(compiled)
    except OSError:
        # Another run was faster.
        shutil.rmtree(aside)
    return compiled
