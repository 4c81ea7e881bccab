# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The time that the collection needs grows only in proportion to a text's length, for each pattern and each public
function.

The patterns are found in the source, so a new one has the same limit. The test measures processor time, which does not
depend on other load, and uses the best of a few attempts.
"""

from __future__ import annotations

import ast
import importlib
import re
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect import secret_keys, secrets
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.errors import one_line
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.logs.log_facts import LogFacts
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.logs.log_records import Line
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.patterns import matcher
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.planning.known_keys import _fits
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.planning.overlaps import find_overlaps
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.rest.answers import interpret
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.rest.operations import RestOperation
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.rest.transport import Answer
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.scale.systemd_journal import (
    cause_of,
    relevant_lines,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.traffic.exposition import from_exposition
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.traffic.task_rates import UnreadableError
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.triage.diagnosis import diagnose
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.triage.first_cause import first_cause

try:
    import re._parser as parser  # type: ignore[import-not-found, unused-ignore]  # since Python 3.11
except ImportError:
    import sre_parse as parser  # type: ignore[no-redef, unused-ignore]  # Python 3.10

PLUGINS = Path(str(secrets.__file__)).parents[2]
PACKAGE = "ansible_collections.streamops.kafka_connect.plugins"

MEGABYTE = 1_000_000
SECONDS_FOR_A_MEGABYTE = 0.5
SMALL = 8_000
"""Length in characters of the texts for a pattern: enough to detect quadratic time."""
SECONDS_FOR_SMALL = 0.015

SEEDS = (
    "a.", "a", "aA", "\\", "\\\\\"", " ", "\t", "\n", "k ", "k: ", "a:", "a=", "a=${ ", "${", "${a:", "${a", "}", "x://a:",
    "x@://", "eyJ-", "eyJ.", "a\\\":", "token\\\":\\\"x", "token:\" ", "token='x\\", "password:", "password=",
    "password=x ", "token: x\n", "Invalid value ", " for configuration ", "jdbc:oracle:thin:", "jdbc:oracle:thin:a/",
    "Connector config {", "-----BEGIN ", "-----END ", "authorization:", "bearer ", "basic a", "<title", "<title>", "\"",
    "'", "((", "[[", "{{", "Caused by: ", "\tat x", " a='b'", "kafka", "trying to forward REST request",
    "org.apache.E", "a$", "Exception", "at [Source: ", "at [Source", "http://u:p@h ", "1", "1.", "[2026-", "status=1",
)  # fmt: skip

PROVEN_AS_A_WHOLE: Mapping[str, str] = {
    "module_utils/_connect/rest/answers.py": "row.pattern: the answer is cut before, test_public_functions",
    "module_utils/_connect/planning/overlaps.py": "a topics.regex of a config, with few quantifiers: test_public_functions",
    "module_utils/_connect/patterns.py": "a user's own expression for names; globs: test_globs",
    "plugin_utils/with_progress.py": "a user's own expression for results",
}
"""Files with patterns that cannot be found in the source, and what limits them instead."""


@dataclass(frozen=True)
class Found:
    """A pattern in the source, and the ways in which it is used."""

    place: str
    pattern: re.Pattern[str]
    ways: frozenset[str]


def patterns() -> Iterator[Found]:
    trees = {path: ast.parse(path.read_text(encoding="utf-8")) for path in sorted(PLUGINS.rglob("*.py"))}
    methods = {path: _methods(tree) for path, tree in trees.items()}
    imported = {path: _imported(tree) for path, tree in trees.items()}
    for path, tree in trees.items():
        if not any(isinstance(node, ast.Name) and node.id == "re" for node in ast.walk(tree)):
            continue
        short = path.relative_to(PLUGINS)
        names = vars(importlib.import_module(f"{PACKAGE}.{'.'.join(short.with_suffix('').parts)}"))
        assigned = {
            id(node.value): node.targets[0].id
            for node in tree.body
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
        }
        fields = {
            id(keyword.value): keyword.arg
            for node in ast.walk(tree)
            if isinstance(node, ast.Call)
            for keyword in node.keywords
        }
        for call in _calls(tree):
            way = cast(ast.Attribute, call.func).attr
            flags = [argument.value for argument in call.keywords if argument.arg == "flags"] + call.args[
                {"compile": 1, "sub": 4, "subn": 4, "split": 3}.get(way, 2) :
            ]
            try:
                given = _value(call.args[0], names)
                expression = re.compile(given, _value(flags[0], names) if flags else 0)
            except (NameError, AttributeError):
                assert short.as_posix() in PROVEN_AS_A_WHOLE, f"{short}:{call.lineno}: which pattern is this?"
                continue
            ways = {way}
            if way == "compile":
                name = assigned.get(id(call)) or fields.get(id(call)) or ""
                ways = {
                    way
                    for file, used in methods.items()
                    if file == path or name in imported[file]
                    for way in used.get(name, ())
                }
                ways = ways or {"finditer"}
            yield Found(f"{short}:{call.lineno}", expression, frozenset(ways))


def _calls(tree: ast.Module) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            assert node.module != "re", "import re as a whole, so that its patterns can be found"
        if isinstance(node, ast.Import):
            assert all(alias.name != "re" or alias.asname is None for alias in node.names), "import re by its own name"
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and isinstance(node.func.value, ast.Name)
            and node.func.value.id == "re"
            and node.func.attr != "escape"
        ):
            yield node


def _value(expression: ast.expr, names: Mapping[str, Any]) -> Any:
    return eval(compile(ast.Expression(expression), "<source>", "eval"), dict(names))  # our own source


def _methods(tree: ast.Module) -> dict[str, set[str]]:
    """The methods that are called on everything with a name, plain or as an attribute. Any other use may be any of
    them.
    """
    nodes = list(ast.walk(tree))
    read = {id(node.value): node.attr for node in nodes if isinstance(node, ast.Attribute)}
    found: dict[str, set[str]] = {}
    for node in nodes:
        if isinstance(node, ast.Name | ast.Attribute) and isinstance(node.ctx, ast.Load):
            name = node.id if isinstance(node, ast.Name) else node.attr
            found.setdefault(name, set()).add(read.get(id(node), "finditer"))
    return found


def _imported(tree: ast.Module) -> set[str]:
    return {alias.name for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) for alias in node.names}


def attacks(expression: re.Pattern[str]) -> list[str]:
    """Texts derived from the pattern: each of its beginnings repeated, and each of its parts without an end."""
    beginnings = [""]
    units: set[str] = set()
    for part in _parts(parser.parse(expression.pattern, expression.flags & ~re.DEBUG)):
        if part:
            units |= {part, beginnings[-1] + part}
            beginnings.append(beginnings[-1] + part)
    texts = [unit * (SMALL // len(unit)) for unit in sorted(units)]
    texts += [
        beginning + unit * (SMALL // len(unit))
        for beginning in beginnings[1:]
        for unit in sorted(units)
        if len(unit) < 3
    ]
    return [f"{text}{end}" for text in texts for end in ("", "\0")]


def _parts(parsed: Any) -> Iterator[str]:
    """A text that matches each part of a parsed pattern, in order."""
    for code, content in parsed:
        name = str(code)
        if name == "LITERAL":
            yield chr(content)
        elif name == "NOT_LITERAL":
            yield "a" if content != ord("a") else "b"
        elif name == "ANY":
            yield "a"
        elif name == "IN":
            yield _one_of(content)
        elif name == "BRANCH":
            for branch in content[1]:
                yield "".join(_parts(branch))
        elif name in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
            yield from _parts(content[2])
        elif name == "SUBPATTERN":
            yield from _parts(content[3])
        elif name == "ATOMIC_GROUP":
            yield from _parts(content)


def _one_of(items: Any) -> str:
    negated = any(str(code) == "NEGATE" for code, _given in items)
    kind = re.compile("[" + ("^" if negated else "") + "".join(map(_item, items)) + "]")
    return next((character for character in "a1 A.:=/\"'\\-,;#\n" if kind.fullmatch(character)), "a")


def _item(item: Any) -> str:
    code, given = str(item[0]), item[1]
    if code == "LITERAL":
        return re.escape(chr(given))
    if code == "RANGE":
        return f"{re.escape(chr(given[0]))}-{re.escape(chr(given[1]))}"
    kinds = {"CATEGORY_SPACE": r"\s", "CATEGORY_DIGIT": r"\d", "CATEGORY_WORD": r"\w", "CATEGORY_NOT_SPACE": r"\S"}
    return kinds.get(str(given), "") if code == "CATEGORY" else ""


def seconds(work: Callable[[], object], attempts: int = 3) -> float:
    best = float("inf")
    for _attempt in range(attempts):
        began = time.process_time()
        work()
        best = min(best, time.process_time() - began)
    return best


def use(expression: re.Pattern[str], way: str, text: str) -> Callable[[], object]:
    if way in ("match", "fullmatch"):
        return lambda: getattr(expression, way)(text)
    # A search is not slower than a search for all matches.
    return lambda: sum(1 for _match in expression.finditer(text))


FOUND = list(patterns())


def test_the_patterns_of_the_source_are_found() -> None:
    places = " ".join(found.place for found in FOUND)
    assert len(FOUND) > 50
    assert all(name in places for name in ("secrets.py", "triage/exceptions.py", "transport.py", "exposition.py"))


@pytest.mark.parametrize("found", FOUND, ids=lambda found: found.place)
def test_each_pattern_takes_linear_time(found: Found) -> None:
    texts = [seed * (SMALL // len(seed)) for seed in SEEDS]
    texts += [f"{text} !" for text in texts] + attacks(found.pattern)
    for way in found.ways:
        for text in texts:
            assert not _takes_long(found.pattern, way, text), (way, text[:60], text[-10:])


def _takes_long(expression: re.Pattern[str], way: str, text: str) -> bool:
    """Starts with short texts: if the time doubles with each character, a long one would never end."""
    for length in (*range(8, 64, 4), *range(64, 300, 20), SMALL):
        part = text[: length - 2] + text[-2:]
        if seconds(use(expression, way, part), 1) > SECONDS_FOR_SMALL:
            return seconds(use(expression, way, part)) > SECONDS_FOR_SMALL
    return False


@pytest.mark.parametrize(
    "pattern",
    [r"(?:[a-z]\w*\.)+(?=[A-Z])", r"eyJ[\w-]+\.", r"\s*at", r"://[^\s:]*:([^\s]+)@", r"(?:a='b'|\S+ ?)*;", r"<t[^>]*>(.*?)</t>"],
)  # fmt: skip
def test_a_pattern_without_a_bound_is_reported(pattern: str) -> None:
    expression = re.compile(pattern)
    assert any(_takes_long(expression, "search", text) for text in attacks(expression))


def _interpret(text: str) -> object:
    operation = RestOperation("put_config", "PUT", True)
    return interpret(operation, Answer(500, {"error_code": 500, "message": text}, True))


def _exposition(text: str) -> object:
    try:
        return from_exposition(f'kafka_connect_source_task_metrics_source_record_poll_rate{{{text}="1"}} 1')
    except UnreadableError as error:
        return error


def _log_facts(text: str) -> object:
    """The text as a message, a line of a stack trace, a logger, a JSON text and a line without a head."""
    head = "[2026-01-01 00:00:00,000] ERROR "
    lines = [
        f"{head}{text}",
        f"{head}x (a.WorkerCoordinator)",
        text,
        f"\tat {text}",
        f"{head}x ({text})",
        f"{{{text}}}",
        text,
    ]
    facts = LogFacts()
    facts.read(map(Line, lines), 0.0)
    return facts.result(10)


def _overlaps(text: str) -> object:
    """The text as a regular expression, and as a topic of each length up to the longest."""
    topics = ",".join({text[:length] for length in range(1, 250, 8)} | {text})
    one = {"connector.class": "FileStreamSink", "file": "/f"}
    others = ("(a|b)*a+", ".*" + text[:100], text)
    return [find_overlaps({"a": one | {"topics": topics}, "b": one | {"topics.regex": regex}}) for regex in others]


PUBLIC: Mapping[str, Callable[[str], object]] = {
    "mask_text": secrets.mask_text,
    "mask_text of a secret": lambda text: secrets.mask_text(text, [text[:1000], text[:4], text[:500_000]]),
    "mask_config": lambda text: secrets.mask_config({"sasl.jaas.config": f"x required {text};"}),
    "secret_values": lambda text: secrets.secret_values({"sasl.jaas.config": f"x required {text};"}),
    "is_secret": secret_keys.is_secret,
    "is_reference": secret_keys.is_reference,
    "has_reference": secret_keys.has_reference,
    "unresolved": lambda text: secrets.unresolved(text, {}),
    "first_cause": first_cause,
    "diagnose": diagnose,
    "diagnose a chain": lambda text: diagnose(
        f"a.FirstException: {text}\n\tat a.B\nCaused by: {text}\nCaused by: x.PSQLException: {text}"
    ),
    "topics.regex": _overlaps,
    "one_line": one_line,
    "cause_of": lambda text: cause_of([f"[2026-01-01 00:00:00,000] ERROR {text}", text]),
    "relevant_lines": lambda text: relevant_lines([text]),
    "log_facts": _log_facts,
    "title": lambda text: Answer(200, None, False, f"<{text}").message,
    "message": lambda text: Answer(500, {"message": text}, True).message,
    "interpret": _interpret,
    "exposition": _exposition,
    "a key that is defined with groups": lambda text: _fits(f"a.{text}", ["a.", text[:2], text[:4], "!"]),
}


def _hold(function: Callable[[str], object], text: str, limit: float) -> None:
    taken = seconds(lambda: function(text), 1)
    if taken > limit:
        # The best of several: on a busy machine a single measurement says little about the code.
        taken = seconds(lambda: function(text), 10)
    assert taken < limit, (text[:60], text[-10:])


@pytest.mark.parametrize(
    "seed", ["a.", "\\", "k: ", "k ", "x://a:", "eyJ-", "<title", '"', "[[", "password=x ", "${a:"]
)
@pytest.mark.parametrize("name", ["mask_text", "first_cause", "diagnose", "diagnose a chain", "one_line"])
def test_a_megabyte_takes_half_a_second_at_most(name: str, seed: str) -> None:
    _hold(PUBLIC[name], seed * (MEGABYTE // len(seed)) + " !", SECONDS_FOR_A_MEGABYTE)


def test_a_megabyte_of_ever_deeper_escapes_takes_half_a_second_at_most() -> None:
    deeper = (f'password{slashes}":{slashes}"x' for slashes in ("\\" * depth for depth in range(1, 1_000)))
    _hold(secrets.mask_text, "".join(deeper), SECONDS_FOR_A_MEGABYTE)


@pytest.mark.parametrize("name", PUBLIC)
def test_public_functions_take_linear_time(name: str) -> None:
    for seed in SEEDS:
        _hold(PUBLIC[name], seed * (MEGABYTE // 20 // len(seed)) + " !", SECONDS_FOR_A_MEGABYTE / 10)


@pytest.mark.parametrize("glob", ["*a*a*a*a*b", "a?*?*?*?*b", "[ab]*[ab]*[ab]*c"])
def test_globs(glob: str) -> None:
    assert seconds(lambda: matcher(glob)("ab" * (SMALL // 2) + "!")) < SECONDS_FOR_SMALL


WORDS = st.sampled_from([*SEEDS, "secret", ";", ",", ")", "#", "https://", "é", "\u2028"])


@settings(max_examples=60, deadline=None)
@given(begin=WORDS, unit=st.lists(WORDS, min_size=1, max_size=3).map("".join), end=WORDS)
def test_masking_and_triage_of_repeated_texts_take_linear_time(begin: str, unit: str, end: str) -> None:
    text = begin + unit * (50_000 // len(unit)) + end
    for function in (secrets.mask_text, first_cause, diagnose, one_line):
        _hold(function, text, SECONDS_FOR_A_MEGABYTE / 10)
