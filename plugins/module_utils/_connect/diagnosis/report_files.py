# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Writes a diagnosis to files that only their owner can read. Each has a new name, so that none replaces another."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from ..backup import PRIVATE_DIRECTORY, PRIVATE_FILE
from ..errors import InputError, Problem
from ..history.times import shown_time
from ..info.export_files import file_stem
from ..network_errors import file_failure
from .markdown import markdown
from .model import Diagnosis
from .page import page
from .terminal import as_data

SUFFIXES = {"html": ".html", "json": ".json", "markdown": ".md"}
"""By format, in the order in which the files are listed."""

_MOST_NUMBERS = 1000


def planned_files(diagnosis: Diagnosis, dest: str, formats: Sequence[str]) -> list[Path]:
    """The files that would be written now: `orders-2026-11-28T031207Z.html`."""
    stamp = shown_time(diagnosis.time)[:19].replace(":", "") + "Z"
    stem = file_stem(diagnosis.cluster or "kafka-connect")
    for number in range(1, _MOST_NUMBERS):
        name = f"{stem}-{stamp}" + (f"-{number}" if number > 1 else "")
        paths = [Path(dest, name + SUFFIXES[one]) for one in SUFFIXES if one in formats]
        if not any(path.exists() for path in paths):
            return paths
    raise InputError([Problem(f"dest {dest} has too many reports of this second: give another directory")])


def write_files(diagnosis: Diagnosis, paths: Sequence[Path]) -> None:
    """Write them; the suffix of each is its format. Raises InputError if one can't be written."""
    for path, text in _texts(diagnosis, paths):
        try:
            path.parent.mkdir(mode=PRIVATE_DIRECTORY, parents=True, exist_ok=True)
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, PRIVATE_FILE)
            with os.fdopen(descriptor, "wb") as file:
                file.write(text.encode(errors="backslashreplace"))
        except OSError as error:
            raise InputError(
                [Problem(f"dest {path} can't be written ({file_failure(error)}): give a writable directory")]
            ) from error


def _texts(diagnosis: Diagnosis, paths: Sequence[Path]) -> Iterator[tuple[Path, str]]:
    for path in paths:
        if path.suffix == SUFFIXES["html"]:
            yield path, page(diagnosis)
        elif path.suffix == SUFFIXES["json"]:
            yield path, json.dumps(as_data(diagnosis), indent=2, ensure_ascii=False) + "\n"
        else:
            yield path, markdown(diagnosis)
