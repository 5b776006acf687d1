"""What every answer tells the browser, beside what Django and the CSP library say."""

from collections.abc import Callable
from http import HTTPStatus

from django.conf import settings
from django.http import HttpRequest, HttpResponse

# The wall fills its screen; nothing else of the machine is asked for.
_REFUSED = (
    "accelerometer", "autoplay", "camera", "display-capture", "geolocation", "gyroscope",
    "hid", "magnetometer", "microphone", "midi", "payment", "serial", "usb",
)  # fmt: skip
PERMISSIONS = ", ".join([*(f"{name}=()" for name in _REFUSED), "fullscreen=(self)"])


class HeadersMiddleware:
    """Stands outside of whatever may answer early: static files, refusals, redirects to https."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        # Nothing new to protect: a wall asks thousands of times a day, and is told so in a few words.
        if response.status_code != HTTPStatus.NOT_MODIFIED:
            response.headers.setdefault("Permissions-Policy", PERMISSIONS)
            response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        if not request.path.startswith(f"/{settings.STATIC_URL.lstrip('/')}"):
            _keep_nowhere(response)
        return response


def _keep_nowhere(response: HttpResponse) -> None:
    if "no-store" not in response.headers.get("Cache-Control", ""):
        response.headers["Cache-Control"] = "no-store"
