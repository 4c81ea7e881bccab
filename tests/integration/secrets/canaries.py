# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Recognizable secrets for every place that can contain one, and the inputs made with them."""

from __future__ import annotations

import base64
from typing import Any

SECRET_SOURCE = "com.example.SecretSourceConnector"

_PLACES = (
    "password_key",
    "former_password_key",
    "keystore",
    "looks_secret",
    "jaas",
    "url_user_info",
    "basic_auth",
    "token",
    "header",
    "provider",
    "trace",
    "trace_of_nobody",
    "private_key",
    "override",
    "nested",
    "bad_file",
    "bad_text",
    "url_password_of_wrong_type",
    "url_option",
    "environment",
    "client_key",
    "bad_client_key",
    "validation",
    "client_property",
    "metrics_password",
    "metrics_header",
    "metrics_headers_of_wrong_type",
)

CANARIES = {place: f"Canary-{number}-{place.replace('_', '-')}-zq7" for number, place in enumerate(_PLACES)}

USER = "connect"


def forms(place: str) -> frozenset[str]:
    """The canary, and its form in basic authentication."""
    canary = CANARIES[place]
    return frozenset({canary, base64.b64encode(f"{USER}:{canary}".encode()).decode()})


def secret(place: str) -> str:
    """A variable that holds a canary. Inside a task, it could appear in Ansible's own excerpts of the playbook."""
    return f"{{{{ canaries.{place} }}}}"


def config(password: str = "password_key", **more: Any) -> dict[str, Any]:
    """A valid config with secrets in six places."""
    jaas = "org.apache.kafka.common.security.plain.PlainLoginModule required"
    return {
        "connector.class": SECRET_SOURCE,
        "database.hostname": "db.example.com",
        "database.user": "connect",
        "database.password": secret(password),
        "ssl.keystore.password": secret("keystore"),
        "topic.prefix": "p",
        "vendor.api.key": secret("looks_secret"),
        "schema.history.jaas": f'{jaas} username="connect" password="{secret("jaas")}";',
        "registry.url": f"https://connect:{secret('url_user_info')}@registry.example.com/path",
        "signing.pem": f"-----BEGIN PRIVATE KEY-----\n{secret('private_key')}\n-----END PRIVATE KEY-----",
        **more,
    }


SENT = ("password_key", "keystore", "looks_secret", "jaas", "url_user_info", "private_key", "basic_auth", "header")
"""The canaries in any request that writes `config()`."""
