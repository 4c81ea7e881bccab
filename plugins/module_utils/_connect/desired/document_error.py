# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The error of a file that cannot be read as data."""

from __future__ import annotations


class DocumentError(Exception):
    """What is wrong with a document, with its line (from 1; 0 when unknown)."""

    def __init__(self, text: str, line: int = 0) -> None:
        super().__init__(text)
        self.line = line
