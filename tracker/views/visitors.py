"""From where and with what somebody asks."""

from django.http import HttpRequest

from tracker.actions.sign_ins import Visitor
from tracker.proxies import client_address


def address_of(request: HttpRequest) -> str | None:
    """The client's own address: what a trusted proxy says, and what nobody else claims."""
    return client_address(request.META)


def visitor_of(request: HttpRequest) -> Visitor:
    return Visitor(address_of(request), request.headers.get("User-Agent", "")[:255])
