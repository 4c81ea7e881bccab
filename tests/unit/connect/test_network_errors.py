# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The meaning of operating system errors, regardless of the language."""

from __future__ import annotations

import errno
import socket
import ssl

import pytest

from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.network_errors import (
    connect_failure,
    file_failure,
)


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (ConnectionRefusedError(errno.ECONNREFUSED, "Verbindungsaufbau abgelehnt"), "refused"),
        (OSError(errno.EHOSTUNREACH, "Keine Route zum Zielrechner"), "unreachable"),
        (OSError(errno.ENETUNREACH, "Das Netzwerk ist nicht erreichbar"), "unreachable"),
        (TimeoutError(), "connect_timeout"),
        (ConnectionResetError(), "dropped"),
        (socket.gaierror(socket.EAI_NONAME, "Der Name oder der Dienst ist nicht bekannt"), "unresolved"),
        (socket.gaierror(socket.EAI_AGAIN, "Connection refused"), "unresolved"),
        (OSError(errno.EDOM, "Connection refused"), None),
        (OSError(errno.EMFILE, "Zu viele offene Dateien"), "unreachable"),
    ],
)
def test_a_connection_failure_is_classified_by_type_or_number(error: OSError, reason: str | None) -> None:
    found, text = connect_failure(error)
    assert found == reason
    assert str(error.strerror) not in text


def test_openssl_error_numbers_are_not_operating_system_errors() -> None:
    """SSL_ERROR_SSL is 1, as EPERM is."""
    assert connect_failure(ssl.SSLError(1, "[SSL] whatever"))[0] is None


def test_a_full_disk_has_a_message_of_the_collection() -> None:
    assert file_failure(OSError(errno.ENOSPC, "Auf dem Gerät ist kein Speicherplatz mehr")) == (
        "no space left on device"
    )


def test_an_error_without_its_own_message_is_reported_by_its_symbol() -> None:
    assert file_failure(OSError(errno.ENXIO, "x")) == "ENXIO"


def test_an_error_without_a_number_is_reported_unchanged() -> None:
    assert file_failure(OSError("it is not a regular file")) == "it is not a regular file"
