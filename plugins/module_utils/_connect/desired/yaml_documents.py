# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reads YAML text as plain data, faster than PyYAML's own constructors."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

# A host may lack it: only the controller, which has it, reads files.
with suppress(ImportError):
    import yaml

from .document_error import DocumentError

_TAG = "tag:yaml.org,2002:"
_NUMBERS = (_TAG + "int", _TAG + "float")


@dataclass(frozen=True)
class Unquoted:
    """A scalar or collection that YAML reads as a type that JSON does not have; `kind` names it, for messages."""

    kind: str


_UNQUOTED = {
    _TAG + "timestamp": Unquoted("a date or time"),
    _TAG + "binary": Unquoted("binary data"),
    _TAG + "set": Unquoted("a set"),
    _TAG + "omap": Unquoted("an ordered map"),
    _TAG + "pairs": Unquoted("a list of pairs"),
}


def parse_yaml(text: str, decrypt: Callable[[bytes], str]) -> Iterator[object]:
    """The documents of a text; `decrypt` opens vaulted values. Raises DocumentError."""
    loader = _loader_class()(text)
    try:
        while loader.check_node():
            node = loader.get_node()
            if node is not None:
                yield _Builder(loader, decrypt).build(node)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        what = getattr(error, "problem", None) or getattr(error, "reason", None) or "cannot be read"
        # An undefined alias is usually a password that begins with a star, so the message must not quote it.
        reason = re.sub(r"(alias|anchor|tag) .*", r"\1 (quote a value that begins with * or & or !)", what)
        raise DocumentError(f"is not valid YAML: {reason}", mark.line + 1 if mark is not None else 0) from None
    finally:
        loader.dispose()


@functools.cache
def _loader_class() -> type[yaml.SafeLoader]:
    """libyaml's loader where PyYAML has it, made to leave numbers alone."""
    base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    resolvers = {
        first: [(tag, expression) for tag, expression in candidates if tag not in _NUMBERS]
        for first, candidates in base.yaml_implicit_resolvers.items()
    }
    return type("Loader", (base,), {"yaml_implicit_resolvers": resolvers})


class _Builder:
    """Builds plain data from the nodes of one document.

    Much faster than PyYAML's constructors, and reports duplicate keys, which PyYAML ignores.
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
                raise DocumentError("an anchor contains itself", node.start_mark.line + 1)
            return self._built[key]
        # An alias leads to the same node again: building it once keeps aliases of aliases small.
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
        raise DocumentError("has an unknown tag: quote a value that begins with !", node.start_mark.line + 1)

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
            self._loader.flatten_mapping(node)  # type: ignore[arg-type]  # its stub accepts any node except this one
            merged = {self._key(key): self.build(value) for key, value in node.value}
        else:
            merged = {}
        result: dict[str, object] = {}
        string = _TAG + "str"
        for key_node, value_node in own:
            key = key_node.value if key_node.tag == string else self._key(key_node)
            if key in result:
                raise DocumentError(
                    f'key "{key}" appears twice in one mapping: remove one', key_node.start_mark.line + 1
                )
            result[key] = value_node.value if value_node.tag == string else self.build(value_node)
        return {**merged, **result} if merged else result

    def _key(self, node: yaml.Node) -> str:
        if not isinstance(node.value, str):
            raise DocumentError("has a key that is not a string", node.start_mark.line + 1)
        return str(node.value)
