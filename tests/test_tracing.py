"""编号: one for each request, wherever an answer comes from, and in every line of the log."""

import logging
import re
import sys
from typing import Any

import pytest
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from tests.people import client_of
from tests.views.years import make_year
from tracker.choices import Role
from tracker.tracing import NumberedFormatter, TracingMiddleware, new_number, trace

NUMBER = re.compile(r"[2-9A-HJ-NP-Z]{8}")


def number_on(response: Any) -> str:
    """The number of the answer, which its page must show too."""
    number: str = response.headers["X-Request-ID"]
    assert NUMBER.fullmatch(number)
    assert f'编号 <b class="n">{number}</b>' in response.content.decode()
    return number


def test_numbers_differ_and_can_be_read_out() -> None:
    numbers = {new_number() for _ in range(1000)}

    assert len(numbers) == 1000
    assert all(NUMBER.fullmatch(number) for number in numbers)


@pytest.mark.django_db
class TestPages:
    def test_what_is_not_there(self) -> None:
        make_year()

        response = client_of(Role.READER).get("/nowhere/")

        assert response.status_code == 404
        number_on(response)

    def test_what_is_refused(self) -> None:
        make_year()

        response = client_of(Role.READER).get("/verify/")

        assert response.status_code == 403
        number_on(response)

    def test_an_address_that_means_harm(self, client: Client) -> None:
        response = client.get("/projects/%00/")

        assert response.status_code == 400
        number_on(response)

    def test_a_host_that_is_not_ours(self, client: Client) -> None:
        response = client.get("/login/", headers={"host": "elsewhere.example"})

        assert response.status_code == 400
        number_on(response)

    def test_a_form_from_elsewhere(self) -> None:
        client = Client(enforce_csrf_checks=True)

        response = client.post("/login/", {"username": "a", "password": "b"})

        assert response.status_code == 403
        assert "页面开得太久" in response.content.decode()
        number_on(response)

    def test_two_requests_have_two(self, client: Client) -> None:
        first, second = client.get("/login/"), client.get("/login/")

        assert first.headers["X-Request-ID"] != second.headers["X-Request-ID"]

    def test_nobody_chooses_a_number(self, client: Client) -> None:
        response = client.get("/login/", headers={"X-Request-ID": "AAAAAAAA"})

        assert response.headers["X-Request-ID"] != "AAAAAAAA"


def test_the_page_of_an_error_needs_no_database(caplog: pytest.LogCaptureFixture) -> None:
    """Without the mark any query fails, as with a database that is gone."""
    client = Client(raise_request_exception=False)
    client.cookies[settings.SESSION_COOKIE_NAME] = "a" * 32

    response = client.get("/")

    page = response.content.decode()
    assert response.status_code == 500
    assert "这一页没有打开" in page
    assert "Traceback" not in page
    assert "RuntimeError" not in page
    errors = [record for record in caplog.records if record.levelno >= logging.ERROR]
    assert len(errors) == 1
    assert number_on(response) in _line(errors[0])


def test_where_a_request_comes_from_is_known_all_the_way_in() -> None:
    seen: list[Any] = []

    def answer(request: HttpRequest) -> HttpResponse:
        seen.append(trace())
        return HttpResponse()

    request = RequestFactory().get("/", headers={"user-agent": "火狐" * 300}, REMOTE_ADDR="::ffff:10.1.2.3")

    TracingMiddleware(answer)(request)

    assert (seen[0].address, len(seen[0].agent)) == ("10.1.2.3", 255)


def test_a_traceback_is_logged_for_errors_alone() -> None:
    assert "ZeroDivisionError" in _line(_record(logging.ERROR))
    assert "\n" not in _line(_record(logging.WARNING))


def _record(level: int) -> logging.LogRecord:
    try:
        _ = 1 / 0
    except ZeroDivisionError:
        return logging.LogRecord("x", level, "", 0, "what went wrong", None, sys.exc_info())
    raise AssertionError


def _line(record: logging.LogRecord) -> str:
    logging_: Any = settings.LOGGING
    layout = logging_["formatters"]["line"]["format"]
    return NumberedFormatter(layout).format(record)
