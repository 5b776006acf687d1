"""What a request says of itself through proxies, and whom it is believed from."""

import ipaddress
from typing import Any

import pytest

from tracker.proxies import BehindProxies, client_address

PROXIES = [ipaddress.ip_network("10.0.0.5"), ipaddress.ip_network("192.168.0.0/16")]


def seen(**environ: str) -> dict[str, Any]:
    inner: dict[str, Any] = {}

    def application(given: dict[str, Any], start_response: Any) -> list[bytes]:
        inner.update(given)
        return []

    BehindProxies(application, PROXIES)({"wsgi.url_scheme": "http", **environ}, lambda *_: lambda _: None)
    return inner


def test_a_named_proxy_is_believed() -> None:
    request = seen(
        REMOTE_ADDR="10.0.0.5",
        HTTP_X_FORWARDED_FOR="1.1.1.1, 7.7.7.7, 192.168.3.4",
        HTTP_X_FORWARDED_PROTO="https",
    )

    assert request["REMOTE_ADDR"] == "7.7.7.7"
    assert request["wsgi.url_scheme"] == "https"


@pytest.mark.parametrize("address", ["10.0.0.6", "::1", "", "unix:"])
def test_a_stranger_is_not(address: str) -> None:
    request = seen(
        REMOTE_ADDR=address,
        HTTP_X_FORWARDED_FOR="1.1.1.1",
        HTTP_X_FORWARDED_PROTO="https",
        HTTP_X_FORWARDED_HOST="x",
    )

    assert request["REMOTE_ADDR"] == address
    assert request["wsgi.url_scheme"] == "http"
    assert not any("FORWARDED" in name for name in request)


def test_nonsense_from_a_proxy_changes_nothing() -> None:
    request = seen(REMOTE_ADDR="10.0.0.5", HTTP_X_FORWARDED_FOR=" , ", HTTP_X_FORWARDED_PROTO="gopher")

    assert request["REMOTE_ADDR"] == "10.0.0.5"
    assert request["wsgi.url_scheme"] == "http"


@pytest.mark.parametrize(
    ("given", "address"),
    [
        ("10.1.1.1", "10.1.1.1"),
        ("::ffff:10.1.1.1", "10.1.1.1"),
        ("FE80::0001%eth0", "fe80::1"),
        ("", None),
        ("unix:", None),
        ("10.1.1.1:80", None),
    ],
)
def test_an_address_is_written_in_one_way(given: str, address: str | None) -> None:
    assert client_address({"REMOTE_ADDR": given}) == address
