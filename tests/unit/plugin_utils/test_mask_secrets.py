# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The filter that masks secrets, as templates use it."""

from __future__ import annotations

import pytest
from ansible.errors import AnsibleFilterError

from ansible_collections.streamops.kafka_connect.plugins.plugin_utils.mask_secrets import mask_secrets


def test_a_text_loses_what_looks_like_a_secret_and_the_known_values() -> None:
    text = "login of k3pt-known at https://me:k3pt-url@host with password=k3pt-other"
    assert mask_secrets(text, ["k3pt-known"]) == "login of ******** at https://me:********@host with password=********"


def test_values_of_properties_are_masked_by_their_keys_and_references_stay() -> None:
    reference = "${file:/etc/kafka-connect/secrets.properties:kafka}"
    assert mask_secrets(
        {"ssl.key.password": "k3pt", "sasl.password": reference, "group.id": "a", "port": 8083, "x": None}
    ) == {
        "ssl.key.password": "********",
        "sasl.password": reference,
        "group.id": "a",
        "port": "8083",
        "x": "",
    }


def test_known_values_are_masked_in_properties_whatever_their_key() -> None:
    assert mask_secrets({"x.y": "a k3pt-known b k3pt"}, ["k3pt", "k3pt-known"]) == {"x.y": "a ******** b ********"}


def test_values_that_are_too_short_to_be_secrets_do_not_make_a_text_illegible() -> None:
    assert mask_secrets("a cat", ["a", ""]) == "a cat"


def test_another_input_is_an_error() -> None:
    with pytest.raises(AnsibleFilterError, match="neither a text nor a mapping"):
        mask_secrets(["a"])
