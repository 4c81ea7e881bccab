# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Files that are read up to a limit: one that is too large, or that never ends, costs one line and no memory."""

from __future__ import annotations

import os
import stat

LARGEST_FILE = 256 * 1024 * 1024
"""Bytes: the default of max_response_size."""


class UnfitFileError(OSError):
    """A file that is not to be read, for a reason that no errno tells."""


def read_file(path: str | os.PathLike[str], limit: int = LARGEST_FILE) -> bytes:
    """The whole file. Raises UnfitFileError for what is larger than `limit` bytes, or no regular file (a pipe would keep its
    reader waiting, a device may have no end), and OSError.
    """
    found = os.stat(path)
    if stat.S_ISDIR(found.st_mode):
        raise UnfitFileError("it is a directory")
    if not stat.S_ISREG(found.st_mode):
        raise UnfitFileError("it is no regular file")
    if found.st_size <= limit:
        with open(path, "rb") as file:
            # It may grow meanwhile, and some files of the kernel have no size.
            data = file.read(limit + 1)
        if len(data) <= limit:
            return data
    raise UnfitFileError(f"it is larger than max_response_size of {limit} bytes")
