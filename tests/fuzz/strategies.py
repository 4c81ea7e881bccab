# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Generated values: valid and invalid arguments, configs and responses; and the invariants of every result."""

from __future__ import annotations

import datetime
import json
from dataclasses import dataclass
from typing import Any

import requests
from hypothesis import settings
from hypothesis import strategies as st

from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.errors import on_a_line
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.worker.keys import NEWEST_KAFKA, keys_of
from tests.specifications import SPECIFICATIONS
from tests.unit.connect.support import FILE_SOURCE, SECRET_SOURCE

from .stage import Body, Interference, Played

URL = "http://w1:8083"
CANARY = "Canary-of-the-fuzzer-zq7"
BUDGET = {"run_timeout": 60, "conflict_timeout": 20, "wait_timeout": 20, "stable_for": 1}
GRACE = 2.0
"""Seconds beyond run_timeout that the last request started within it may take."""
MOST_REQUESTS = 2000
PLAYS = settings(max_examples=min(settings().max_examples, 600))
"""A whole task takes a hundred times as long as a file: the deep profile draws fewer of them."""

# Lone surrogates, too: YAML and JSON can contain them.
TEXT = st.text(max_size=20)
WILD_TEXT = st.one_of(
    TEXT,
    st.text(st.characters(categories=["Cs", "Cc", "Cf", "Co", "Zl"]), max_size=8),
    st.sampled_from(["", " ", "\0", "{{ x }}", "%s", "a/../b", "x" * 5_000, "~[", "*", "=", "0", "-1", "1e999", "nan"]),
)
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.sampled_from([10**400, -(2**63), 0]),
    st.floats(),
    WILD_TEXT,
    st.binary(max_size=8),
    st.dates(),
    st.just(datetime.datetime(2026, 1, 1, tzinfo=datetime.timezone.utc)),
)
JUNK: st.SearchStrategy[Any] = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.tuples(inner),
        st.dictionaries(st.one_of(WILD_TEXT, st.integers()), inner, max_size=3),
    ),
    max_leaves=6,
)


@dataclass(frozen=True)
class Deep:
    """Stands for a value inside many lists or mappings, which the fuzzer could not print."""

    depth: int
    mapping: bool

    def unfolded(self) -> Any:
        value: Any = "x"
        for _level in range(self.depth):
            value = {"config": value} if self.mapping else [value]
        return value


ANYTHING = st.one_of(JUNK, JUNK, st.builds(Deep, st.sampled_from([50, 400, 3000]), st.booleans()))
NAMES = st.one_of(st.sampled_from(["orders", "a b", "ä", "a;b", "a/b", "{x}", "..", "%2e"]), TEXT)
KEYS = st.one_of(
    st.sampled_from(
        [
            "tasks.max",
            "topic",
            "file",
            "database.password",
            "transforms",
            "predicates",
            "errors.tolerance",
            "transforms.a.type",
            "key.converter",
            "value.converter.schemas.enable",
            "config.action.reload",
        ]
    ),
    TEXT,
)
CLASSES = st.sampled_from([FILE_SOURCE, SECRET_SOURCE, "FileStreamSink", "org.example.Missing", "ä/ö", ""])
CONFIGS: st.SearchStrategy[Any] = st.builds(
    lambda plugin, more: {"connector.class": plugin, **more},
    CLASSES,
    st.dictionaries(KEYS, st.one_of(TEXT, st.booleans(), st.integers(), JUNK), max_size=5),
)
ENTRIES = st.fixed_dictionaries(
    {"name": NAMES, "config": CONFIGS},
    optional={"state": st.sampled_from(["present", "absent", "running", "paused", "stopped"]), "x": JUNK},
)
RULES = st.fixed_dictionaries({"config": CONFIGS}, optional={"match": NAMES, "connector_class": NAMES})
# Only below the working folder: no absolute paths, and none that Ansible expands.
PATHS = st.one_of(
    st.sampled_from(
        ["kept", "kept/deeper", "kept.yml", "desired.yml", "no/such/folder", "x" * 300, "a\0b", "\ud800", ""]
    ),
    TEXT.filter(lambda text: not set(text) & set("/~$.")),
)
TIMES = st.one_of(st.sampled_from(["00:00", "22:00", "05:00", "24:00", 1320, "12:60"]), WILD_TEXT)
TRAFFIC = st.fixed_dictionaries(
    {
        "source": st.sampled_from(["agents", "jolokia", "prometheus"]),
        "url": st.one_of(st.sampled_from([URL, "http://w1:8083/metrics", [URL, "http://w2:9404"]]), WILD_TEXT),
        "limit": st.one_of(st.integers(0, 10), st.floats(), JUNK),
    },
    optional={
        "sustained_for": st.one_of(st.floats(0, 100), st.sampled_from(["x", "nan", 1e300, -1])),
        "interval": st.one_of(st.floats(1, 100), st.sampled_from(["x", "inf", 0])),
        "query": st.one_of(st.just("sum(x)"), WILD_TEXT),
        "up_query": st.one_of(st.just("up"), WILD_TEXT),
        "lag_query": WILD_TEXT,
        "lag_limit": st.floats(),
        "unreachable": st.sampled_from(["closed", "ignore"]),
        "url_username": WILD_TEXT,
        "url_password": WILD_TEXT,
        "token": WILD_TEXT,
        "client_cert": PATHS,
        "client_key": PATHS,
        "ca_path": PATHS,
        "validate_certs": st.booleans(),
        "headers": st.dictionaries(WILD_TEXT, WILD_TEXT, max_size=2),
        "x": JUNK,
    },
)
# A worker's own keys and common mistakes for them, with values that are valid, nearly valid or invalid.
_WORKER_KEYS = st.one_of(
    st.sampled_from(sorted(keys_of(NEWEST_KAFKA))),
    st.sampled_from(["producer.acks", "admin.ssl.key.password", "config.providers.x.class", "listeners.https.ssl.a"]),
    TEXT,
)
_WORKER_VALUES = st.one_of(
    st.sampled_from(["http://:8083", "https://[::1]:1,x", "SASL_SSL", "a,b,,a", "${x:y}", "3", "-1", "1e5", "/a,/a/b"]),
    st.integers(),
    WILD_TEXT,
    JUNK,
)
WORKERS = st.dictionaries(WILD_TEXT, st.dictionaries(_WORKER_KEYS, _WORKER_VALUES, max_size=6), max_size=3)
RUN_STATES = st.sampled_from(["running", "paused", "stopped", "gone"])
_SPECIAL: dict[str, st.SearchStrategy[Any]] = {
    "name": st.one_of(NAMES, st.lists(NAMES, max_size=3)),
    "config": CONFIGS,
    "connectors": st.lists(ENTRIES, max_size=4),
    "defaults": st.lists(RULES, max_size=2),
    "overrides": st.lists(RULES, max_size=2),
    "batches": st.lists(st.one_of(st.sampled_from(["1", "50%", "100%", "0", "-1", "x%"]), TEXT), max_size=3),
    "headers": st.dictionaries(WILD_TEXT, WILD_TEXT, max_size=2),
    "windows": st.lists(
        st.fixed_dictionaries(
            {"start": TIMES, "end": TIMES}, optional={"days": st.sampled_from(["mon", "sun", "x", []])}
        ),
        max_size=2,
    ),
    "timezone": st.one_of(st.sampled_from(["UTC", "Europe/Berlin"]), WILD_TEXT),
    "exclude": st.lists(st.one_of(st.dates(), st.sampled_from(["12-24", "01-01/12-31"]), WILD_TEXT), max_size=2),
    "traffic": TRAFFIC,
    "from_report": st.one_of(
        PATHS,
        st.dictionaries(TEXT, st.fixed_dictionaries({"before": RUN_STATES, "after": RUN_STATES}), max_size=3),
        JUNK,
    ),
    # Neither lets a task measure the traffic for longer than a fuzzer has time.
    "wait_timeout": st.one_of(st.floats(0, 100), st.sampled_from(["1.5", "x", "inf", "nan", 1e300])),
    "workers": WORKERS,
    "previous_workers": WORKERS,
    "other_workers": WORKERS,
    "kafka_version": st.one_of(st.sampled_from(["4.3.1", "3.9", "5.0"]), WILD_TEXT),
}
_BY_TYPE: dict[str, st.SearchStrategy[Any]] = {
    "str": WILD_TEXT,
    "bool": st.one_of(st.booleans(), st.sampled_from(["yes", "no", "maybe"])),
    "int": st.one_of(st.integers(), st.sampled_from(["1", "x", 10**30])),
    "float": st.one_of(st.floats(), st.floats(0, 100), st.sampled_from(["1.5", "x", "inf", "nan", 1e300])),
    "path": PATHS,
    "raw": JUNK,
    "dict": st.dictionaries(TEXT, JUNK, max_size=3),
}
# It would leave the simulated environment and contact brokers.
_LEFT_OUT = {"bootstrap_servers"}


def _option(name: str, definition: dict[str, Any]) -> st.SearchStrategy[Any]:
    if name in _SPECIAL:
        fitting = _SPECIAL[name]
    elif definition["type"] == "list":
        fitting = st.lists(_BY_TYPE[definition["elements"]], max_size=3)
    else:
        fitting = _BY_TYPE[definition["type"]]
    if "choices" in definition:
        fitting = st.sampled_from(definition["choices"])
    # Paths stay below the working folder regardless of their type: Ansible accepts a list of one as a path.
    junk = st.one_of(st.none(), st.integers(), st.just({"x": 1})) if "path" in _types(definition) else ANYTHING
    return st.one_of(fitting, fitting, fitting, junk)


def _types(definition: dict[str, Any]) -> set[str]:
    return {definition["type"], definition.get("elements", "")}


@st.composite
def arguments(draw: st.DrawFn, module: str) -> dict[str, Any]:
    """Arguments of a task: some of the module's options, most of them of the right type, and occasionally others."""
    definitions = {name: entry for name, entry in SPECIFICATIONS[module].arguments.items() if name not in _LEFT_OUT}
    needed = [name for name, entry in definitions.items() if entry.get("required")]
    chosen = draw(st.lists(st.sampled_from(sorted(definitions)), max_size=5, unique=True))
    given: dict[str, Any] = {"url": [URL], **BUDGET}
    given = {name: value for name, value in given.items() if name in definitions}
    for name in dict.fromkeys([*needed, *_usual(draw, definitions), *chosen]):
        given[name] = draw(_option(name, definitions[name]))
    if draw(st.integers(0, 9)) == 0:
        given[draw(WILD_TEXT)] = draw(JUNK)
    return given


def _usual(draw: st.DrawFn, definitions: dict[str, Any]) -> list[str]:
    """Arguments with which a task gets past the validation."""
    return [name for name in ("config", "connectors") if name in definitions and draw(st.integers(0, 3))]


def _is_json(value: Any) -> bool:
    try:
        json.dumps(value).encode()
    except (TypeError, ValueError):
        return False
    return True


BODIES = st.one_of(
    st.binary(max_size=40),
    JUNK.filter(_is_json).map(lambda value: json.dumps(value).encode()),
    st.sampled_from(
        [
            b"[]",
            b"{}",
            b"null",
            b"[[[",
            Body(b"[", 12_000),
            Body(b'{"a":', 2_500),
            Body(b"1", 5_000),
            b"<html><title>Not\nhere</title></html>",
            b"\xff\xfe{}",
            b'{"version": {}, "kafka_cluster_id": []}',
            b'{"orders": {"info": {"config": {"connector.class": null}, "tasks": [{}]}, "status": 7}}',
            b'{"orders": {"status": {"connector": {"state": 1, "trace": ["x"]}, "tasks": [{"id": "x"}]}}}',
            b'{"orders": {"info": {"name": "orders", "config": {"a": {"b": [1]}}, "tasks": null, "type": 3}}}',
            b'{"configs": [{"definition": 3, "value": {"name": null, "errors": "text"}}], "error_count": "x"}',
            b'{"configs": [{"value": {"name": "topic", "value": [1], "errors": [null, {"x": 1}]}}]}',
            b'[{"class": null}, {"class": ["x"], "type": 7}]',
            b'{"error_code": "x", "message": 17}',
            b'{"error_code": 409, "message": "Cannot complete request momentarily due to stale configuration"}',
            b'{"error_code": 500, "message": "Request cannot be completed because a rebalance is expected"}',
            f'{{"error_code": 400, "message": "Connector config {{database.password={CANARY}}}\\nis bad: password={CANARY}"}}'.encode(),
            b'{"error_code": 500, "message": "a\\u0000b\\nc\\u2028d \\ud800 {x} %s"}',
        ]
    ),
)
HEADERS = st.fixed_dictionaries(
    {},
    optional={
        "Content-Type": st.sampled_from(["application/json", "text/html", "x", ""]),
        "Retry-After": st.sampled_from(["0", "1", "999999999999", "-1", "x", "Wed, 21 Oct 2026 07:28:00 GMT", "٣"]),
        "Set-Cookie": st.just("a=b"),
        "Location": st.just("http://elsewhere/"),
        "Content-Encoding": st.sampled_from(["gzip", "deflate", "br", "x"]),
        "Transfer-Encoding": st.just("chunked"),
        "Content-Length": st.sampled_from(["0", "5", "x"]),
    },
)
ERRORS = st.sampled_from(
    [
        requests.ConnectionError("Connection refused"),
        requests.ConnectionError("Connection aborted"),
        requests.ConnectTimeout("x"),
        requests.ReadTimeout("Read timed out"),
        requests.exceptions.SSLError("certificate verify failed"),
        requests.exceptions.ProxyError("x"),
        requests.exceptions.ChunkedEncodingError("x"),
        requests.exceptions.InvalidHeader("x"),
        requests.exceptions.TooManyRedirects("x"),
        OSError("no such file"),
        ConnectionResetError(104, "Connection reset by peer"),
    ]
)
STATUSES = st.one_of(
    st.sampled_from([200, 201, 202, 204, 301, 307, 400, 401, 403, 404, 405, 407, 409, 422, 429, 500, 502, 503, 504]),
    st.integers(100, 999),
)
INTERFERENCES = st.one_of(
    st.none(),
    st.builds(
        Interference,
        status=STATUSES,
        body=BODIES,
        headers=HEADERS,
        seconds=st.sampled_from([0.05, 1.0, 200.0]),
        carried_out=st.booleans(),
    ),
    st.builds(Interference, error=ERRORS, carried_out=st.booleans()),
)


def check(played: Played, *, check_mode: bool, budget: float) -> None:
    """A result, or an error in words: no traceback, no write in check mode, and no more time than allowed."""
    result = played.result
    json.dumps(result)
    if result.get("failed"):
        assert result["msg"].strip(), result
        assert result["error"]["kind"] not in ("", "internal_error"), result["msg"]
        assert "Traceback" not in result["msg"]
        for text in _sentences(result["error"]):
            assert text == on_a_line(text), repr(text)
    if check_mode:
        assert played.writes == []
    assert played.seconds <= budget + GRACE
    assert len(played.requests) < MOST_REQUESTS


def _sentences(error: dict[str, Any]) -> list[str]:
    """The lines of an error: one, or one for each problem in the input."""
    problems = error.get("problems")
    return [problem["message"] for problem in problems] if problems is not None else [error["message"]]
