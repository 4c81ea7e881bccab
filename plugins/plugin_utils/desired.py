# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What only the controller can do for a desired set: find the files of `src`, open what is vaulted, drop Ansible's own
types.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.errors import InputError, Problem
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.source import RawConnector, read_files

Decrypt = Callable[[bytes], bytes]


def plain(value: Any) -> Any:
    """The same value without Ansible's own types (vaulted, unsafe or tagged strings), which no library of the engine
    knows.
    """
    if isinstance(value, Mapping):
        return {plain(key): plain(entry) for key, entry in value.items()}
    if isinstance(value, str) or getattr(value, "__ENCRYPTED__", False):
        return str(value)
    if isinstance(value, Sequence) and not isinstance(value, (bytes, bytearray)):
        return [plain(entry) for entry in value]
    for kind in (bool, int, float):
        if isinstance(value, kind):
            return kind(value)
    return value


def read_src(src: Sequence[str], find: Callable[[str], str], decrypt: Decrypt) -> tuple[RawConnector, ...]:
    """Reads the files and directories of `src`. `find` resolves a relative path as Ansible does for files of a role or
    play.
    """

    def opened(data: bytes, origin: str) -> bytes:
        try:
            return decrypt(data)
        except Exception as error:
            raise InputError([Problem(f"{origin} is vaulted and can't be opened: {_reason(error)}")]) from error

    return read_files([find(path) for path in src], opened)


def _reason(error: Exception) -> str:
    text = str(error).splitlines()[0]
    return "give its vault password (--vault-password-file or --ask-vault-pass)" if "no vault secrets" in text else text
