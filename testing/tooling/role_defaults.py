# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which defaults of a role its argument specs repeat."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def documented_defaults(defaults: Mapping[str, Any], options: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Those of defaults/main.yml that meta/argument_specs.yml can contain.

    The documentation takes values of the option's type only, so no template for a mapping or a boolean.
    """
    return {
        name: default
        for name, default in defaults.items()
        if options[name]["type"] not in ("bool", "dict") or "{{" not in str(default)
    }
