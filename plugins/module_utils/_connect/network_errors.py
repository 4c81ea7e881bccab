# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The meaning of a failed connection, by the type and number of the error. The operating system's own texts decide nothing:
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
    errno.ECONNREFUSED: ("refused", "connection refused"),
    errno.EHOSTUNREACH: ("unreachable", "no route to host"),
    errno.ENETUNREACH: ("unreachable", "network is unreachable"),
    errno.EHOSTDOWN: ("unreachable", "host is down"),
    errno.ENETDOWN: ("unreachable", "network is down"),
    errno.EADDRNOTAVAIL: ("unreachable", "cannot assign requested address"),
    errno.EAFNOSUPPORT: ("unreachable", "address family not supported"),
    errno.EACCES: ("unreachable", "permission denied by this machine"),
    errno.EPERM: ("unreachable", "permission denied by this machine"),
    errno.ETIMEDOUT: ("connect_timeout", "connection timed out"),
    errno.ECONNRESET: ("dropped", "connection reset by peer"),
    errno.ECONNABORTED: ("dropped", "connection aborted"),
    errno.EPIPE: ("dropped", "connection closed by peer"),
    errno.EMFILE: ("unreachable", "too many open files"),
    errno.ENFILE: ("unreachable", "too many open files in system"),
}
"""The only table from a number to its meaning, and to the text to show, which is the same in every locale."""

NO_TLS = frozenset({"WRONG_VERSION_NUMBER", "RECORD_LAYER_FAILURE", "PACKET_LENGTH_TOO_LONG", "HTTP_REQUEST"})
"""OpenSSL's symbols (`ssl.SSLError.reason`) for a first answer that is not TLS."""

_FILES: Mapping[int, str] = {
    errno.ENOENT: "no such file or directory",
    errno.EACCES: "permission denied",
    errno.EPERM: "operation not permitted",
    errno.EISDIR: "is a directory",
    errno.ENOTDIR: "not a directory",
    errno.ENOSPC: "no space left on device",
    errno.EDQUOT: "disk quota exceeded",
    errno.EROFS: "read-only file system",
    errno.EIO: "input/output error",
    errno.EFBIG: "file too large",
    errno.ENAMETOOLONG: "file name too long",
    errno.ELOOP: "too many levels of symbolic links",
    errno.EMFILE: "too many open files",
    errno.ENFILE: "too many open files in system",
    errno.ETXTBSY: "text file busy",
    errno.EEXIST: "file exists",
    errno.EPIPE: "broken pipe",
}


def connect_failure(error: OSError) -> tuple[ConnectFailure | None, str]:
    """The meaning of a socket error (None: unknown number), and its text."""
    if isinstance(error, socket.gaierror):
        temporary = error.errno == socket.EAI_AGAIN
        return "unresolved", "the name service does not answer" if temporary else "unknown host name"
    if isinstance(error, ssl.SSLError):
        # Its numbers are OpenSSL's own.
        return None, getattr(error, "reason", None) or type(error).__name__
    # Errors that Python raises itself, such as a socket timeout, have a type but no number.
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
    """Why a file can't be read or written, with the same text in every locale."""
    if error.errno is None:
        return str(error)
    return _FILES.get(error.errno) or errno.errorcode.get(error.errno) or os.strerror(error.errno)
