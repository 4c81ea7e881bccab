# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A token for logging in with OAUTHBEARER, and the public key by which brokers verify it, both as files for Kafka."""

from __future__ import annotations

import base64
import json
import time
from pathlib import Path

from .system import call

_KEY_ID = "hosts"
_DAY = 86_400


def make_token(directory: Path, subject: str) -> None:
    """Write token.jwt, signed and valid for a day (RFC 7519), and jwks.json (RFC 7517) to ``directory``.

    Raises HostsError if openssl fails.
    """
    key, unsigned, signature = directory / "token.key", directory / "token.unsigned", directory / "token.signature"
    call(["openssl", "genrsa", "-out", str(key), "2048"])
    now = int(time.time())
    claims = {"sub": subject, "iss": "hosts", "aud": "kafka", "scope": "kafka", "iat": now, "exp": now + _DAY}
    signed = ".".join(_encoded(json.dumps(part).encode()) for part in ({"alg": "RS256", "kid": _KEY_ID}, claims))
    unsigned.write_text(signed, encoding="ascii")
    call(["openssl", "dgst", "-sha256", "-sign", str(key), "-out", str(signature), str(unsigned)])
    (directory / "token.jwt").write_text(f"{signed}.{_encoded(signature.read_bytes())}", encoding="ascii")
    modulus = call(["openssl", "rsa", "-in", str(key), "-noout", "-modulus"]).strip().partition("=")[2]
    public = {"kty": "RSA", "kid": _KEY_ID, "alg": "RS256", "use": "sig", "e": "AQAB"}
    public["n"] = _encoded(bytes.fromhex(modulus))
    (directory / "jwks.json").write_text(json.dumps({"keys": [public]}), encoding="ascii")
    for file in (key, unsigned, signature):
        file.unlink()


def _encoded(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode("ascii")
