"""Who is asking, when a reverse proxy stands in front: believed from the named proxies alone."""

import ipaddress
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

Network = ipaddress.IPv4Network | ipaddress.IPv6Network

FORWARDED = ("HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_PROTO", "HTTP_X_FORWARDED_HOST")


def client_address(environ: Mapping[str, Any]) -> str | None:
    """The address that `BehindProxies` left, in the one way of writing it; None behind a socket file."""
    text = str(environ.get("REMOTE_ADDR", "")).partition("%")[0]
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return None
    return str(getattr(address, "ipv4_mapped", None) or address)


class BehindProxies:
    """Puts the client's own address and scheme where Django looks, and drops what strangers claim."""

    def __init__(self, application: WSGIApplication, proxies: Sequence[Network]) -> None:
        self.application = application
        self.proxies = proxies

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        claims = {name: str(environ.pop(name, "")) for name in FORWARDED}
        if self.trusts(environ.get("REMOTE_ADDR", "")):
            self.believe(environ, claims)
        return self.application(environ, start_response)

    def trusts(self, address: str) -> bool:
        try:
            return any(ipaddress.ip_address(address) in network for network in self.proxies)
        except ValueError:
            return False

    def believe(self, environ: dict[str, Any], claims: dict[str, str]) -> None:
        hops = [hop.strip() for hop in claims["HTTP_X_FORWARDED_FOR"].split(",") if hop.strip()]
        strangers = [hop for hop in hops if not self.trusts(hop)]
        if strangers:
            environ["REMOTE_ADDR"] = strangers[-1]
        scheme = claims["HTTP_X_FORWARDED_PROTO"].rpartition(",")[2].strip().lower()
        if scheme in ("http", "https"):
            environ["wsgi.url_scheme"] = scheme
