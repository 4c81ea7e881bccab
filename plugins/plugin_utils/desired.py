# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The controller's part of reading a desired set: find the files of `src`, decrypt vaults, drop Ansible's types."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ansible.parsing.vault import AnsibleVaultError

from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible.desired_options import single_connector
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.desired.source import (
    DesiredSet,
    RawConnector,
    Rule,
    desired_set,
    from_option,
    read_files,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.errors import InputError, Problem


def plain(value: Any) -> Any:
    """Return the value without Ansible's types (vaulted, unsafe or tagged strings), which the engine's libraries do not
    know.
    """
    if isinstance(value, str):
        return str.__str__(value)
    if isinstance(value, Mapping):
        return {plain(key): plain(entry) for key, entry in value.items()}
    if getattr(value, "__ENCRYPTED__", False):
        return str(value)
    if isinstance(value, Sequence) and not isinstance(value, (bytes, bytearray)):
        return [plain(entry) for entry in value]
    for kind in (bool, int, float):
        if isinstance(value, kind):
            return kind(value)
    return value


def resolve(
    parameters: Mapping[str, Any], find: Callable[[str], str], decrypt: Callable[[bytes], bytes]
) -> DesiredSet | None:
    """Return the desired set of a task, None for modules without one. Raises InputError.

    `find` resolves the relative paths of `src` as Ansible does for the files of a role or play; `decrypt` decrypts data
    of ansible-vault.
    """
    if "src" not in parameters:
        single = RawConnector(single_connector(parameters)[0], "this task") if "initial_state" in parameters else None
        return desired_set([single]) if single else None
    files = _read_src(parameters["src"], find, decrypt, parameters["max_response_size"])
    return desired_set(
        [*files, *from_option(parameters["connectors"])],
        defaults=_rules(parameters["defaults"]),
        overrides=_rules(parameters["overrides"]),
    )


def _read_src(
    src: Sequence[str], find: Callable[[str], str], decrypt: Callable[[bytes], bytes], limit: int
) -> tuple[RawConnector, ...]:
    def opened(data: bytes, origin: str) -> bytes:
        try:
            return decrypt(data)
        except Exception as error:  # Ansible's vault raises several types, and the engine knows none of them
            raise InputError([Problem(f"{origin} is vaulted and can't be decrypted: {_reason(error)}")]) from error

    return read_files([find(path) for path in src], opened, limit) if src else ()


def _rules(option: Sequence[Mapping[str, Any]]) -> tuple[Rule, ...]:
    return tuple(Rule(rule["match"], rule["config"], rule.get("connector_class") or "") for rule in option)


def _reason(error: Exception) -> str:
    """Return the reason, with the fix. Ansible has one type for a missing or wrong password, and others for invalid
    vaults.
    """
    text = next(iter(str(error).splitlines()), "") or type(error).__name__
    if isinstance(error, AnsibleVaultError):
        return f"{text.rstrip('.')}: give its vault password (--vault-password-file or --ask-vault-pass)"
    return text
