# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a failed connection means, by the type and number of the error. The operating system's own texts decide nothing:
they come in the language of the locale, which Ansible sets. Pure.
"""

from __future__ import annotations

import errno
import os
import socket
import ssl
from collections.abc import Mapping
from typing import Literal

ConnectFailure = Literal["refused", "unresolved", "unreachable", "connect_timeout", "dropped"]

_BY_ERRNO: Mapping[int, tuple[ConnectFailure, str]] = {
    errno.ECONNREFUSED: ("refused", "Connection refused"),
    errno.EHOSTUNREACH: ("unreachable", "No route to host"),
    errno.ENETUNREACH: ("unreachable", "Network is unreachable"),
    errno.EHOSTDOWN: ("unreachable", "Host is down"),
    errno.ENETDOWN: ("unreachable", "Network is down"),
    errno.EADDRNOTAVAIL: ("unreachable", "Cannot assign requested address"),
    errno.EAFNOSUPPORT: ("unreachable", "Address family not supported"),
    errno.EACCES: ("unreachable", "Permission denied by this machine"),
    errno.EPERM: ("unreachable", "Permission denied by this machine"),
    errno.ETIMEDOUT: ("connect_timeout", "Connection timed out"),
    errno.ECONNRESET: ("dropped", "Connection reset by peer"),
    errno.ECONNABORTED: ("dropped", "Connection aborted"),
    errno.EPIPE: ("dropped", "Connection closed by peer"),
    errno.EMFILE: ("unreachable", "Too many open files"),
    errno.ENFILE: ("unreachable", "Too many open files in system"),
}
"""The one table from a number to what it means, and the text that is shown: in every locale the English that people search
for.
"""

NO_TLS = frozenset({"WRONG_VERSION_NUMBER", "RECORD_LAYER_FAILURE", "PACKET_LENGTH_TOO_LONG", "HTTP_REQUEST"})
"""OpenSSL's symbols (`ssl.SSLError.reason`) for a first answer that is no TLS."""

_FILES: Mapping[int, str] = {
    errno.ENOENT: "No such file or directory",
    errno.EACCES: "Permission denied",
    errno.EPERM: "Operation not permitted",
    errno.EISDIR: "Is a directory",
    errno.ENOTDIR: "Not a directory",
    errno.ENOSPC: "No space left on device",
    errno.EDQUOT: "Disk quota exceeded",
    errno.EROFS: "Read-only file system",
    errno.EIO: "Input/output error",
    errno.EFBIG: "File too large",
    errno.ENAMETOOLONG: "File name too long",
    errno.ELOOP: "Too many levels of symbolic links",
    errno.EMFILE: "Too many open files",
    errno.ENFILE: "Too many open files in system",
    errno.ETXTBSY: "Text file busy",
    errno.EEXIST: "File exists",
    errno.EPIPE: "Broken pipe",
}


def connect_failure(error: OSError) -> tuple[ConnectFailure | None, str]:
    """What this error of a socket means (None: no such number is known), and its text."""
    if isinstance(error, socket.gaierror):
        temporary = error.errno == socket.EAI_AGAIN
        return "unresolved", "The name service gives no answer" if temporary else "Unknown host name"
    if isinstance(error, ssl.SSLError):
        # Its numbers are OpenSSL's.
        return None, getattr(error, "reason", None) or type(error).__name__
    # Errors that Python raises itself, such as a socket's time limit, have a type and no number.
    number = error.errno or next((number for kind, number in _BY_TYPE.items() if isinstance(error, kind)), 0)
    if number in _BY_ERRNO:
        return _BY_ERRNO[number]
    return None, errno.errorcode.get(number, type(error).__name__)


_BY_TYPE: Mapping[type[OSError], int] = {
    ConnectionRefusedError: errno.ECONNREFUSED,
    ConnectionResetError: errno.ECONNRESET,
    ConnectionAbortedError: errno.ECONNABORTED,
    BrokenPipeError: errno.EPIPE,
    TimeoutError: errno.ETIMEDOUT,
}


def file_failure(error: OSError) -> str:
    """Why a file can't be read or written, in the same words in every locale."""
    if error.errno is None:
        return str(error)
    return _FILES.get(error.errno) or errno.errorcode.get(error.errno) or os.strerror(error.errno)
