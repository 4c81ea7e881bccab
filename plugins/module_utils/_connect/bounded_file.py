# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reads files up to a limit: a file that is too large, or endless, causes a one-line error and uses little memory."""

from __future__ import annotations

import os
import stat

LARGEST_FILE = 256 * 1024 * 1024
"""Bytes: the default of max_response_size."""


class UnfitFileError(OSError):
    """A file that can't be used, for a reason without an errno."""


def read_file(path: str | os.PathLike[str], limit: int = LARGEST_FILE) -> bytes:
    """Return the whole file. Raises OSError, and UnfitFileError for a file that is larger than `limit` bytes or not
    regular: reading a pipe may block, and a device may have no end.
    """
    found = os.stat(path)
    if stat.S_ISDIR(found.st_mode):
        raise UnfitFileError("it is a directory")
    if not stat.S_ISREG(found.st_mode):
        raise UnfitFileError("it is not a regular file")
    if found.st_size <= limit:
        with open(path, "rb") as file:
            # The file may grow in the meantime, and some files of the kernel report no size.
            data = file.read(limit + 1)
        if len(data) <= limit:
            return data
    raise UnfitFileError(f"it is larger than max_response_size of {limit} bytes")
