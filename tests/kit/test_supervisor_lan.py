"""The local certificate as a phone meets it: verified by a real TLS client, constrained, renewed in time."""

import socket
import ssl
import stat
import sys
import threading
import urllib.error
import urllib.request
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from ipaddress import IPv4Address
from pathlib import Path

import pytest
from cryptography import x509

from server.kit.supervisor.addresses import host_names
from server.kit.supervisor.certificates import LocalCertificate, fingerprint, local_certificate
from server.kit.supervisor.console import beside
from server.kit.supervisor.lan import Lan, serve_help

NOW = datetime.now(UTC)
NAMES = ["localhost", "office", "office.local"]
ADDRESS = IPv4Address("192.168.3.7")


def make(folder: Path, addresses: tuple[IPv4Address, ...] = (ADDRESS,), now: datetime = NOW) -> LocalCertificate:
    return local_certificate(folder, NAMES, addresses, now)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.mark.parametrize("name", ["localhost", "127.0.0.1"])
def test_a_client_that_trusts_the_authority_trusts_the_server(tmp_path: Path, name: str) -> None:
    made = make(tmp_path / "tls")
    server = HTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    ours = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    ours.load_cert_chain(made.chain, made.key)
    server.socket = ours.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    theirs = ssl.create_default_context(cafile=made.authority)
    theirs.verify_flags |= ssl.VERIFY_X509_STRICT
    with (
        socket.create_connection(("127.0.0.1", server.server_port), 5) as raw,
        theirs.wrap_socket(raw, server_hostname=name) as connection,
    ):
        assert connection.version() == "TLSv1.3"
    with pytest.raises(ssl.SSLError), socket.create_connection(("127.0.0.1", server.server_port), 5) as raw:
        ssl.create_default_context().wrap_socket(raw, server_hostname=name)
    server.shutdown()


def test_keys_are_private_and_the_life_is_what_phones_accept(tmp_path: Path) -> None:
    made = make(tmp_path / "tls")
    for key in (made.key, tmp_path / "tls" / "ca.key"):
        assert stat.S_IMODE(key.stat().st_mode) == 0o600
    server = x509.load_pem_x509_certificates(made.chain.read_bytes())[0]
    assert server.not_valid_after_utc - server.not_valid_before_utc <= timedelta(days=398)


@pytest.mark.parametrize("called", ["云溪县督查室的电脑与备用服务器（二楼机房）", "张's Mac", "-", ""])
def test_a_machine_with_a_name_that_is_no_host_name_gets_a_certificate(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, called: str
) -> None:
    monkeypatch.setattr(socket, "gethostname", lambda: called)
    assert host_names() == ["localhost"]
    made = local_certificate(tmp_path / "tls", host_names(), (ADDRESS,), NOW)
    server = x509.load_pem_x509_certificates(made.chain.read_bytes())[0]
    names = server.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.IPAddress)[0] == ADDRESS


def test_the_authority_cannot_speak_for_public_names(tmp_path: Path) -> None:
    authority = x509.load_pem_x509_certificate(make(tmp_path / "tls").authority.read_bytes())
    constraints = authority.extensions.get_extension_for_class(x509.NameConstraints)
    assert constraints.critical
    permitted = constraints.value.permitted_subtrees or []
    assert all(
        part.value.is_private
        for part in permitted
        if isinstance(part, x509.IPAddress) and "100.64" not in str(part.value)
    )
    names = {part.value for part in permitted if isinstance(part, x509.DNSName)}
    assert names == {"localhost", "local", "lan", "home.arpa", "office", "office.local"}


def test_phones_keep_their_trust_when_the_address_changes(tmp_path: Path) -> None:
    first = make(tmp_path / "tls")
    assert first.fresh_authority
    authority, server = first.authority.read_bytes(), first.chain.read_bytes()
    again = make(tmp_path / "tls")
    assert not again.fresh_authority
    assert again.chain.read_bytes() == server, "nothing is renewed without need"
    moved = make(tmp_path / "tls", (IPv4Address("10.1.2.3"),))
    assert (moved.fresh_authority, moved.authority.read_bytes()) == (False, authority)
    assert moved.chain.read_bytes() != server


def test_renews_the_server_before_its_end_and_the_authority_before_its_own(tmp_path: Path) -> None:
    first = make(tmp_path / "tls")
    server = first.chain.read_bytes()
    soon = make(tmp_path / "tls", now=NOW + timedelta(days=380))
    assert not soon.fresh_authority
    assert soon.chain.read_bytes() != server
    assert make(tmp_path / "tls", now=NOW + timedelta(days=3400)).fresh_authority


def test_a_public_address_needs_an_authority_that_permits_it(tmp_path: Path) -> None:
    make(tmp_path / "tls")
    public = (IPv4Address("8.8.4.4"),)
    assert make(tmp_path / "tls", public).fresh_authority
    assert not make(tmp_path / "tls", public).fresh_authority


def test_the_help_page_hands_out_the_certificate_and_nothing_else(tmp_path: Path) -> None:
    port = free_port()
    lan = Lan(f"https://{ADDRESS}:8600", f"http://127.0.0.1:{port}", make(tmp_path / "tls"))
    server = serve_help(lan, port)
    bare = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with bare.open(f"{lan.help_url}/", timeout=5) as page:
            text = page.read().decode()
        assert f'href="https://{ADDRESS}:8600/m/"' in text
        assert fingerprint(lan.certificate.authority) in text
        assert all(
            words in text
            for words in (
                "证书信任设置",
                "Certificate Trust Settings",
                "CA 证书",
                "CA certificate",
                "始终信任",
                "Always Trust",
            )
        )
        with bare.open(f"{lan.help_url}/ca.crt", timeout=5) as answer:
            assert answer.headers["Content-Type"] == "application/x-x509-ca-cert"
            assert ssl.DER_cert_to_PEM_cert(answer.read()) == lan.certificate.authority.read_text()
        for path in ("/ca.key", "/server.key", "/../ca.key", "/api/session"):
            with pytest.raises(urllib.error.HTTPError, match="404"):
                bare.open(f"{lan.help_url}{path}", timeout=5)
    finally:
        server.shutdown()
        server.server_close()


def test_codes_fit_a_narrow_terminal() -> None:
    lines = beside(("① 首次", "http://192.168.100.200:8601"), ("②", "https://192.168.100.200:8600/m/")).splitlines()
    assert max(map(len, lines)) <= 80
    assert len({len(line) for line in lines[1:]}) == 1
    assert len(lines) <= 18


def test_codes_are_dark_on_light_whatever_the_colours_of_the_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """A scanner that reads no inverted codes must read them on a light terminal too."""
    plain = beside(
        ("①", "http://10.0.0.1:8601"),
    ).splitlines()
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    coloured = beside(
        ("①", "http://10.0.0.1:8601"),
    ).splitlines()
    white_on_black = "\033[38;5;231;48;5;16m"
    assert coloured[1:] == [f"{white_on_black}{line}\033[0m" for line in plain[1:]]
    assert coloured[0] == plain[0]
