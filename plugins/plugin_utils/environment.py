# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Connection options from environment variables, for tasks and inventories."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.streamops.kafka_connect.plugins.module_utils._ansible.arguments import (
    ENVIRONMENT,
    Specification,
)

_OTHERS = {"token": ("url_username", "url_password"), "url_username": ("token",), "url_password": ("token",)}
"""A given way to authenticate is not mixed with the other one from the environment."""


def with_environment(
    specification: Specification, arguments: dict[str, Any], environment: Mapping[str, Any]
) -> dict[str, Any]:
    """The arguments, with missing connection options from these variables."""
    ignored = {other for option, names in _OTHERS.items() if arguments.get(option) is not None for other in names}
    for option, name in ENVIRONMENT.items():
        value = environment.get(name)
        is_missing = option in specification.arguments and arguments.get(option) is None and option not in ignored
        if is_missing and value not in (None, ""):
            arguments[option] = value
    return arguments
