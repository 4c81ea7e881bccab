# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Connects to hosts whose names this machine cannot resolve, at addresses that the user gives."""

from __future__ import annotations

import socket
from collections.abc import Callable, Mapping
from typing import Any

try:
    import requests.adapters
    import urllib3.exceptions
    from urllib3.connection import HTTPConnection, HTTPSConnection
    from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
except ImportError:
    # The transport reports it.
    pass
else:

    class HostAddressesAdapter(requests.adapters.HTTPAdapter):
        """Resolves names as usual. A name without an address leads to the given one; TLS still verifies the name.

        `addresses`: by host name, in lower case.
        """

        def __init__(self, addresses: Mapping[str, str]) -> None:
            self._addresses = addresses
            super().__init__()

        def init_poolmanager(self, *arguments: Any, **named: Any) -> None:
            super().init_poolmanager(*arguments, **named)
            self.poolmanager.pool_classes_by_scheme = _pools(self._addresses)

    def _pools(addresses: Mapping[str, str]) -> dict[str, type[HTTPConnectionPool]]:
        """Pools whose connections know the addresses."""

        def opened(connection: HTTPConnection, connect: Callable[[], socket.socket]) -> socket.socket:
            try:
                return connect()
            except urllib3.exceptions.NewConnectionError as error:
                name = connection.host
                address = addresses.get(name.lower())
                # urllib3 1.26 has no cause.
                if address is None or not isinstance(error.__cause__ or error.__context__, socket.gaierror):
                    raise
            connection.host = address
            try:
                return connect()
            finally:
                # What follows, such as the check of a certificate, is about the name.
                connection.host = name

        class Plain(HTTPConnection):
            def _new_conn(self) -> socket.socket:
                return opened(self, super()._new_conn)

        class Encrypted(HTTPSConnection):
            def _new_conn(self) -> socket.socket:
                return opened(self, super()._new_conn)

        class PlainPool(HTTPConnectionPool):
            ConnectionCls = Plain

        class EncryptedPool(HTTPSConnectionPool):
            ConnectionCls = Encrypted

        return {"http": PlainPool, "https": EncryptedPool}
