# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Checks each key of a worker's configuration on its own: known, present, with a value that Kafka accepts. Pure."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator

from ..patterns import Matcher
from ..secret_keys import has_reference
from .keys import classify_key, definition, keys_of
from .worker_file import WorkerConfig, WorkerFinding
from .worker_key import WorkerKey

_WHOLE_NUMBERS = {"short": 15, "int": 31, "long": 63}
"""Integer types of ConfigDef and their bits without the sign."""

_SHOWN = 60
"""Maximum characters of a value in a message."""

_WHOLE_NUMBER = re.compile(r"(?P<sign>[-+]?)(?=[0-9])0*(?P<digits>(?:[1-9][0-9]*)?)")
_MOST_DIGITS = 20
"""More digits than any integer type of Java has."""


def check_keys(worker: WorkerConfig, *, is_known: Matcher, strict: bool) -> Iterator[WorkerFinding]:
    """Keys without effect. Certain typing errors are errors; the other keys are errors only if `strict`, since a class that
    the worker loads may read any key. `is_known` exempts keys.
    """
    for key in sorted(worker.config):
        ineffective = None if is_known(key) else classify_key(key, worker.config, worker.version)
        if ineffective is None:
            continue
        if ineffective.reason:
            yield worker.warning(key, f"has no effect: {ineffective.reason}")
            continue
        report = worker.error if strict or ineffective.is_sure else worker.warning
        fix = f'did you mean "{ineffective.nearest}"?' if ineffective.nearest else "remove it, or add it to known_keys"
        yield report(key, f"is unknown to workers: {fix}")


def check_required(worker: WorkerConfig) -> Iterator[WorkerFinding]:
    """Keys without which a worker does not start, or starts with an unusable default."""
    for key in keys_of(worker.version).values():
        if worker.config.get(key.name, "").strip():
            continue
        if key.is_required:
            yield worker.error(key.name, "is missing: a worker does not start without it")
        elif key.name == "bootstrap.servers":
            yield worker.error(key.name, f"is missing, and its default is {key.default}: give the brokers")


def check_values(worker: WorkerConfig) -> Iterator[WorkerFinding]:
    """Values that Kafka would reject. Values with references are skipped, since only a config provider knows them."""
    for key, value in sorted(worker.config.items()):
        known = definition(key, worker.version)
        if known is None or has_reference(value):
            continue
        problem = problem_of(known, value)
        if problem:
            yield worker.error(key, f'the value "{_shown(worker.masked[key])}" {problem}')


def _shown(value: str) -> str:
    return value if len(value) <= _SHOWN else f"{value[:_SHOWN]}..."


def problem_of(key: WorkerKey, value: str) -> str:
    """What is wrong with this value, and the fix; empty if it is valid. Trims like ConfigDef.parseType."""
    text = value.strip()
    problem = _PARSED.get(key.type, _anything)(key, text)
    if problem:
        return problem
    if key.values:
        same = {allowed.upper() if key.any_case else allowed for allowed in key.values}
        if (text.upper() if key.any_case else text) not in same:
            return f"is not one of {', '.join(key.values)}: correct it"
    return ""


def _anything(_key: WorkerKey, _text: str) -> str:
    return ""


def _boolean(_key: WorkerKey, text: str) -> str:
    return "" if text.lower() in ("true", "false") else "is not true or false: correct it"


def _whole_number(key: WorkerKey, text: str) -> str:
    bits = _WHOLE_NUMBERS[key.type]
    match = _WHOLE_NUMBER.fullmatch(text)
    if match is None:
        return "is not an integer: correct it"
    # int() rejects a text of several thousand digits.
    number = int(f"{match['sign']}{match['digits'] or '0'}") if len(match["digits"]) < _MOST_DIGITS else None
    if number is None or not -(2**bits) <= number < 2**bits:
        return f"is out of range for type {key.type} (at most {2**bits - 1}): correct it"
    return _bounds(key, number)


def _number(key: WorkerKey, text: str) -> str:
    try:
        number = float(text)
    except ValueError:
        return "is not a number: correct it"
    return "is not a number: correct it" if math.isnan(number) or "_" in text else _bounds(key, number)


def _bounds(key: WorkerKey, number: float) -> str:
    if key.broker_default and number == -1:
        return ""
    if key.least is not None and number < key.least:
        also = ", or -1 for the brokers' default" if key.broker_default else ""
        return f"is too small: give at least {key.least:g}{also}"
    if key.most is not None and number > key.most:
        return f"is too large: give at most {key.most:g}"
    return ""


def _list_of(_key: WorkerKey, text: str) -> str:
    entries = [entry.strip() for entry in text.split(",")] if text else []
    if "" in entries:
        return "has an empty entry: remove the comma"
    twice = next((entry for number, entry in enumerate(entries) if entry in entries[:number]), "")
    return f'has "{twice}" twice: remove one' if twice else ""


_PARSED: dict[str, Callable[[WorkerKey, str], str]] = {
    "boolean": _boolean,
    "short": _whole_number,
    "int": _whole_number,
    "long": _whole_number,
    "double": _number,
    "list": _list_of,
}
