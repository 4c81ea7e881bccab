# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Access to java.util.Properties."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, cast

from testing.java import java_command


class JavaProperties:
    """A running Java process. Each request and each response is one line."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._questions = cast(IO[str], process.stdin)
        self._answers = cast(IO[str], process.stdout)

    def load(self, text: str) -> dict[str, str] | None:
        """What `Properties.load(Reader)` makes of a text; None when it refuses it."""
        kind, *entries = self._ask("load", text)
        if kind == "refused":
            return None
        pairs = (entry.partition("=") for entry in entries)
        return {_text(key): _text(value) for key, _sign, value in pairs}

    def stored(self, key: str, value: str) -> str:
        """The line that `Properties.store(OutputStream, null)` writes, after its date, for one entry."""
        _kind, file = self._ask("store", key, value)
        return _text(file).partition("\n")[2]

    def _ask(self, *words: str) -> list[str]:
        question, *texts = words
        self._questions.write(f"{question} {' '.join(map(_hex, texts))}\n")
        self._questions.flush()
        return self._answers.readline().split()


@contextmanager
def java_properties() -> Iterator[JavaProperties]:
    """One Java for many questions."""
    command = java_command("PropertiesOracle")
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield JavaProperties(process)


def _hex(text: str) -> str:
    return text.encode("utf-16-be", "surrogatepass").hex()


def _text(digits: str) -> str:
    return bytes.fromhex(digits).decode("utf-16-be", "surrogatepass")
