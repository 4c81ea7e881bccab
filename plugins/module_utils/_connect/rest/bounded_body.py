# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The body of an HTTP response, decompressed within limits of time and bytes. Pure."""

from __future__ import annotations

import time
import zlib
from collections.abc import Callable, Iterator

ACCEPTED_ENCODINGS = "gzip, deflate"
"""The encodings of this file, as the header Accept-Encoding lists them."""

_PIECE = 1 << 16
"""Bytes that are read, and decompressed, at a time."""


class TooLargeError(OSError):
    """The body is larger than the limit."""


class SlowBodyError(OSError):
    """The body has not ended at the deadline."""


class UndecodableError(OSError):
    """The body has another encoding than its header says, or one that was not requested."""


def read_body(read: Callable[[int], bytes], encoding: str, *, largest: int, deadline: float) -> bytes:
    """Return the whole body, decompressed.

    `read` returns up to so many bytes of the body as it was sent, none at its end. `encoding` is the header Content-Encoding.
    `largest` is the limit in bytes after decompression; `deadline` is a time of the monotonic clock, which holds even if the body
    arrives byte by byte. Raises TooLargeError, SlowBodyError, UndecodableError, and the errors of `read`.
    """
    pieces = []
    size = 0
    for piece in _decoded(read, encoding.strip().lower()):
        size += len(piece)
        if size > largest:
            raise TooLargeError
        pieces.append(piece)
        if time.monotonic() > deadline:
            raise SlowBodyError
    return b"".join(pieces)


def _decoded(read: Callable[[int], bytes], encoding: str) -> Iterator[bytes]:
    """Yield the body in pieces of limited size. requests would decompress a whole piece at once, to a thousand times its size."""
    raw = iter(lambda: read(_PIECE), b"")
    if encoding in ("", "identity"):
        yield from raw
    elif encoding in ("gzip", "x-gzip", "deflate"):
        yield from _inflated(raw, is_gzip=encoding != "deflate")
    else:
        raise UndecodableError(f'it is encoded as "{encoding}", which was not requested')


def _inflated(raw: Iterator[bytes], *, is_gzip: bool) -> Iterator[bytes]:
    # By RFC 9110, a body with deflate has a zlib header, which some servers omit.
    forms = [zlib.MAX_WBITS | 16] if is_gzip else [zlib.MAX_WBITS, -zlib.MAX_WBITS]
    unpacking = zlib.decompressobj(forms[0])
    begun = False
    for packed in raw:
        left, more = packed, True
        while more:
            if unpacking.eof:
                # gzip concatenates members; bytes after the end of a zlib stream are padding.
                if not is_gzip:
                    return
                unpacking = zlib.decompressobj(forms[0])
            try:
                piece = unpacking.decompress(left, _PIECE)
            except zlib.error as error:
                if begun or len(forms) == 1:
                    raise UndecodableError("it cannot be decompressed") from error
                unpacking = zlib.decompressobj(forms.pop())
                continue
            begun = True
            yield piece
            left = unpacking.unused_data if unpacking.eof else unpacking.unconsumed_tail
            # After a full piece, zlib may hold more data.
            more = bool(left) or (len(piece) == _PIECE and not unpacking.eof)
    if begun and not unpacking.eof:
        raise UndecodableError("its compressed form is truncated")
