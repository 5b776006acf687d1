"""编号: every request has one, in its answer, in the log, in the audit and on the page of an error."""

import logging
import re
import secrets
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse

from tracker.proxies import client_address

# Neither 0 and O nor 1 and I: somebody reads it out on the telephone.
_SIGNS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
LENGTH = 8
LONGEST_AGENT = 255
# Whoever reads the log must not be able to open a wall.
_TOKEN = re.compile(r"(/screen/enter/)[^/?#\s\"'<>]+")


@dataclass(frozen=True)
class Trace:
    """Which request this is, from where and with what; all empty outside of any request."""

    number: str = ""
    address: str | None = None
    agent: str = ""


_NONE = Trace()
_trace: ContextVar[Trace] = ContextVar("trace", default=_NONE)


def trace() -> Trace:
    """The request that is being answered."""
    return _trace.get()


def new_number() -> str:
    return "".join(secrets.choice(_SIGNS) for _ in range(LENGTH))


class TracingMiddleware:
    """The outermost: whatever answers, a redirect, a file or an error, carries the number."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        agent = request.headers.get("User-Agent", "")[:LONGEST_AGENT]
        number = new_number()
        # Not undone afterwards: what is still sent then logs under it, and the next request sets its own.
        _trace.set(Trace(number, client_address(request.META), agent))
        response = self.get_response(request)
        response.headers["X-Request-ID"] = number
        return response


class NumberedFormatter(logging.Formatter):
    """One line with the number; what went wrong inside follows for errors alone, and only here.

    A screen's token is in no line of it.
    """

    def format(self, record: logging.LogRecord) -> str:
        return _TOKEN.sub(r"\1…", self._whole(record))

    def _whole(self, record: logging.LogRecord) -> str:
        record.number = trace().number or "-"
        if record.levelno >= logging.ERROR:
            return super().format(record)
        held, record.exc_info, record.exc_text = record.exc_info, None, None
        try:
            return super().format(record)
        finally:
            record.exc_info = held
