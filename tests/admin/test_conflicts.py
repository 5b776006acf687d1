"""Two people at the same row of the back office: the second is told, and sees both versions."""

from typing import Any

import pytest

from tests import factories
from tests.people import client_of
from tracker.actions.recording import save
from tracker.choices import Role
from tracker.models import Exclusion

from .pages import filled

pytestmark = pytest.mark.django_db

ROWS: dict[str, tuple[Any, str]] = {
    "enterprise": (factories.EnterpriseFactory, "origin"),
    "brigade": (factories.BrigadeFactory, "name"),
    "place": (factories.PlaceFactory, "name"),
    "industrychain": (factories.IndustryChainFactory, "name"),
    "policy": (factories.PolicyFactory, "name"),
    "exclusion": (lambda: Exclusion.objects.create(name="旧理由"), "name"),
}


@pytest.mark.parametrize("model", ROWS)
def test_the_second_of_two_editors_is_told(model: str) -> None:
    make, field = ROWS[model]
    row, client = make(), client_of(Role.HEADQUARTERS)
    address = f"/admin/tracker/{model}/{row.pk}/change/"
    opened = filled(client, address)
    setattr(row, field, "甲的改动")
    save(row, None)

    told = client.post(address, opened | {field: "乙的改动"})
    row.refresh_from_db()
    kept = getattr(row, field)
    again = client.post(address, opened | {field: "乙的改动", "seen": told.context["seen"]})

    row.refresh_from_db()
    assert "别人改过这一条" in told.content.decode()
    assert "现在是：甲的改动" in told.content.decode()
    assert kept == "甲的改动"
    assert (again.status_code, getattr(row, field)) == (302, "乙的改动")


@pytest.mark.parametrize(
    ("row", "change", "typed", "told"),
    [
        (lambda: factories.PlaceFactory(provenance="press"), {"provenance": "division"}, "press", "公开区划"),
        (
            lambda: factories.TeamFactory(place=factories.PlaceFactory(name="会城")),
            {"place": lambda: factories.PlaceFactory(name="双水")},
            "",
            "双水",
        ),
    ],
)
def test_what_stands_is_told_in_words(row: Any, change: dict[str, Any], typed: str, told: str) -> None:
    """No code of a choice and no number of a row."""
    held, client = row(), client_of(Role.HEADQUARTERS, Role.ADMINISTRATOR)
    address = f"/admin/tracker/{held._meta.model_name}/{held.pk}/change/"
    opened = filled(client, address)
    for name, value in change.items():
        setattr(held, name, value() if callable(value) else value)
    save(held, None)

    page = client.post(address, opened | dict.fromkeys(change, typed) | {"note": "改"}).content.decode()

    assert f"现在是：{told}" in page


@pytest.mark.parametrize("seen", [None, "", "x"])
def test_who_does_not_say_what_they_saw_is_told_too(seen: str | None) -> None:
    row, client = factories.EnterpriseFactory(origin="深圳"), client_of(Role.HEADQUARTERS)
    address = f"/admin/tracker/enterprise/{row.pk}/change/"
    sent = filled(client, address) | {"origin": "广州", "seen": seen}

    told = client.post(address, {name: value for name, value in sent.items() if value is not None})

    row.refresh_from_db()
    assert "现在是：深圳" in told.content.decode()
    assert row.origin == "深圳"
