"""What may be a push endpoint: a public address, or nothing."""

from __future__ import annotations

import pytest

from server.push.errors import BadSubscriptionKey, EndpointRefused
from server.push.rules import check_keys, checked_endpoint, is_public
from server.push.transport import PushTransport
from tests.push.endpoint import Browser, b64u


@pytest.mark.parametrize(
    "endpoint",
    [
        "https://updates.push.services.mozilla.com/wpush/v2/gAAAA",
        "https://fcm.googleapis.com/fcm/send/abc:def",
        "https://web.push.apple.com/QGuQ",
        "https://push.example.org:8443/x?token=1",
        "https://1.1.1.1/push",
    ],
)
def test_push_services_are_accepted(endpoint: str) -> None:
    assert checked_endpoint(endpoint, local=False).geturl() == endpoint


@pytest.mark.parametrize(
    "endpoint",
    [
        "http://fcm.googleapis.com/fcm/send/abc",
        "https://localhost/x",
        "https://postgres/x",
        "https://minio.internal/x",
        "https://printer.local./x",
        "https://127.0.0.1/x",
        "http://127.0.0.1:5432/",
        "https://10.0.0.8/x",
        "https://192.168.1.1/x",
        "https://172.20.0.2/x",
        "https://169.254.169.254/latest/meta-data/",
        "https://100.64.0.1/x",
        "https://0.0.0.0/x",
        "https://[::1]/x",
        "https://[::ffff:10.0.0.8]/x",
        "https://[64:ff9b::a00:8]/x",
        "https://[2002:a00:8::]/x",
        "https://[fd00::1]/x",
        "https://[fe80::1]/x",
        "https://user:word@push.example.org/x",
        "https://push.example.org:99999/x",
        "https://push.example.org/x\r\nHost: evil",
        "file:///etc/passwd",
        "ftp://push.example.org/x",
        "//push.example.org/x",
        "push.example.org",
        "https://",
        "https://[half",
    ],
)
def test_our_own_network_is_refused(endpoint: str) -> None:
    with pytest.raises(EndpointRefused):
        checked_endpoint(endpoint, local=False)


def test_only_loopback_is_local() -> None:
    assert checked_endpoint("http://127.0.0.1:9/x", local=True).port == 9
    for endpoint in ("http://10.0.0.8/x", "http://localhost/x", "http://example.org/x"):
        with pytest.raises(EndpointRefused):
            checked_endpoint(endpoint, local=True)


def test_a_public_name_that_leads_inside_is_not_connected_to(monkeypatch: pytest.MonkeyPatch) -> None:
    def resolve(host: str, port: int, **_: object) -> list[tuple[object, ...]]:
        return [(2, 1, 6, "", ("1.1.1.1", port)), (2, 1, 6, "", ("10.0.0.8", port))]

    def connect(*_: object) -> None:
        raise AssertionError("must not connect")

    monkeypatch.setattr("socket.getaddrinfo", resolve)
    monkeypatch.setattr("socket.create_connection", connect)
    with pytest.raises(EndpointRefused):
        PushTransport().post("https://rebound.example.org/x", data=b"", headers={}, timeout=1)


def test_addresses_wrapped_in_others_are_unwrapped() -> None:
    assert is_public("2606:4700:4700::1111")
    assert is_public("::ffff:1.1.1.1")
    assert not is_public("::ffff:192.168.0.1")
    assert not is_public("224.0.0.1")
    for wrapped in ("::7f00:1", "::ffff:0:127.0.0.1", "64:ff9b:1::a00:1", "64:ff9b::a00:1", "fec0::1"):
        assert not is_public(wrapped), wrapped


def test_keys_are_those_of_a_browser() -> None:
    browser = Browser("one")
    check_keys(b64u(browser.point), b64u(browser.auth))
    for p256dh, auth in (
        (b64u(b"\x04" + bytes(64)), b64u(browser.auth)),
        (b64u(browser.point[:64]), b64u(browser.auth)),
        (b64u(browser.point), b64u(b"short")),
        ("!!", b64u(browser.auth)),
    ):
        with pytest.raises(BadSubscriptionKey):
            check_keys(p256dh, auth)
