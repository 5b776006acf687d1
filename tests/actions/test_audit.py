"""What is kept of a deed, and what of a text is not."""

import logging
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from tests.factories import UserFactory
from tracker.actions.audit import NO_NAME, note, note_refusal, typed_name
from tracker.choices import Deed
from tracker.models import AuditEvent
from tracker.tracing import TracingMiddleware

pytestmark = pytest.mark.django_db


def test_it_is_one_insert_with_the_request_that_it_came_by(django_assert_num_queries: Any) -> None:
    user = UserFactory()

    def answer(request: HttpRequest) -> HttpResponse:
        with django_assert_num_queries(1):
            note(Deed.PHONE, by=user, kind="项目", reference="XH2023-0001")
        return HttpResponse()

    request = RequestFactory().get("/", headers={"user-agent": "火狐"}, REMOTE_ADDR="10.1.2.3")
    response = TracingMiddleware(answer)(request)

    held = AuditEvent.objects.get()
    assert (held.user, held.get_action_display()) == (user, "看电话")
    assert (held.kind, held.reference, held.detail) == ("项目", "XH2023-0001", "")
    assert (held.address, held.agent) == ("10.1.2.3", "火狐")
    assert held.request_number == response.headers["X-Request-ID"]


@pytest.mark.parametrize("text", ["\x00\ud800\u202e", "长" * 100_000, "a\r\nb", "'; DROP TABLE x; --"])
def test_no_text_makes_it_fail(text: str) -> None:
    note(Deed.FAILED, name=text, kind=text, reference=text, detail=text)

    held = AuditEvent.objects.get()
    assert (len(held.name), len(held.detail)) <= (40, 500)
    assert "\n" not in held.detail


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("wang.li", "wang.li"),
        ("Boss", "Boss"),
        ("Xh-2023!secret", NO_NAME),
        ("我的密码", NO_NAME),
        ("", NO_NAME),
        ("a" * 100_000, NO_NAME),
    ],
)
def test_a_password_in_the_field_of_the_name_is_not_kept(typed: str, kept: str) -> None:
    UserFactory(username="Boss")

    assert typed_name(typed) == kept


@pytest.mark.django_db(transaction=True)
def test_a_refusal_stands_though_it_cannot_be_kept(caplog: pytest.LogCaptureFixture) -> None:
    """A row of a user who is not there is what no database keeps."""
    with caplog.at_level(logging.ERROR):
        note_refusal("GET", "/audit/", by=UserFactory.build(pk=999_999))

    assert AuditEvent.objects.count() == 0
    assert "A refusal was not kept: GET /audit/" in caplog.text
