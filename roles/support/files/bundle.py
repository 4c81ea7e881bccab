# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes the texts of a support bundle on the controller, and packs them.

Runs from standard input, with Ansible's own Python. The caller appends a line that calls `write` or `pack`. Only the user who runs
Ansible can read the result.
"""

from __future__ import annotations

import os
import shutil
import sys
import tarfile
from pathlib import Path


def write(folder: str, texts: dict[str, str]) -> None:
    """Write each text to a file in the folder. Names of hosts and files become the names of files, whatever they contain."""
    os.umask(0o077)
    target = Path(folder)
    target.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        (target / name.replace("/", "_").lstrip(".")).write_text(text, encoding="utf-8", errors="replace")


def pack(folder: str, archive: str) -> None:
    """Pack the folder into the archive, and remove it. The archive appears complete, or not at all."""
    os.umask(0o077)
    path = Path(archive)
    path.parent.mkdir(parents=True, exist_ok=True)
    incoming = path.with_name(f".{path.name}.incoming")
    with tarfile.open(incoming, "w:gz") as packed:
        packed.add(folder, arcname=path.name[: -len(".tar.gz")])
    incoming.chmod(0o600)
    incoming.replace(path)
    shutil.rmtree(folder)
    sys.stdout.write(f"{path}\n")
