# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Selects the program that draws a source."""

from __future__ import annotations

import json
from pathlib import Path

import yaml

from testing.sandbox.environment import CHECKOUT

from .badge import badge
from .diagram import diagram
from .lanes import lanes
from .terminal import terminal

IMAGES = CHECKOUT / "docs" / "images"


def sources() -> list[Path]:
    """The sources in docs/images: YAML for diagrams and badges, JSON for recorded terminals and measurements."""
    return sorted([*IMAGES.glob("*.yml"), *IMAGES.glob("*.json")])


def drawn(source: Path) -> str:
    """The SVG of one source."""
    text = source.read_text(encoding="utf-8")
    if source.suffix == ".json":
        recorded = json.loads(text)
        return lanes(recorded) if "cases" in recorded else terminal(recorded)
    content = yaml.safe_load(text)
    return badge(content) if "badge" in content else diagram(content)
