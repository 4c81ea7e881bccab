# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A worker's client properties, as Java names them, translated for librdkafka. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ..errors import InputError, Problem
from ..secret_keys import has_reference

_JAAS_OPTION = re.compile(r"""(?<![\w.-])([\w.-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|([^\s;"']+))""")
_JAAS_IN_LIBRDKAFKA = {
    "username": "sasl.username",
    "password": "sasl.password",
    "clientId": "sasl.oauthbearer.client.id",
    "clientSecret": "sasl.oauthbearer.client.secret",
    "scope": "sasl.oauthbearer.scope",
    "principal": "sasl.kerberos.principal",
    "keyTab": "sasl.kerberos.keytab",
}
"""Options of Kafka's login modules (PLAIN, SCRAM, OAUTHBEARER, GSSAPI) and their names in librdkafka."""

_SECURITY = re.compile(r"(?:ssl|sasl|security)\.|enable\.(?:ssl|sasl)\.")
"""Keys that must not get lost: librdkafka receives the unknown ones, too, and refuses those it does not know."""

_HARMLESS = frozenset({"client.id", "client.dns.lookup", "socket.timeout.ms", "broker.address.family"})

_JAVA_ONLY = re.compile(
    r"""ssl\.(?:truststore|keystore)\..*
    |ssl\.(?:protocol|provider|enabled\.protocols|cipher\.suites|keymanager\.algorithm|trustmanager\.algorithm
      |secure\.random\.implementation|engine\.factory\.class|client\.auth|principal\.mapping\.rules|allow\..*)
    |sasl\.(?:jaas\.config|mechanism|login\..*|client\.callback\..*|server\..*|kerberos\.(?:kinit\.cmd|ticket\..*
      |min\.time\.before\.relogin|principal\.to\.local\.rules)|enabled\.mechanisms)
    |security\.(?:providers|inter\.broker\.protocol)""",
    re.VERBOSE,
)
"""Keys that only Java's clients and brokers know: translated where they matter for logging in, else dropped."""


def client_properties(given: Mapping[str, Any]) -> dict[str, str]:
    """librdkafka's properties from those of a worker (or of librdkafka itself); unrelated keys are left out.

    Raises InputError for what this client can't use: key stores in Java's own format, references that only workers can
    resolve, values that are not scalars.
    """
    java = {key: value for key, value in _texts(given).items() if value or key == _HOST_CHECK}
    result = {
        key: value
        for key, value in java.items()
        if (_SECURITY.match(key) and not _JAVA_ONLY.fullmatch(key)) or key in _HARMLESS
    }
    if "security.protocol" in java:
        result["security.protocol"] = java["security.protocol"].lower()
    if _HOST_CHECK in java:
        result[_HOST_CHECK] = java[_HOST_CHECK] or "none"
    return result | _login(java) | _trust(java) | _identity(java)


_HOST_CHECK = "ssl.endpoint.identification.algorithm"
"""Empty in Java, "none" in librdkafka: the client does not compare the broker's name with its certificate."""


def _texts(given: Mapping[str, Any]) -> dict[str, str]:
    texts, problems = {}, []
    for key, value in given.items():
        text = "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)
        if isinstance(value, dict | list):
            problems.append(_problem(key, f"{key} must be a single value, not a list or mapping"))
        elif has_reference(text) and (_SECURITY.match(key) or key in _HARMLESS):
            problems.append(
                _problem(key, f"{key} holds a reference that only workers can resolve: give the value itself")
            )
        texts[str(key)] = text
    if problems:
        raise InputError(problems)
    return texts


def _login(java: Mapping[str, str]) -> dict[str, str]:
    result = {}
    mechanism = java.get("sasl.mechanism", java.get("sasl.mechanisms", ""))
    if mechanism:
        result["sasl.mechanisms"] = mechanism
    for name, *values in _JAAS_OPTION.findall(java.get("sasl.jaas.config", "")):
        if name in _JAAS_IN_LIBRDKAFKA:
            result[_JAAS_IN_LIBRDKAFKA[name]] = re.sub(r"\\(.)", r"\1", "".join(values))
    if mechanism.upper() == "OAUTHBEARER" and "sasl.oauthbearer.token.endpoint.url" in java:
        result["sasl.oauthbearer.method"] = "oidc"
    return result


def _trust(java: Mapping[str, str]) -> dict[str, str]:
    if "ssl.truststore.certificates" in java:
        return {"ssl.ca.pem": java["ssl.truststore.certificates"]}
    if "ssl.truststore.location" not in java or "ssl.ca.location" in java or "ssl.ca.pem" in java:
        return {}
    _refuse_unless("ssl.truststore", java, ("PEM",), "ssl.ca.location with a PEM file")
    return {"ssl.ca.location": java["ssl.truststore.location"]}


def _identity(java: Mapping[str, str]) -> dict[str, str]:
    if "ssl.keystore.certificate.chain" in java:
        return {
            "ssl.certificate.pem": java["ssl.keystore.certificate.chain"],
            "ssl.key.pem": java.get("ssl.keystore.key", ""),
        }
    if "ssl.keystore.location" not in java or "ssl.certificate.location" in java or "ssl.certificate.pem" in java:
        return {}
    location = java["ssl.keystore.location"]
    if java.get("ssl.keystore.type", "JKS").upper() == "PKCS12":
        return {"ssl.keystore.location": location, "ssl.keystore.password": java.get("ssl.keystore.password", "")}
    _refuse_unless("ssl.keystore", java, ("PEM",), "ssl.certificate.location and ssl.key.location with PEM files")
    return {"ssl.certificate.location": location, "ssl.key.location": location}


def _refuse_unless(store: str, java: Mapping[str, str], readable: tuple[str, ...], instead: str) -> None:
    kind = java.get(f"{store}.type", "JKS").upper()
    if kind not in readable:
        text = f"{store}.location is a {kind} store, which the Python Kafka client can't read: give {instead}"
        raise InputError([_problem(f"{store}.location", text)])


def _problem(key: str, text: str) -> Problem:
    return Problem(f"client_properties: {text}", key=key)
