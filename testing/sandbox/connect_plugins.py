# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Archives with plugins as they are published, resolved by Maven from a locked POM, once."""

from __future__ import annotations

import shutil
from pathlib import Path

from .environment import cache_directory
from .jars import MAVEN, exclusive, fetch, key_of, verify
from .progress import Report, silent


def ensure_plugin_archives(report: Report = silent) -> Path:
    """The directory with the archives, fetched if they are not in the cache. Raises SandboxError as `ensure_jars` does."""
    source = MAVEN / "plugins"
    home = cache_directory() / "kafka" / f"plugins-{key_of(source)}"
    complete = home.with_name(f"{home.name}.complete")
    with exclusive(home.with_name(f"{home.name}.lock")):
        if not complete.exists():
            shutil.rmtree(home, ignore_errors=True)
            report("fetching plugins with Maven (once)")
            fetch(source / "pom.xml", home)
            verify(source / "SHA256SUMS", home)
            complete.touch()
    return home
