# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Draws every picture in docs/images from its source."""

from __future__ import annotations

from .draw import IMAGES, drawn, sources


def main() -> None:
    """Writes each picture beside its source."""
    for source in sources():
        picture = source.with_suffix(".svg")
        picture.write_text(drawn(source), encoding="utf-8")
        print(f"{picture.relative_to(IMAGES.parents[1])}: {picture.stat().st_size:,} bytes")


main()
