# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The sandbox's own certificate authority, with a certificate for the workers and one for a client."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from .configuration import STORE_PASSWORD
from .errors import SandboxError

_DAYS = "30"
_CURVE = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
_EXTENSIONS = {
    "worker": "subjectAltName={names}\nextendedKeyUsage=serverAuth,clientAuth\n",
    "client": "extendedKeyUsage=clientAuth\n",
}


def make_certificates(directory: Path, java: Path, names: str = "IP:127.0.0.1,DNS:localhost") -> None:
    """Create ca.pem, client.pem, client.key, worker.pem, worker.key, and worker.p12, trust.p12 for Java in
    ``directory``.

    ``names`` are the names in the worker's certificate, in the format of openssl's subjectAltName. Raises SandboxError
    if openssl is missing or one of the steps fails.
    """
    if shutil.which("openssl") is None:
        raise SandboxError(
            "A sandbox with TLS needs openssl, and there is none on PATH. "
            "Debian, Ubuntu: apt install openssl; Fedora, RHEL: dnf install openssl"
        )
    directory.mkdir(mode=0o700, parents=True)
    (directory / "ca.cnf").write_text(
        "[req]\ndistinguished_name=dn\nx509_extensions=ca\n[dn]\n"
        "[ca]\nbasicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign\nsubjectKeyIdentifier=hash\n",
        encoding="ascii",
    )
    _openssl(
        directory,
        "req",
        "-x509",
        *_CURVE,
        "-config",
        "ca.cnf",
        "-days",
        _DAYS,
        "-subj",
        "/CN=sandbox authority",
        "-keyout",
        "ca.key",
        "-out",
        "ca.pem",
    )
    for name, extensions in _EXTENSIONS.items():
        (directory / f"{name}.ext").write_text(extensions.format(names=names), encoding="ascii")
        _openssl(
            directory,
            "req",
            "-new",
            *_CURVE,
            "-config",
            "ca.cnf",
            "-subj",
            f"/CN=sandbox {name}",
            "-keyout",
            f"{name}.key",
            "-out",
            f"{name}.csr",
        )
        _openssl(
            directory,
            "x509",
            "-req",
            "-in",
            f"{name}.csr",
            "-CA",
            "ca.pem",
            "-CAkey",
            "ca.key",
            "-CAcreateserial",
            "-days",
            _DAYS,
            "-sha256",
            "-extfile",
            f"{name}.ext",
            "-out",
            f"{name}.pem",
        )
    _openssl(
        directory,
        "pkcs12",
        "-export",
        "-in",
        "worker.pem",
        "-inkey",
        "worker.key",
        "-certfile",
        "ca.pem",
        "-name",
        "worker",
        "-passout",
        f"pass:{STORE_PASSWORD}",
        "-out",
        "worker.p12",
    )
    # Java trusts only a certificate with Java's own attribute, which openssl before 3.2 can't set.
    # keytool's class instead of its program, since not every Java has the program.
    keytool = [
        str(java),
        "-m",
        "java.base/sun.security.tools.keytool.Main",
        "-importcert",
        "-noprompt",
        "-alias",
        "ca",
        "-file",
        "ca.pem",
    ]
    _run(directory, [*keytool, "-storetype", "PKCS12", "-keystore", "trust.p12", "-storepass", STORE_PASSWORD])


def _openssl(directory: Path, *arguments: str) -> None:
    _run(directory, ["openssl", *arguments])


def _run(directory: Path, command: list[str]) -> None:
    answer = subprocess.run(command, cwd=directory, capture_output=True, text=True, check=False)
    if answer.returncode != 0:
        raise SandboxError(f"{' '.join(command)}: {answer.stderr.strip() or answer.stdout.strip()}")
