# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Causes in connections, TLS and logins, of every system."""

from __future__ import annotations

from .signs import cause, sign

SPECIFIC = (
    cause(
        "certificate_refused",
        "permanent",
        "TLS: put the server's CA into the truststore of this client, and use the host name that the certificate names",
        sign(types="SSLPeerUnverifiedException CertificateException CertificateExpiredException ValidatorException"),
        sign(types="SunCertPathBuilderException CertPathValidatorException"),
        sign(types="SSLHandshakeException", says=["PKIX", "certificate", "No subject alternative"]),
        sign(says=["PKIX path building failed", "unable to find valid certification path", "No subject alternative"]),
    ),
    cause(
        "tls_handshake_ended",
        "unknown",
        "the other side ended the TLS handshake: check that the port expects TLS, what is in between (proxy, firewall), and whether "
        "it requires a client certificate",
        sign(types="SSLHandshakeException SSLException", says=["Remote host terminated the handshake"]),
        sign(types="SSLHandshakeException SSLException", says=["Remote host closed connection during handshake"]),
    ),
    cause(
        "tls_failed",
        "permanent",
        "TLS: client and server do not agree: check that the port expects TLS, and the protocol versions of both sides",
        sign(types="SSLHandshakeException SSLProtocolException SslAuthenticationException"),
        sign(types="SSLException", says=["Unrecognized SSL message", "Unsupported or unrecognized SSL message"]),
    ),
    cause(
        "host_name_unknown",
        "unknown",
        "the host name does not resolve on the worker: correct the name or the worker's DNS",
        sign(types="UnknownHostException UnresolvedAddressException"),
        sign(says=["Name or service not known", "nodename nor servname", "No resolvable bootstrap"]),
        sign(says=["Temporary failure in name resolution"]),
    ),
)

GENERAL = (
    cause(
        "login_refused",
        "permanent",
        "the user, the password or the mechanism is wrong: check them and the ${provider:path:key} references they come from",
        sign(codes="http:401"),
        sign(types="AuthenticationException InvalidCredentialsException LoginException FailedLoginException"),
        sign(says=["Authentication failed", "invalid credentials", "bad credentials", "Invalid username or password"]),
    ),
    cause(
        "access_denied",
        "permanent",
        "the other system denies access: grant the connector's user the rights it lacks",
        sign(codes="http:403"),
    ),
    cause(
        "rate_limited",
        "transient",
        "the other system limits the request rate: lower tasks.max and batch sizes, or raise that limit, then "
        "restart with connector_state",
        sign(codes="http:429"),
        sign(says=["429 Too Many Requests"]),
    ),
)

LAST = (
    cause(
        "unavailable",
        "transient",
        "the other system has a problem of its own: check that it runs, then restart with connector_state",
        sign(codes="http:502 http:503 http:504"),
    ),
    cause(
        "unreachable",
        "transient",
        "the other system can't be reached from the worker: check host, port and firewall, and that it is running, then "
        "restart with connector_state",
        sign(types="NoRouteToHostException ConnectionClosedException ClosedChannelException HttpHostConnectException"),
        sign(
            types="SocketException EOFException IOException ConnectException",
            says=["Connection reset", "Broken pipe", "Connection refused"],
        ),
        sign(
            says=[
                "Connection refused",
                "Communications link failure",
                "No route to host",
                "Network is unreachable",
                "Connection reset by peer",
                "Could not create PG connection",
            ]
        ),
    ),
    cause(
        "timed_out",
        "transient",
        "the other side did not respond in time: check its load and the network; for brokers, check that every advertised "
        "listener is reachable from the worker, then restart with connector_state",
        sign(
            types="SocketTimeoutException TimeoutException ConnectTimeoutException HttpTimeoutException ReadTimeoutException"
        ),
        sign(types="InterruptedIOException IOException", says=["timeout", "timed out"]),
    ),
)
