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
from collections.abc import Mapping
from typing import Literal

ConnectFailure = Literal["refused", "unresolved", "unreachable", "connect_timeout", "dropped"]

_BY_ERRNO: Mapping[int, tuple[ConnectFailure, str]] = {
    errno.ECONNREFUSED: ("refused", "connection refused"),
    errno.EHOSTUNREACH: ("unreachable", "no route to the host"),
    errno.ENETUNREACH: ("unreachable", "the network is unreachable"),
    errno.EHOSTDOWN: ("unreachable", "the host is down"),
    errno.ENETDOWN: ("unreachable", "the network is down"),
    errno.EADDRNOTAVAIL: ("unreachable", "the address cannot be reached from here"),
    errno.EAFNOSUPPORT: ("unreachable", "this machine does not support that kind of address"),
    errno.EACCES: ("unreachable", "this machine does not permit the connection"),
    errno.EPERM: ("unreachable", "this machine does not permit the connection"),
    errno.ETIMEDOUT: ("connect_timeout", "the connection timed out"),
    errno.ECONNRESET: ("dropped", "the connection was reset"),
    errno.ECONNABORTED: ("dropped", "the connection was aborted"),
    errno.EPIPE: ("dropped", "the connection was closed"),
    errno.EMFILE: ("unreachable", "this process has too many open files"),
    errno.ENFILE: ("unreachable", "this machine has too many open files"),
}
"""The one table from a number to what it means, and the text that is shown, the same in every locale."""

NO_TLS = frozenset({"WRONG_VERSION_NUMBER", "RECORD_LAYER_FAILURE", "PACKET_LENGTH_TOO_LONG", "HTTP_REQUEST"})
"""OpenSSL's symbols (`ssl.SSLError.reason`) for a first answer that is no TLS."""

_FILES: Mapping[int, str] = {
    errno.ENOENT: "it does not exist",
    errno.EACCES: "permission denied",
    errno.EPERM: "not permitted",
    errno.EISDIR: "it is a directory",
    errno.ENOTDIR: "part of its path is no directory",
    errno.ENOSPC: "no space left on the device",
    errno.EDQUOT: "the disk quota is used up",
    errno.EROFS: "the file system is read-only",
    errno.EIO: "input/output error",
    errno.EFBIG: "the file is too large",
    errno.ENAMETOOLONG: "its name is too long",
    errno.ELOOP: "too many symbolic links",
    errno.EMFILE: "this process has too many open files",
    errno.ENFILE: "this machine has too many open files",
    errno.ETXTBSY: "it is being executed",
    errno.EEXIST: "it exists already",
}


def connect_failure(error: OSError) -> tuple[ConnectFailure | None, str]:
    """What this error of a socket means (None: no such number is known), and its text."""
    if isinstance(error, socket.gaierror):
        temporary = error.errno == socket.EAI_AGAIN
        return "unresolved", "the name service gives no answer" if temporary else "unknown host name"
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
