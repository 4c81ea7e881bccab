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
from collections.abc import Callable

from ..errors import InputError, Problem
from .document_error import DocumentError

Decrypt = Callable[[bytes, str], bytes]
"""Gives the plain bytes of what Ansible Vault has encrypted, and of which file; raises ValueError that says why not."""

SUFFIXES = (".json", ".yml", ".yaml", ".properties")

_VAULT = b"$ANSIBLE_VAULT;"


def parse_documents(data: bytes, path: str, decrypt: Decrypt) -> list[object]:
    """The documents of one file, read as its suffix says; a vaulted file is decrypted first. Raises InputError.

    In .properties files bytes that are not UTF-8 are taken for Latin-1, which Java's own reader assumes.
    """
    try:
        if data.startswith(_VAULT):
            data = _decrypted(data, path, decrypt)
        if path.endswith(".properties"):
            from .. import java_properties  # noqa: PLC0415  # compiled anew in every run: only runs that need it pay

            return [java_properties.parse(_text(data, fallback="latin-1"))]
        text = _text(data)
        if path.endswith(".json"):
            return [_json(text)]
        from .yaml_documents import parse_yaml  # noqa: PLC0415  # compiled anew in every run: only runs that need it pay

        return list(parse_yaml(text, lambda encrypted: _text(_decrypted(encrypted, path, decrypt))))
    except RecursionError:
        raise InputError([Problem(f"{path}: is nested too deeply")]) from None
    except (DocumentError, ValueError) as fault:
        line = getattr(fault, "line", 0)
        raise InputError([Problem(f"{path}:{line}: {fault}" if line else f"{path}: {fault}")]) from None


def _text(data: bytes, fallback: str = "") -> str:
    try:
        # Codec utf-8-sig does the same in five times the time.
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
        raise DocumentError(f"is no JSON: {error.msg} (column {error.colno})", error.lineno) from None


@functools.cache
def _decoder() -> json.JSONDecoder:
    """One for all files: json.loads makes a new one each time."""
    return json.JSONDecoder(object_pairs_hook=_unique, parse_float=str, parse_int=str, parse_constant=_no_such_constant)


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    result = dict(pairs)
    if len(result) < len(pairs):
        keys = [key for key, _value in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise DocumentError(f'key "{twice}" appears twice in one object: remove one')
    return result


def _no_such_constant(constant: str) -> object:
    raise DocumentError(f"is no JSON: {constant} is no value there")
