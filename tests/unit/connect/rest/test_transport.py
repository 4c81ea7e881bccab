# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""HTTP to one worker over real sockets, and to servers that are not workers."""

from __future__ import annotations

import errno
import gzip
import json
import socket
import ssl
import struct
import threading
import time
import tracemalloc
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.errors import InputError
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.rest import transport as module
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.rest.connection import (
    Connection,
    worker_address,
)
from ansible_collections.streamops.kafka_connect.plugins.module_utils._connect.rest.transport import (
    Answer,
    NoAnswerError,
    Transport,
)
from testing.fake_connect import FakeCluster, Tls, faults, matching
from tests.unit.connect.loopback import Certificates, answering, http, listening, make_certificates, read_head


@pytest.fixture(scope="session")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return make_certificates(tmp_path_factory.mktemp("tls"))


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No proxy and no bundle of the machine that runs the tests."""
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


def connection(url: str, **more: Any) -> Connection:
    return Connection((url,), **{"connect_timeout": 2.0, "read_timeout": 5.0, "request_timeout": 10.0, **more})


def get(url: str, path: str = "/", **more: Any) -> Answer:
    return Transport(connection(url, **more)).exchange(url, "GET", path)


def refused(url: str, **more: Any) -> NoAnswerError:
    with pytest.raises(NoAnswerError) as caught:
        get(url, **more)
    return caught.value


def closed_port() -> str:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return f"http://127.0.0.1:{server.getsockname()[1]}"


# What a worker hears


def test_a_request_returns_its_response(fake: FakeCluster) -> None:
    answer = get(fake.urls[0], http_agent="mine")
    assert (answer.status, answer.is_json) == (200, True)
    assert answer.body["kafka_cluster_id"] == fake.kafka_cluster_id
    headers = fake.requests[0].headers
    assert (headers["user-agent"], headers["accept"]) == ("mine", "application/json")
    assert "authorization" not in headers
    assert "content-type" not in headers


def test_a_body_is_sent_as_json(fake: FakeCluster) -> None:
    url = fake.urls[0]
    Transport(connection(url)).exchange(url, "PUT", "/connectors/n%2Fm/config", body={"name": "n/m", "ü": "ß"})
    assert fake.requests[0].headers["content-type"] == "application/json"
    assert fake.requests[0].json() == {"name": "n/m", "ü": "ß"}
    assert fake.requests[0].path == "/connectors/n%2Fm/config", "what is encoded stays so"


def test_a_path_prefix_of_the_url_is_kept() -> None:
    heard: list[bytes] = []

    def serve(connected: socket.socket, _over: threading.Event) -> None:
        heard.append(read_head(connected))
        connected.sendall(http("200 OK", b"{}"))

    with listening(serve) as port:
        get(f"{port.url}/prefix", "/connectors?expand=info")
    assert heard[0].startswith(b"GET /prefix/connectors?expand=info HTTP/1.1\r\n")


def test_connections_are_kept_for_the_next_request() -> None:
    body = b'{"version": "4.3.1"}'

    def serve(connected: socket.socket, _over: threading.Event) -> None:
        while read_head(connected):
            connected.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body))

    with listening(serve) as port:
        asking = Transport(connection(port.url))
        for _time in range(5):
            asking.exchange(port.url, "GET", "/")
        assert port.connections == 1


def test_threads_share_a_transport_but_no_connection(fake: FakeCluster) -> None:
    url = fake.urls[0]
    asking = Transport(connection(url))
    answers: list[int] = []
    threads = [
        threading.Thread(target=lambda: answers.append(asking.exchange(url, "GET", "/").status)) for _number in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert answers == [200] * 8


def test_basic_authentication_is_sent(fake: FakeCluster) -> None:
    get(fake.urls[0], username="ädmin", password="pä:ss")
    assert fake.requests[0].headers["authorization"] == "Basic w6RkbWluOnDDpDpzcw=="


def test_bearer_authentication_and_custom_headers_are_sent(fake: FakeCluster) -> None:
    get(fake.urls[0], token="abc", headers=(("X-Tenant", "blue"),))
    assert fake.requests[0].headers["authorization"] == "Bearer abc"
    assert fake.requests[0].headers["x-tenant"] == "blue"


def test_the_netrc_of_the_user_is_not_read(fake: FakeCluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login another password else\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / ".netrc").write_text(netrc.read_text())
    get(fake.urls[0])
    assert "authorization" not in fake.requests[0].headers


# Proxies


def proxied() -> Any:
    return listening(answering(http("200 OK", b'{"from": "proxy"}')))


def test_a_proxy_of_the_environment_is_used_with_use_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    with proxied() as proxy:
        monkeypatch.setenv("http_proxy", proxy.url)
        assert get("http://connect.invalid:8083").body == {"from": "proxy"}


def test_a_proxy_of_the_environment_is_ignored_without_use_proxy(
    fake: FakeCluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    with proxied() as proxy:
        monkeypatch.setenv("http_proxy", proxy.url)
        monkeypatch.setenv("ALL_PROXY", proxy.url)
        assert "version" in get(fake.urls[0], use_proxy=False).body
        assert proxy.connections == 0


def test_no_proxy_is_respected(fake: FakeCluster, monkeypatch: pytest.MonkeyPatch) -> None:
    with proxied() as proxy:
        monkeypatch.setenv("http_proxy", proxy.url)
        monkeypatch.setenv("no_proxy", "127.0.0.1")
        assert "version" in get(fake.urls[0]).body
        assert proxy.connections == 0


def test_a_dead_proxy_is_reported_as_such_and_without_its_password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", closed_port().replace("http://", "http://user:proxy-secret@"))
    failure = refused("http://connect.invalid:8083")
    assert (failure.reason, failure.sent) == ("proxy", False)
    assert "proxy-secret" not in failure.detail


# TLS


@pytest.fixture
def secure(certificates: Certificates) -> Any:
    with FakeCluster(workers=1, tls=Tls(certificates.server, certificates.server_key)) as fake:
        yield fake


def test_tls_with_a_trusted_authority_works(secure: FakeCluster, certificates: Certificates) -> None:
    assert get(secure.urls[0], ca_path=certificates.authority).status == 200


@pytest.mark.parametrize("known", ["", "stranger"])
def test_a_worker_with_an_untrusted_certificate_is_refused(
    secure: FakeCluster, certificates: Certificates, known: str
) -> None:
    failure = refused(secure.urls[0], ca_path=certificates.stranger if known else "")
    assert (failure.reason, failure.sent) == ("tls", False)
    assert "certificate verify failed" in failure.detail.lower()
    assert secure.requests == []


def test_a_certificate_for_another_name_is_refused(secure: FakeCluster, certificates: Certificates) -> None:
    failure = refused(secure.urls[0].replace("127.0.0.1", "localhost"), ca_path=certificates.authority)
    assert failure.reason == "tls"
    assert "localhost" in failure.detail


def test_without_validation_any_certificate_is_accepted(secure: FakeCluster) -> None:
    assert get(secure.urls[0], validate_certs=False).status == 200


@pytest.mark.parametrize("variable", ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"])
def test_certificate_bundles_of_the_environment_are_ignored(
    secure: FakeCluster, certificates: Certificates, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    monkeypatch.setenv(variable, certificates.stranger)
    assert get(secure.urls[0], ca_path=certificates.authority).status == 200
    assert get(secure.urls[0], validate_certs=False).status == 200
    monkeypatch.setenv(variable, certificates.authority)
    assert refused(secure.urls[0]).reason == "tls"


def test_a_client_certificate_is_sent_if_the_server_requires_it(certificates: Certificates) -> None:
    tls = Tls(certificates.server, certificates.server_key, certificates.authority)
    with FakeCluster(workers=1, tls=tls) as fake:
        mine = {"client_cert": certificates.client, "client_key": certificates.client_key}
        assert get(fake.urls[0], ca_path=certificates.authority, **mine).status == 200
        failure = refused(fake.urls[0], ca_path=certificates.authority)
        assert failure.reason in ("tls", "dropped")


def test_https_to_a_port_without_tls_is_reported_as_a_tls_error(fake: FakeCluster) -> None:
    failure = refused(fake.urls[0].replace("http:", "https:"))
    assert (failure.reason, failure.sent) == ("tls", False)


def test_http_to_a_port_with_tls_gets_no_response(secure: FakeCluster) -> None:
    assert refused(secure.urls[0].replace("https:", "http:")).reason == "dropped"


@pytest.mark.parametrize("option", ["ca_path", "client_cert", "client_key"])
def test_a_missing_tls_file_is_reported_with_its_options(
    secure: FakeCluster, certificates: Certificates, option: str
) -> None:
    given = {
        "ca_path": certificates.authority,
        "client_cert": certificates.client,
        "client_key": certificates.client_key,
        option: "/no/such.pem",
    }
    with pytest.raises(InputError, match=r"/no/such.pem.*check client_cert, client_key and ca_path"):
        get(secure.urls[0], **given)


# No worker there


def test_a_closed_port_is_reported_as_refused() -> None:
    failure = refused(closed_port())
    assert (failure.reason, failure.sent) == ("refused", False)


def test_an_unknown_host_is_reported_as_such() -> None:
    failure = refused("http://no-such-host.invalid:8083")
    assert (failure.reason, failure.sent) == ("unresolved", False)


def test_a_name_that_cannot_be_resolved_leads_to_the_given_address(fake: FakeCluster) -> None:
    url = fake.urls[0].replace("127.0.0.1", "Connect-1.invalid")
    assert get(url, host_addresses=(("connect-1.invalid", "127.0.0.1"),)).status == 200


def test_a_name_that_can_be_resolved_keeps_its_address(fake: FakeCluster) -> None:
    url = fake.urls[0].replace("127.0.0.1", "localhost")
    assert get(url, host_addresses=(("localhost", "192.0.2.1"),)).status == 200


def test_a_given_address_is_refused_like_any_other() -> None:
    url = closed_port().replace("127.0.0.1", "connect-1.invalid")
    error = refused(url, host_addresses=(("connect-1.invalid", "127.0.0.1"),))
    assert (error.reason, error.sent) == ("refused", False)


def test_a_certificate_is_checked_for_the_name_and_not_for_the_given_address(
    secure: FakeCluster, certificates: Certificates
) -> None:
    url = secure.urls[0].replace("127.0.0.1", "connect-1.invalid")
    error = refused(url, ca_path=str(certificates.authority), host_addresses=(("connect-1.invalid", "127.0.0.1"),))
    assert error.reason == "tls"
    assert "connect-1.invalid" in error.detail


def test_an_address_that_cannot_be_one_is_rejected() -> None:
    with pytest.raises(
        InputError, match=r'host_addresses: "connect-1: http://10\.0\.0\.1" is not a host name and an address'
    ):
        get("http://connect-1:8083", host_addresses=(("connect-1", "http://10.0.0.1"),))


def test_a_port_that_closes_at_once_like_a_broker_is_reported() -> None:
    def serve(connected: socket.socket, _over: threading.Event) -> None:
        connected.recv(65536)

    with listening(serve) as port:
        failure = refused(port.url)
    assert (failure.reason, failure.sent) == ("dropped", True)


def test_a_port_with_another_protocol_is_reported() -> None:
    with listening(answering(b"SSH-2.0-OpenSSH_9.2\r\n")) as port:
        assert refused(port.url).reason == "dropped"


def test_a_port_that_accepts_and_never_responds_times_out() -> None:
    def serve(_connected: socket.socket, over: threading.Event) -> None:
        over.wait(30)

    with listening(serve) as port:
        began = time.monotonic()
        failure = refused(port.url, read_timeout=0.3)
    assert (failure.reason, failure.sent) == ("timeout", True)
    assert failure.detail == "no answer within 0.3 s"
    assert time.monotonic() - began < 5


@pytest.mark.parametrize("framing", ["Content-Length: 5000", "Transfer-Encoding: chunked"])
def test_a_slowly_arriving_body_times_out(framing: str) -> None:
    """Each drop is in time for the socket; the whole is not."""

    def serve(connected: socket.socket, over: threading.Event) -> None:
        read_head(connected)
        connected.sendall(f"HTTP/1.1 200 OK\r\n{framing}\r\n\r\n".encode())
        while not over.wait(0.05):
            connected.sendall(b"1\r\n \r\n" if "chunked" in framing else b" ")

    with listening(serve) as port:
        began = time.monotonic()
        failure = refused(port.url, read_timeout=0.3)
    assert failure.reason == "timeout"
    assert time.monotonic() - began < 5


def test_a_truncated_response_is_dropped() -> None:
    with listening(answering(b'HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{"orders": {')) as port:
        failure = refused(port.url)
    assert (failure.reason, failure.sent) == ("dropped", True)


@pytest.mark.parametrize("number", [errno.EHOSTUNREACH, errno.ENETUNREACH, errno.EHOSTDOWN])
def test_a_host_without_a_route_is_recognized_by_the_error_number(monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    failure = refused_by_the_system(monkeypatch, OSError(number, "in whatever language"))
    assert (failure.reason, failure.sent) == ("unreachable", False)
    assert "language" not in failure.detail


def test_no_request_is_sent_over_a_connection_that_cannot_open(monkeypatch: pytest.MonkeyPatch) -> None:
    failure = refused_by_the_system(monkeypatch, OSError(errno.EMFILE, "in whatever language"))
    assert (failure.reason, failure.sent) == ("unreachable", False)
    assert failure.detail == "too many open files"


def refused_by_the_system(monkeypatch: pytest.MonkeyPatch, error: OSError) -> NoAnswerError:
    def connect(_socket: socket.socket, _address: object) -> None:
        raise error

    monkeypatch.setattr(socket.socket, "connect", connect)
    return refused("http://127.0.0.1:8083")


def test_a_route_lost_after_the_request_leaves_its_outcome_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same number as of a connection that was never opened."""

    def receive(_socket: socket.socket, _buffer: object, *_given: object) -> int:
        raise OSError(errno.EHOSTUNREACH, "in whatever language")

    def serve(_connected: socket.socket, over: threading.Event) -> None:
        over.wait(30)

    with listening(serve) as port:
        monkeypatch.setattr(socket.socket, "recv_into", receive)
        failure = refused(port.url)
    assert (failure.reason, failure.sent) == ("dropped", True)
    assert failure.detail == "no route to host"


def test_an_impossible_host_name_is_an_unknown_host() -> None:
    failure = refused("http://a..b:8083")
    assert (failure.reason, failure.sent) == ("unresolved", False)


def test_a_worker_that_closes_a_tls_connection_may_have_received_the_request(certificates: Certificates) -> None:
    """A handshake that succeeds, the request, and then nothing but the end of the connection."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificates.server, certificates.server_key)

    def serve(connected: socket.socket, _over: threading.Event) -> None:
        with context.wrap_socket(connected, server_side=True) as secured:
            read_head(secured)

    with listening(serve) as port:
        failure = refused(port.url.replace("http:", "https:"), ca_path=certificates.authority)
    assert (failure.reason, failure.sent) == ("dropped", True)


def test_http_to_a_port_that_sends_a_tls_alert_is_reported_as_a_tls_error() -> None:
    with listening(answering(b"\x15\x03\x03\x00\x02\x02\x0a")) as port:
        failure = refused(port.url)
    assert (failure.reason, failure.sent) == ("tls", False)


# Answers without bounds


def test_an_oversized_response_is_a_one_line_error_that_names_the_limit() -> None:
    with listening(answering(http("200 OK", b"x" * 1001))) as port:
        failure = refused(port.url, max_response_size=1000)
    assert (failure.reason, failure.sent) == ("too_large", True)
    assert failure.detail == "the answer is larger than max_response_size of 1000 bytes"


def test_a_response_of_exactly_the_limit_is_read() -> None:
    with listening(answering(http("200 OK", b"x" * 1000))) as port:
        assert get(port.url, max_response_size=1000).status == 200


def endless(connected: socket.socket, _over: threading.Event) -> None:
    read_head(connected)
    connected.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n")
    while True:
        connected.sendall(b" " * 65536)


def endless_chunk_size(connected: socket.socket, _over: threading.Event) -> None:
    read_head(connected)
    connected.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    while True:
        connected.sendall(b"0" * 65536)


def bomb(connected: socket.socket, _over: threading.Event) -> None:
    """600 MB that are 600 kB when packed."""
    read_head(connected)
    packing = zlib.compressobj(9, wbits=31)
    packed = b"".join(packing.compress(bytes(1 << 20)) for _number in range(600)) + packing.flush()
    connected.sendall(http("200 OK", packed, "Content-Encoding: gzip"))


@pytest.mark.parametrize(
    ("serve", "reason"),
    [(endless, "too_large"), (bomb, "too_large"), (endless_chunk_size, "dropped")],
    ids=["endless stream", "gzip bomb", "endless line"],
)
def test_memory_stays_bounded_for_any_response(
    serve: Callable[[socket.socket, threading.Event], None], reason: str
) -> None:
    limit = 8 << 20
    with listening(serve) as port:
        tracemalloc.start()
        try:
            failure = refused(port.url, max_response_size=limit, read_timeout=30.0)
            _now, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
    assert failure.reason == reason
    assert peak < 3 * limit


@pytest.mark.parametrize("encoding", ["gzip", "x-gzip", "deflate", "identity", "Gzip"])
def test_a_compressed_response_is_decompressed(encoding: str) -> None:
    body = json.dumps({"version": "4.3.1", "filler": "x" * 300_000}).encode()
    packed = {"deflate": zlib.compress(body), "identity": body}.get(encoding, gzip.compress(body))
    with listening(answering(http("200 OK", packed, f"Content-Encoding: {encoding}"))) as port:
        assert get(port.url).body["version"] == "4.3.1"


def test_deflate_without_its_header_is_decompressed() -> None:
    packing = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    packed = packing.compress(b'{"version": "4.3.1"}') + packing.flush()
    with listening(answering(http("200 OK", packed, "Content-Encoding: deflate"))) as port:
        assert get(port.url).body["version"] == "4.3.1"


def test_gzip_in_several_members_is_decompressed() -> None:
    packed = gzip.compress(b'{"version":') + gzip.compress(b'"4.3.1"}')
    with listening(answering(http("200 OK", packed, "Content-Encoding: gzip"))) as port:
        assert get(port.url).body["version"] == "4.3.1"


def test_a_truncated_compressed_response_is_dropped() -> None:
    packed = gzip.compress(b'{"version": "4.3.1"}')[:-9]
    with listening(answering(http("200 OK", packed, "Content-Encoding: gzip"))) as port:
        assert refused(port.url).reason == "dropped"


def test_an_unrequested_encoding_is_named() -> None:
    with listening(answering(http("200 OK", b"x", "Content-Encoding: br"))) as port:
        failure = refused(port.url)
    assert (failure.reason, failure.detail) == ("dropped", 'it is encoded as "br", which was not requested')


def test_an_html_page_is_kept_as_text() -> None:
    with listening(answering(http("200 OK", b"<html>\n  welcome</html>", "Content-Type: text/html"))) as port:
        answer = get(port.url)
    assert (answer.is_json, answer.content_type) == (False, "text/html")
    assert answer.text == "<html>\n  welcome</html>"


def test_redirects_are_not_followed(fake: FakeCluster) -> None:
    with listening(answering(http("302 Found", b"", f"Location: {fake.urls[0]}/"))) as port:
        assert get(port.url).status == 302
    assert fake.requests == []


def test_a_redirect_to_an_invalid_url_is_an_ordinary_response() -> None:
    with listening(answering(http("302 Found", b"moved", "Location: http://["))) as port:
        answer = get(port.url)
    assert (answer.status, answer.text) == (302, "moved")


@pytest.mark.parametrize("status", ["200 OK", "301 Moved Permanently"])
def test_a_body_that_cannot_be_decompressed_is_dropped(status: str) -> None:
    good = bytes(20000)
    # A valid block, then one of a type that does not exist.
    body = b"\x78\x01\x00" + struct.pack("<HH", len(good), len(good) ^ 0xFFFF) + good + b"\x07" * 30000
    raw = http(status, body, "Location: http://127.0.0.1/", "Content-Encoding: deflate")
    with listening(answering(raw)) as port:
        failure = refused(port.url)
    assert (failure.reason, failure.sent) == ("dropped", True)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [("7", 7.0), ("0", 0.0), ("9999", 60.0), ("Wed, 21 Oct 2026 07:28:00 GMT", None), ("-1", None), ("²", None)],
)
def test_retry_after_is_parsed(header: str, seconds: float | None) -> None:
    answer = b"HTTP/1.1 503 Busy\r\nContent-Length: 0\r\nRetry-After: %b\r\n\r\n" % header.encode("latin-1")
    with listening(answering(answer)) as port:
        assert get(port.url).retry_after == seconds


def test_a_message_is_that_of_connect_or_the_start_of_the_body() -> None:
    assert Answer(500, {"error_code": 500, "message": "no"}, is_json=True).message == "no"
    assert Answer(500, {"error_code": 500, "message": "no"}, is_json=True).error_code == 500
    assert Answer(500, {"error_code": "x"}, is_json=True).error_code == 0
    assert Answer(500, [], is_json=True).message == ""
    assert len(Answer(500, None, is_json=False, text="x" * 999).message) == 200
    assert Answer(500, None, is_json=False, text="<p>").message == "a web page"
    page = Answer(404, None, is_json=False, text="<html><title>Not\n here</title>")
    assert page.message == 'a web page titled "Not here"'


# Workers that hang


def test_a_herder_request_may_take_long_while_the_worker_responds(fake: FakeCluster) -> None:
    url = fake.urls[0]
    fake.script(matching("GET", "/connectors/n"), [faults.hold(1.5)])
    asking = Transport(connection(url, read_timeout=0.2))
    answer = asking.exchange(url, "GET", "/connectors/n", waits_for_herder=True)
    assert answer.status == 404
    assert len([request for request in fake.requests if request.path == "/"]) >= 2, "it was probed meanwhile"


def test_a_worker_that_stops_responding_ends_the_request_before_its_limit(fake: FakeCluster) -> None:
    url = fake.urls[0]
    asking = Transport(connection(url, read_timeout=0.3, request_timeout=60.0))
    fake.workers[0].freeze()
    began = time.monotonic()
    with pytest.raises(NoAnswerError) as caught:
        asking.exchange(url, "PUT", "/connectors/n/config", body={}, waits_for_herder=True)
    fake.workers[0].thaw()
    assert (caught.value.reason, caught.value.sent) == ("hung", True)
    assert time.monotonic() - began < 10


def test_a_worker_that_dies_during_a_request_drops_it(fake: FakeCluster) -> None:
    url = fake.urls[0]
    asking = Transport(connection(url, read_timeout=0.3, request_timeout=60.0))
    fake.script(matching("PUT"), [faults.hold(20.0)])
    threading.Timer(0.1, fake.workers[0].kill).start()
    with pytest.raises(NoAnswerError) as caught:
        asking.exchange(url, "PUT", "/connectors/n/config", body={}, waits_for_herder=True)
    assert caught.value.reason in ("dropped", "hung")
    assert caught.value.sent


# What the user gave


@pytest.mark.parametrize(
    "url",
    ["", "connect:8083", "ftp://h:1", "http://", "http://h:port", "http://h:0", "http://h:99999", "http//h:8083"],
)
def test_an_invalid_url_is_reported(url: str) -> None:
    with pytest.raises(InputError, match="is not the REST URL of a worker: give it as http://HOST:PORT"):
        Transport(connection(url))


def test_a_missing_url_is_reported_with_its_option_and_variable() -> None:
    with pytest.raises(InputError, match=r"url is missing.*KAFKA_CONNECT_URL"):
        Transport(Connection(()))


@pytest.mark.parametrize("url", ["http://admin:s3cret@h:8083", "http://admin:s3cret@h:no", "http://:s3cret@h:8083"])
def test_a_password_in_a_url_is_rejected_and_not_shown(url: str) -> None:
    with pytest.raises(InputError) as caught:
        Transport(connection(url))
    assert "s3cret" not in caught.value.message
    assert '"h:' in caught.value.message


def test_a_query_in_a_url_is_rejected() -> None:
    with pytest.raises(InputError, match='"http://h:8083/p" has a query or fragment'):
        Transport(connection("http://h:8083/p?key=s3cret"))


def test_a_key_without_a_certificate_is_rejected() -> None:
    with pytest.raises(InputError, match="client_key is set without client_cert"):
        Transport(connection("http://h:8083", client_key="x"))


@pytest.mark.parametrize(
    "given",
    [
        {"token": "s3cret\n"},
        {"token": " s3cret"},
        {"token": "s3cret–dash"},
        {"headers": (("X-Key", "s3cret\r\nX-Other: 1"),)},
        {"headers": (("X-Key", "s3cret\x00"),)},
        {"http_agent": "s3cret\nx"},
    ],
    ids=["newline", "space", "unicode", "injection", "null", "agent"],
)
def test_an_invalid_header_value_is_rejected_and_not_shown(given: dict[str, Any]) -> None:
    """A token read from a file ends with a line break more often than not."""
    with pytest.raises(InputError) as caught:
        Transport(connection("http://h:8083", **given))
    assert "s3cret" not in caught.value.message
    assert "HTTP cannot transport" in caught.value.message


def test_a_header_with_an_invalid_name_is_rejected() -> None:
    with pytest.raises(InputError, match='"X Key" is not the name of an HTTP header'):
        Transport(connection("http://h:8083", headers=(("X Key", "v"),)))


def test_all_errors_of_the_connection_are_reported_together() -> None:
    with pytest.raises(InputError) as caught:
        Transport(Connection(("nonsense", "http://u@h:1"), token="x\n", client_key="k"))
    assert len(caught.value.problems) == 4


def test_a_missing_requests_library_is_reported_with_the_fix(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "HAS_REQUESTS", False)
    with pytest.raises(InputError, match="pip install requests"):
        Transport(connection("http://h:8083"))


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("http://w1:8083", "w1:8083"),
        ("https://w1/prefix", "w1:443"),
        ("http://w1", "w1:80"),
        ("http://[::1]:8083", "::1:8083"),
    ],
)
def test_the_address_of_a_worker_matches_its_statuses(url: str, address: str) -> None:
    assert worker_address(url) == address
