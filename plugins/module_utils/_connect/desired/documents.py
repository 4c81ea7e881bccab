# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reads YAML, JSON and .properties text as plain data, with one-line errors that never quote a value.

Numbers stay the text in the file: 1.10 stays 1.10 and 0644 stays 0644, as Connect treats a number in JSON. A YAML
reader would return 1.1 and 420.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Callable

from ..errors import InputError, Problem
from .document_error import DocumentError

Decrypt = Callable[[bytes, str], bytes]
"""Decrypts bytes of Ansible Vault from the named file; raises ValueError with the reason if it can't."""

SUFFIXES = (".json", ".yml", ".yaml", ".properties")

_VAULT = b"$ANSIBLE_VAULT;"


def parse_documents(data: bytes, path: str, decrypt: Decrypt) -> list[object]:
    """The documents of one file in the format of its suffix, decrypted first if it is vaulted. Raises InputError.

    A .properties file that is not UTF-8 is read as Latin-1, which Java's own reader assumes.
    """
    try:
        if data.startswith(_VAULT):
            data = _decrypted(data, path, decrypt)
        if path.endswith(".properties"):
            from .. import java_properties  # noqa: PLC0415  # compiled in every run: only runs that need it pay

            return [java_properties.parse(_text(data, fallback="latin-1"))]
        text = _text(data)
        if path.endswith(".json"):
            return [_json(text)]
        from .yaml_documents import parse_yaml  # noqa: PLC0415  # compiled in every run: only runs that need it pay

        return list(parse_yaml(text, lambda encrypted: _text(_decrypted(encrypted, path, decrypt))))
    except RecursionError:
        raise InputError([Problem(f"{path}: is nested too deeply")]) from None
    except (DocumentError, ValueError) as error:
        line = getattr(error, "line", 0)
        raise InputError([Problem(f"{path}:{line}: {error}" if line else f"{path}: {error}")]) from None


def _text(data: bytes, fallback: str = "") -> str:
    try:
        # The codec utf-8-sig does the same, but takes five times as long.
        return data.decode("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        if fallback:
            return data.decode(fallback)
        line = data.count(b"\n", 0, error.start) + 1
        raise DocumentError("is not UTF-8: save it as UTF-8", line) from None


def _decrypted(data: bytes, path: str, decrypt: Decrypt) -> bytes:
    try:
        return decrypt(data, path)
    except ValueError as error:
        raise DocumentError(f"cannot be decrypted: {error}") from None


def _json(text: str) -> object:
    try:
        return _decoder().decode(text)
    except json.JSONDecodeError as error:
        raise DocumentError(f"is not valid JSON: {error.msg} (column {error.colno})", error.lineno) from None


@functools.cache
def _decoder() -> json.JSONDecoder:
    """One decoder for all files: json.loads would make a new one each time."""
    return json.JSONDecoder(object_pairs_hook=_unique, parse_float=str, parse_int=str, parse_constant=_refuse_constant)


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    result = dict(pairs)
    if len(result) < len(pairs):
        keys = [key for key, _value in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise DocumentError(f'key "{twice}" appears twice in one object: remove one')
    return result


def _refuse_constant(constant: str) -> object:
    raise DocumentError(f"is not valid JSON: {constant} is not a JSON value")
