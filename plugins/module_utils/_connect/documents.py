# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Text of YAML, JSON and .properties files as plain data, with errors of one line that never quote a value.

Numbers come out as the text that is written there: 1.10 stays 1.10 and 0644 stays 0644, which is also what Connect
makes of a number in JSON. A YAML reader would give 1.1 and 420.
"""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .errors import InputError, Problem

if TYPE_CHECKING:
    import yaml

Decrypt = Callable[[bytes, str], bytes]
"""Gives the plain bytes of what Ansible Vault has encrypted, and of which file; raises ValueError that says why not."""

SUFFIXES = (".json", ".yml", ".yaml", ".properties")

_VAULT = b"$ANSIBLE_VAULT;"
_TAG = "tag:yaml.org,2002:"
_NUMBERS = (_TAG + "int", _TAG + "float")


@dataclass(frozen=True)
class Unquoted:
    """A scalar or collection that YAML reads as something JSON has no word for; `kind` says what, for a message."""

    kind: str


_UNQUOTED = {
    _TAG + "timestamp": Unquoted("a date or time"),
    _TAG + "binary": Unquoted("binary data"),
    _TAG + "set": Unquoted("a set"),
    _TAG + "omap": Unquoted("an ordered map"),
    _TAG + "pairs": Unquoted("a list of pairs"),
}


class _DocumentError(Exception):
    """What is wrong with a document, with its line (from 1; 0 when unknown)."""

    def __init__(self, text: str, line: int = 0) -> None:
        super().__init__(text)
        self.line = line


def parse_documents(data: bytes, path: str, decrypt: Decrypt) -> list[object]:
    """The documents of one file, read as its suffix says; a vaulted file is decrypted first. Raises InputError.

    In .properties files bytes that are not UTF-8 are taken for Latin-1, which Java's own reader assumes.
    """
    try:
        if data.startswith(_VAULT):
            data = _decrypted(data, path, decrypt)
        if path.endswith(".properties"):
            from . import properties  # noqa: PLC0415  # such files are rare

            return [properties.parse(_text(data, fallback="latin-1"))]
        text = _text(data)
        if path.endswith(".json"):
            return [_json(text)]
        return list(_yaml(text, path, decrypt))
    except RecursionError:
        raise InputError([Problem(f"{path}: is nested too deeply")]) from None
    except (_DocumentError, ValueError) as fault:
        line = getattr(fault, "line", 0)
        raise InputError([Problem(f"{path}:{line}: {fault}" if line else f"{path}: {fault}")]) from None


def _text(data: bytes, fallback: str = "") -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if fallback:
            return data.decode(fallback)
        line = data.count(b"\n", 0, error.start) + 1
        raise _DocumentError("is not UTF-8: save it as UTF-8", line) from None


def _decrypted(data: bytes, path: str, decrypt: Decrypt) -> bytes:
    try:
        return decrypt(data, path)
    except ValueError as error:
        raise _DocumentError(f"cannot be decrypted: {error}") from None


def _json(text: str) -> object:
    try:
        return _decoder().decode(text)
    except json.JSONDecodeError as error:
        raise _DocumentError(f"is no JSON: {error.msg} (column {error.colno})", error.lineno) from None


@functools.cache
def _decoder() -> json.JSONDecoder:
    """One for all files: json.loads makes a new one each time."""
    return json.JSONDecoder(object_pairs_hook=_unique, parse_float=str, parse_int=str, parse_constant=_no_such_constant)


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    result = dict(pairs)
    if len(result) < len(pairs):
        keys = [key for key, _value in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise _DocumentError(f'key "{twice}" appears twice in one object: remove one')
    return result


def _no_such_constant(constant: str) -> object:
    raise _DocumentError(f"is no JSON: {constant} is no value there")


def _yaml(text: str, path: str, decrypt: Decrypt) -> Iterator[object]:
    import yaml  # noqa: PLC0415 - see _loader_class

    loader = _loader_class()(text)
    try:
        while loader.check_node():
            node = loader.get_node()
            if node is not None:
                yield _Builder(loader, lambda encrypted: _text(_decrypted(encrypted, path, decrypt))).build(node)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        what = getattr(error, "problem", None) or getattr(error, "reason", None) or "cannot be read"
        # An undefined alias is more often a password that begins with a star: not to be quoted.
        reason = re.sub(r"(alias|anchor|tag) .*", r"\1 (quote a value that begins with * or & or !)", what)
        raise _DocumentError(f"is no YAML: {reason}", mark.line + 1 if mark is not None else 0) from None
    finally:
        loader.dispose()


@functools.cache
def _loader_class() -> type[yaml.SafeLoader]:
    """libyaml's loader where PyYAML has it, made to leave numbers alone. Imported late: a target may lack PyYAML."""
    import yaml  # noqa: PLC0415 - a target may lack it

    base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    resolvers = {
        first: [(tag, expression) for tag, expression in candidates if tag not in _NUMBERS]
        for first, candidates in base.yaml_implicit_resolvers.items()
    }
    return type("Loader", (base,), {"yaml_implicit_resolvers": resolvers})


class _Builder:
    """Plain data from the nodes of one document.

    Much quicker than PyYAML's constructors, and able to tell duplicate keys, which PyYAML keeps to itself.
    """

    def __init__(self, loader: yaml.SafeLoader, decrypt: Callable[[bytes], str]) -> None:
        self._loader = loader
        self._decrypt = decrypt
        self._built: dict[int, object] = {}

    def build(self, node: yaml.Node) -> object:
        if isinstance(node.value, str):
            return self._scalar(node)
        key = id(node)
        if key in self._built:
            if self._built[key] is self:
                raise _DocumentError("an anchor contains itself", node.start_mark.line + 1)
            return self._built[key]
        # An alias leads to the same node again: built once, so that aliases of aliases cannot blow up.
        self._built[key] = self
        self._built[key] = result = self._collection(node)
        return result

    def _scalar(self, node: yaml.Node) -> object:
        tag, value = node.tag, str(node.value)
        if tag in (_TAG + "str", "!unsafe", "!", _TAG + "value", _TAG + "merge", *_NUMBERS):
            return value
        if tag == _TAG + "bool":
            return value.lower() in ("yes", "true", "on")
        if tag == _TAG + "null":
            return None
        if tag in ("!vault", "!vault-encrypted"):
            return self._decrypt(value.encode())
        return self._unquoted(node)

    def _unquoted(self, node: yaml.Node) -> Unquoted:
        if node.tag in _UNQUOTED:
            return _UNQUOTED[node.tag]
        raise _DocumentError(
            "has a tag that is not known here: quote a value that begins with !", node.start_mark.line + 1
        )

    def _collection(self, node: yaml.Node) -> object:
        if node.tag == _TAG + "seq":
            return [self.build(item) for item in node.value]
        if node.tag == _TAG + "map":
            return self._mapping(node)
        return self._unquoted(node)

    def _mapping(self, node: yaml.Node) -> dict[str, object]:
        own: Sequence[tuple[yaml.Node, yaml.Node]] = node.value
        if any(key.tag == _TAG + "merge" for key, _value in own):
            own = [pair for pair in own if pair[0].tag != _TAG + "merge"]
            self._loader.flatten_mapping(node)  # type: ignore[arg-type]  # its stub wants any node but this one
            merged = {self._key(key): self.build(value) for key, value in node.value}
        else:
            merged = {}
        result: dict[str, object] = {}
        string = _TAG + "str"
        for key_node, value_node in own:
            key = key_node.value if key_node.tag == string else self._key(key_node)
            if key in result:
                raise _DocumentError(
                    f'key "{key}" appears twice in one mapping: remove one', key_node.start_mark.line + 1
                )
            result[key] = value_node.value if value_node.tag == string else self.build(value_node)
        return {**merged, **result} if merged else result

    def _key(self, node: yaml.Node) -> str:
        if not isinstance(node.value, str):
            raise _DocumentError("has a key that is no text", node.start_mark.line + 1)
        return str(node.value)
