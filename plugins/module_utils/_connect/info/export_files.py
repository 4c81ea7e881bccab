# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Files of exported connectors: names, content and writing."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from ..backup import PRIVATE_DIRECTORY, PRIVATE_FILE
from ..bounded_file import read_file
from ..errors import InputError, Problem
from ..model import Config
from ..network_errors import file_failure

SUFFIXES = (".json", ".yml", ".yaml", ".properties")
LONGEST_STEM = 200
"""Bytes. File systems allow 255 for a name, which must include a suffix and the time of a backup."""

# Characters that some system does not allow in a file name, and % itself, so that names stay distinct.
_UNFIT = re.compile(r'[\x00-\x1f\x7f/\\:*?"<>|%]|^\.|^ | $|\.$')
_WARNING = "# Secrets in clear text. Encrypt this file (ansible-vault encrypt FILE) before you share it."
_TEMPLATE_MARKS = ("{{", "{%", "{#")


class _ForAnsible(str):
    """A text that Ansible reads as the value of a variable."""


@dataclass(frozen=True)
class Planned:
    """A file before and after the export; `before` is empty if it does not exist."""

    path: Path
    exists: bool
    before: str
    after: str

    @property
    def changed(self) -> bool:
        return not self.exists or self.before != self.after


def file_stem(name: str) -> str:
    """A file name, without suffix, for a connector's name: the same, with percent-encoding where necessary."""
    stem = _UNFIT.sub(lambda match: quote(match[0], safe="") if match[0] != "." else "%2E", name)
    encoded = stem.encode()
    if len(encoded) <= LONGEST_STEM:
        return stem
    return encoded[: LONGEST_STEM - 17].decode(errors="ignore") + "%" + hashlib.sha256(encoded).hexdigest()[:16]


def glob_of(name: str) -> str:
    """A pattern that matches only this name."""
    return re.sub(r"[*?\[]|^~", lambda match: f"[{match[0]}]", name)


def render_connector(name: str, config: Config, state: str, file_format: str) -> str:
    """One connector in the format of the REST API with sorted keys; with `state` unless it is empty."""
    entry = {"name": name, "config": dict(sorted(config.items()))} | ({"state": state} if state else {})
    if file_format == "json":
        return json.dumps(entry, indent=2, ensure_ascii=False) + "\n"
    return "---\n" + _yaml(entry)


def render_secrets(variable: str, secrets: Mapping[str, Config]) -> str:
    """A file of Ansible variables with a list of overrides. `secrets`: values by key, by the connector's name."""
    rules = [
        {
            "match": _ForAnsible(glob_of(name)),
            "config": {key: _ForAnsible(value) for key, value in sorted(config.items())},
        }
        for name, config in secrets.items()
    ]
    return f"---\n{_WARNING}\n{_yaml({variable: rules})}"


def _yaml(value: object) -> str:
    try:
        import yaml  # noqa: PLC0415  # a host may lack it
    except ImportError:
        raise InputError(
            [Problem("YAML can't be written without PyYAML: install it where the task runs, or use format: json")]
        ) from None

    class Dumper(yaml.SafeDumper):
        """Keeps long lines whole, escapes unprintable characters, and marks values that Ansible would template."""

    def text(dumper: yaml.SafeDumper, value: str) -> yaml.ScalarNode:
        if isinstance(value, _ForAnsible) and any(mark in value for mark in _TEMPLATE_MARKS):
            return dumper.represent_scalar("!unsafe", str(value), style='"')
        if not value.isprintable():
            return dumper.represent_scalar("tag:yaml.org,2002:str", str(value), style='"')
        return dumper.represent_str(str(value))

    for kind in (str, _ForAnsible):
        Dumper.add_representer(kind, text)
    dumped: str = yaml.dump(value, Dumper=Dumper, sort_keys=False, allow_unicode=True, width=2**31)
    return dumped


def plan_file(directory: str, name: str, after: str) -> Planned:
    """The file with its present and its new content. Raises InputError if it can't be read."""
    path = Path(directory, name)
    try:
        data = read_file(path)
    except FileNotFoundError:
        return Planned(path, False, "", after)
    except OSError as error:
        raise InputError([Problem(f"{path} can't be read ({file_failure(error)}): give another path")]) from error
    return Planned(path, True, data.decode(errors="replace"), after)


def refuse_duplicates(directory: str, stems: Mapping[str, str], suffix: str) -> None:
    """Raise InputError if a connector already has a file in another format, which would define it twice."""
    problems = [
        Problem(
            f'connector "{name}": {duplicate} already exists and would define it a second time: remove it, or choose that '
            "format",
            name,
        )
        for name, stem in stems.items()
        for duplicate in (Path(directory, stem + other) for other in SUFFIXES if other != suffix)
        if duplicate.exists()
    ]
    if problems:
        raise InputError(problems)


def write_file(file: Planned, *, backup: bool) -> str:
    """Write the file atomically and return the path of the backup, or "" without one.

    Raises InputError if it can't be written.
    """
    kept = ""
    try:
        file.path.parent.mkdir(mode=PRIVATE_DIRECTORY, parents=True, exist_ok=True)
        mode = file.path.stat().st_mode & 0o777 if file.exists and backup else PRIVATE_FILE
        descriptor, temporary = tempfile.mkstemp(prefix=".export-", dir=file.path.parent)
        try:
            with os.fdopen(descriptor, "wb") as opened:
                os.fchmod(opened.fileno(), mode)
                opened.write(file.after.encode())
            if file.exists and backup:
                kept = _keep(file.path)
            Path(temporary).replace(file.path)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise InputError(
            [Problem(f"{file.path} can't be written ({file_failure(error)}): give another path")]
        ) from error
    return kept


def _keep(path: Path) -> str:
    """Copy the previous file to a name with a suffix that no connector file has."""
    stamp = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime())
    number = 0
    while True:
        kept = path.with_name(f"{path.name}.{stamp}{f'.{number}' if number else ''}~")
        try:
            descriptor = os.open(kept, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, PRIVATE_FILE)
            break
        except FileExistsError:
            number += 1
    with os.fdopen(descriptor, "wb") as file:
        os.fchmod(file.fileno(), path.stat().st_mode & 0o777)
        with path.open("rb") as former:
            shutil.copyfileobj(former, file)
    return str(kept)
