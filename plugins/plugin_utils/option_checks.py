# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Checks a task's options, and reports each invalid one in one line."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from typing import Any

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible.module_utils.errors import UnsupportedError

from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible.arguments import Arguments, Specification
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.errors import InputError, Problem

LONGEST_PATH, LONGEST_FILE_NAME = 4096, 255
"""Bytes, on Linux and most other systems (PATH_MAX, NAME_MAX)."""


def validated(specification: Specification, arguments: dict[str, Any]) -> dict[str, Any]:
    """Return the options with their types and defaults. Raises InputError with all errors in them."""
    entries = arguments.get("connectors")
    # Ansible copies each of a thousand configs only to check that it is a dictionary.
    known = (
        specification.arguments.get("connectors", {}).get("elements") == "dict"
        and isinstance(entries, list)
        and all(isinstance(entry, dict) for entry in entries)
    )
    given = {**arguments, "connectors": []} if known else arguments
    try:
        checked = ArgumentSpecValidator(specification.arguments, **specification.checks).validate(given)
    except (ArithmeticError, LookupError, TypeError, ValueError) as error:
        raise InputError(_unreadable(specification, given)) from error
    if checked.error_messages:
        raise InputError(_argument_problem(error) for error in checked.errors)
    parameters: dict[str, Any] = checked.validated_parameters
    known_arguments = specification.arguments
    problems = [*_text_problems(known_arguments, parameters), *_path_problems(known_arguments, parameters)]
    if problems:
        raise InputError(problems)
    return {**parameters, "connectors": entries} if known else parameters


def _unreadable(specification: Specification, arguments: Mapping[str, Any]) -> Iterator[Problem]:
    """The options that Ansible cannot check at all, for example because a number is out of range for its type."""
    for name, value in arguments.items():
        definition = specification.arguments.get(name, {})
        alone = {name: {key: definition[key] for key in ("type", "elements", "options") if key in definition}}
        try:
            ArgumentSpecValidator(alone).validate({name: value})
        except (ArithmeticError, LookupError, TypeError, ValueError):
            yield Problem(f"{name}: its value cannot be read as {definition.get('type', 'an option')}: correct it")


def _text_problems(arguments: Arguments, parameters: Mapping[str, Any], scope: str = "") -> Iterator[Problem]:
    """Halves of surrogate pairs, which JSON and YAML can contain (`"\\ud800"`), but which cannot be sent."""
    for name, definition in arguments.items():
        value = parameters.get(name) if definition["type"] != "path" else None
        if isinstance(value, str) and any("\ud800" <= character <= "\udfff" for character in value):
            text = "contains half a character (\\ud800 to \\udfff make one only in pairs): correct it"
            yield Problem(f"{scope}{name}: {text}")
        if isinstance(value, dict) and "options" in definition:
            yield from _text_problems(definition["options"], value, f"{scope}{name}.")


def _path_problems(arguments: Arguments, parameters: Mapping[str, Any], scope: str = "") -> Iterator[Problem]:
    """Paths that no file system can contain."""
    for name, definition in arguments.items():
        given = parameters.get(name)
        if "path" in (definition["type"], definition.get("elements")) and given is not None:
            for path in given if isinstance(given, list) else [given]:
                if not _is_possible(str(path)):
                    yield Problem(f'{scope}{name}: no file can have the path "{str(path)[:40]}": correct it')
        if isinstance(given, dict) and "options" in definition:
            yield from _path_problems(definition["options"], given, f"{scope}{name}.")


def _is_possible(path: str) -> bool:
    try:
        encoded = os.fsencode(path)
    except UnicodeEncodeError:
        return False
    return (
        b"\0" not in encoded
        and len(encoded) < LONGEST_PATH
        and all(len(part) <= LONGEST_FILE_NAME for part in encoded.split(b"/"))
    )


def _argument_problem(error: Exception) -> Problem:
    """One error that Ansible found in the options. For unknown options its text contains only their names."""
    text = str(error)
    return Problem(f"unknown option {text}" if isinstance(error, UnsupportedError) else text)
