# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Parts of a desired set that only the controller can resolve: types of Ansible, files, vaults."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from ansible.parsing.vault import AnsibleVaultError, AnsibleVaultFormatError, VaultLib, VaultSecret
from ansible.utils.unsafe_proxy import wrap_var

from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.errors import InputError
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.model import Absent, Present
from ansible_collections.streamops.kafka_connect.plugins.plugin_utils.desired import plain, resolve
from tests.unit.connect.support import file_source

CONNECTORS: Mapping[str, Any] = {
    "src": [],
    "connectors": [],
    "defaults": [],
    "overrides": [],
    "max_response_size": 1 << 20,
}


def same(path: str) -> str:
    return path


def test_types_of_ansible_become_plain_types() -> None:
    """Strings that Ansible marks (unsafe, tagged, vaulted) are of classes that no library of the engine knows."""
    value = wrap_var({"a": ["x", 1, 1.5, True, None, {"b": "y"}]})
    result = plain(value)
    assert result == {"a": ["x", 1, 1.5, True, None, {"b": "y"}]}

    def types(entry: Any) -> set[type]:
        if isinstance(entry, dict):
            return {dict}.union(*(types(part) for pair in entry.items() for part in pair))
        return {list}.union(*(types(part) for part in entry)) if isinstance(entry, list) else {type(entry)}

    assert types(result) == {dict, list, str, int, float, bool, type(None)}


def test_modules_without_a_desired_set_need_none() -> None:
    assert resolve({"name": ["orders"]}, same, bytes) is None


def test_a_single_connector_is_a_desired_set_of_one() -> None:
    found = resolve(
        {"name": "orders", "config": {**file_source(), "tasks.max": 1}, "state": "present", "initial_state": None},
        same,
        bytes,
    )
    assert found is not None
    (item,) = found.connectors
    assert isinstance(item, Present)
    assert item.config == file_source(**{"tasks.max": "1"})
    absent = resolve({"name": "orders", "config": None, "state": "absent", "initial_state": None}, same, bytes)
    assert absent is not None
    assert [type(entry) for entry in absent.connectors] == [Absent]


def written(folder: Path, data: bytes | None = None) -> Path:
    path = folder / "orders.json"
    path.write_bytes(data or json.dumps({"name": "orders", "config": file_source()}).encode())
    return path


def test_files_and_the_option_combine_with_rules(tmp_path: Path) -> None:
    found = resolve(
        {
            "src": ["relative"],
            "max_response_size": 1 << 20,
            "connectors": [{"name": "other", "config": file_source("other")}],
            "defaults": [{"match": "*", "config": {"tasks.max": 3}, "connector_class": None}],
            "overrides": [{"match": "other", "config": {"topic": None}, "connector_class": None}],
        },
        lambda path: str(written(tmp_path)) if path == "relative" else path,
        bytes,
    )
    assert found is not None
    by_name = {item.name: item for item in found.connectors if isinstance(item, Present)}
    assert by_name["orders"].config == file_source(**{"tasks.max": "3"})
    assert "topic" not in by_name["other"].config


def test_vaulted_files_are_decrypted(tmp_path: Path) -> None:
    vault = VaultLib([("default", VaultSecret(b"passphrase"))])
    path = written(tmp_path)
    path.write_bytes(vault.encrypt(path.read_bytes()))
    found = resolve({**CONNECTORS, "src": [str(path)]}, same, opening(vault))
    assert found is not None
    assert [item.name for item in found.connectors] == ["orders"]


def opening(vault: VaultLib) -> Any:
    return lambda data: vault.decrypt(data) if data.startswith(b"$ANSIBLE_VAULT") else data


@pytest.mark.parametrize("secrets", [[], [("default", VaultSecret(b"wrong"))]])
def test_a_vault_that_cannot_be_decrypted_is_reported_with_its_file(tmp_path: Path, secrets: list[Any]) -> None:
    path = written(tmp_path)
    path.write_bytes(VaultLib([("default", VaultSecret(b"right"))]).encrypt(path.read_bytes()))
    with pytest.raises(InputError) as caught:
        resolve({**CONNECTORS, "src": [str(path)]}, same, opening(VaultLib(secrets)))
    assert "orders.json" in caught.value.message
    assert "is vaulted and can't be decrypted" in caught.value.message
    assert "--ask-vault-pass" in caught.value.message
    assert "\n" not in caught.value.message


@pytest.mark.parametrize(
    ("error", "is_the_password"),
    [(AnsibleVaultError("In whatever words"), True), (AnsibleVaultFormatError("no vault secrets"), False)],
)
def test_a_missing_vault_password_is_recognized_by_the_error_type(
    tmp_path: Path, error: Exception, is_the_password: bool
) -> None:
    path = written(tmp_path)
    path.write_bytes(b"$ANSIBLE_VAULT;1.1;AES256\n00")

    def closed(_data: bytes) -> bytes:
        raise error

    with pytest.raises(InputError) as caught:
        resolve({**CONNECTORS, "src": [str(path)]}, same, closed)
    assert ("--ask-vault-pass" in caught.value.message) is is_the_password


def test_a_file_above_the_size_limit_is_reported_with_the_option(tmp_path: Path) -> None:
    path = written(tmp_path)
    with pytest.raises(
        InputError, match=r"orders\.json: cannot be read: it is larger than max_response_size of 10 bytes"
    ):
        resolve({**CONNECTORS, "src": [str(path)], "max_response_size": 10}, same, bytes)
