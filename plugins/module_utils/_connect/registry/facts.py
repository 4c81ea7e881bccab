# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reads the registries that connectors use: whether they answer, and some of their subjects. Reads only."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from ..errors import ConnectError, RequestError
from ..parallel import in_parallel
from ..rest.connection import Connection
from ..rest.transport import Transport
from ..run import Run
from .converters import NO_LOGIN, Login, RegistryUse
from .registry_client import ACCEPT, RegistryClient
from .subjects import Subject

if TYPE_CHECKING:
    from typing import Literal

    LoginSource = Literal["", "configuration", "options"]
else:
    # A managed host may have Python 3.7, which has no such type.
    LoginSource = str
"""Where the login that was sent comes from. Empty: none was sent."""

PARALLEL_REGISTRIES = 8
MOST_REGISTRIES = 20
"""Registries that are asked. One that does not answer takes connect_timeout."""

MOST_SUBJECTS = 20
"""Subjects that are read in one registry."""

NEWEST_VERSIONS = 2


@dataclass(frozen=True)
class RegistryFacts:
    """A registry, and the converters that use it. `problem`: why it can't be read; `subjects`: those that were asked for and exist, by
    name.
    """

    urls: tuple[str, ...]
    uses: tuple[RegistryUse, ...]
    login: LoginSource = ""
    problem: RequestError | None = None
    subjects: Mapping[str, Subject] = field(default_factory=dict)

    @property
    def connectors(self) -> tuple[str, ...]:
        """The names of the connectors that use it, sorted."""
        return tuple(sorted({use.connector for use in self.uses}))


def grouped(uses: Iterable[RegistryUse]) -> dict[tuple[str, ...], list[RegistryUse]]:
    """The uses by registry. Several URLs are one registry if they are listed together, in whatever order."""
    found: dict[tuple[str, ...], list[RegistryUse]] = {}
    for use in uses:
        found.setdefault(tuple(sorted(use.urls)), []).append(use)
    return found


def connection_for(access: Connection, urls: Sequence[str], login: Login = NO_LOGIN) -> tuple[Connection, LoginSource]:
    """How to reach this registry, and whose login that is.

    The login of the options, and the headers and the certificate with it, goes only to the URLs of the options: a connector's
    configuration may name any URL. `login`: of the configuration that names these URLs.
    """
    if set(urls) & set(access.urls):
        # The configuration may list others beside them.
        own = tuple(url for url in urls if url in access.urls)
        has_login = bool(access.username or access.token or access.client_cert)
        return access._replace(urls=own), "options" if has_login else ""
    # The header Accept is no secret, and needed.
    headers = tuple(header for header in access.headers if header == ACCEPT)
    bare = access._replace(
        urls=tuple(urls), username="", password="", token="", headers=headers, client_cert="", client_key=""
    )
    with_login = bare._replace(username=login.username, password=login.password, token=login.token)
    return with_login, "configuration" if login else ""


def read_registries(
    run: Run, access: Connection, uses: Iterable[RegistryUse], topics: Mapping[str, Sequence[str]]
) -> tuple[list[RegistryFacts], list[RegistryClient]]:
    """The registries of these converters, at most MOST_REGISTRIES, and the clients that have read them.

    `topics`: of the connectors whose subjects are of interest, by name. Raises InputError for a TLS file that can't be read.
    """
    clients: list[RegistryClient] = []

    def read(group: Sequence[RegistryUse]) -> RegistryFacts:
        login = next((use.login for use in group if use.login), NO_LOGIN)
        connection, source = connection_for(access, group[0].urls, login)
        client = RegistryClient(Transport(connection), run)
        clients.append(client)
        facts = RegistryFacts(connection.urls, tuple(group), source)
        try:
            client.global_level()
            return replace(facts, subjects=dict(_subjects(client, group, topics)))
        except RequestError as error:
            return replace(facts, problem=error)

    groups = [tuple(group) for group in grouped(uses).values()][:MOST_REGISTRIES]
    found = {}
    for group, facts in in_parallel(run, read, groups, PARALLEL_REGISTRIES):
        if isinstance(facts, ConnectError):
            raise facts
        found[group] = facts
    return [found[group] for group in groups], clients


def _subjects(
    client: RegistryClient, group: Sequence[RegistryUse], topics: Mapping[str, Sequence[str]]
) -> Iterable[tuple[str, Subject]]:
    names = (use.subject_of(topic) for use in group if use.names_by_topic for topic in topics.get(use.connector, ()))
    for name in list(dict.fromkeys(names))[:MOST_SUBJECTS]:
        subject = client.subject(name, NEWEST_VERSIONS)
        if subject is not None:
            yield name, subject
