# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The filter that masks secrets in texts and in properties."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ansible.errors import AnsibleFilterError

from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.masked import MASK
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.secrets import (
    SHORTEST_SECRET,
    mask_config,
    mask_text,
)
from ansible_collections.streamops.kafka_connect.plugins.plugin_utils.desired import plain


def mask_secrets(value: Any, secrets: Sequence[Any] = ()) -> str | dict[str, str]:
    """Return the text or the mapping with masked secrets. Raises AnsibleFilterError for any other input."""
    given = plain(value)
    known = [text for text in map(str, plain(secrets)) if len(text) >= SHORTEST_SECRET]
    if isinstance(given, str):
        return mask_text(given, known)
    if isinstance(given, Mapping):
        config = {str(key): "" if entry is None else str(entry) for key, entry in given.items()}
        # Not with mask_text: to it, a reference to a file of secrets looks like an assignment.
        return {key: _without(entry, known) for key, entry in mask_config(config).items()}
    raise AnsibleFilterError("mask_secrets: the input is neither a text nor a mapping -> pass a log or properties")


def _without(text: str, secrets: Sequence[str]) -> str:
    # The longest first, because a secret may contain another one.
    for secret in sorted(secrets, key=len, reverse=True):
        text = text.replace(secret, MASK)
    return text
