"""要素保障 on its pages: a project's checklist, and what is open by 责任单位."""

import datetime
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from tests.factories import (
    BrigadeFactory,
    CampaignFactory,
    DepartmentFactory,
    ElementFactory,
    TeamFactory,
    day,
    make_project,
)
from tests.people import make_person, signed_in
from tests.views.exports.reading import csv_of
from tracker.choices import Role
from tracker.models import Element, Project, Team
from tracker.views.elements import PER_PAGE

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def today(settings: Settings) -> None:
    settings.FIXED_TODAY = datetime.date(2023, 9, 15)


@pytest.fixture
def team() -> Team:
    made: Team = TeamFactory(brigade=BrigadeFactory(campaign=CampaignFactory(is_current=True)))
    return made


@pytest.fixture
def project(team: Team) -> Project:
    return make_project(team, code="XH-1", name="储能基地")


@pytest.fixture
def clerk(team: Team) -> Client:
    return signed_in(make_person(Role.LIAISON, teams=(team,)))


ADDRESS = "/projects/XH-1/elements/"


def opened(client: Client) -> dict[str, Any]:
    context = client.get(ADDRESS).context
    sent = {"version": context["form"]["version"].value()}
    for line in context["lines"]:
        for name in line.fields:
            value = line[name].value()
            if value not in (None, ""):
                sent[line.add_prefix(name)] = str(value)
    return sent


def test_a_checklist_is_filled_in_at_once(project: Project, clerk: Client) -> None:
    office = DepartmentFactory(name="供电部门")
    data = {
        "land-status": "given", "land-given_on": "2023-09-01", "energy-status": "promised",
        "energy-promised_on": "2023-9-10", "energy-department": str(office.pk), "energy-note": "专线",
    }  # fmt: skip

    response = clerk.post(ADDRESS, opened(clerk) | data)

    assert response.headers["Location"] == "/projects/XH-1/#elements"
    text = clerk.get("/projects/XH-1/").content.decode()
    assert "过 5 天" in text
    assert "供电部门" in text
    assert "新增要素保障“用能”" in text
    assert Element.objects.get(kind="land").needed_since == day("9-15")


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"land-status": "promised"}, "用地已承诺，要填承诺到位日。"),
        ({"land-status": "given"}, "用地已到位，要填到位日。"),
        ({"land-note": "红线"}, "用地填了内容，要选进展"),
        ({"land-status": "needed", "land-needed_since": "昨天"}, "认不出日期"),
        ({"land-status": "needed", "land-department": "999999"}, "没有这个责任单位"),
        ({"land-status": "ready"}, "没有这种进展"),
    ],
)
def test_faults_are_told_and_nothing_typed_is_lost(
    project: Project, clerk: Client, data: dict[str, str], words: str
) -> None:
    response = clerk.post(ADDRESS, {"water-note": "管网", "water-status": "needed"} | data)

    assert response.status_code == 422
    assert words in response.content.decode()
    assert 'value="管网"' in response.content.decode()
    assert not Element.objects.exists()


def test_the_second_editor_is_told_sees_both_and_chooses(project: Project, clerk: Client) -> None:
    ElementFactory(project=project, note="原")
    second = opened(clerk)
    other = signed_in(make_person(Role.HEADQUARTERS))
    other.post(ADDRESS, opened(other) | {"land-note": "先存的"})

    told = clerk.post(ADDRESS, second | {"land-note": "后存的"})

    text = told.content.decode()
    assert told.status_code == 422
    assert "你打开以后，别人改过要素保障" in text
    assert "现在是：先存的。" in text
    assert 'value="后存的"' in text
    again = second | {"land-note": "后存的", "version": told.context["form"]["version"].value()}
    assert clerk.post(ADDRESS, again).status_code == 302
    assert Element.objects.get().note == "后存的"


def test_a_line_is_cleared(project: Project, clerk: Client) -> None:
    ElementFactory(project=project)

    clerk.post(ADDRESS, {"version": opened(clerk)["version"]})

    assert not Element.objects.exists()


def test_the_list_is_by_office_and_exports(project: Project, team: Team) -> None:
    one, two = DepartmentFactory(name="甲局", position=2), DepartmentFactory(name="乙局", position=1)
    ElementFactory(project=project, kind="land", department=one, status="promised", promised_on=day("9-10"))
    ElementFactory(project=project, kind="water", department=two)
    ElementFactory(project=project, kind="funds")
    ElementFactory(project=project, kind="labour", status="given", given_on=day("9-1"))
    client = signed_in(make_person(Role.READER))

    sheet = csv_of(client, "/elements/")

    assert sheet.column("责任单位") == ["乙局", "甲局", "还没定"]
    assert sheet.column("超期（天）") == ["", "5", ""]
    assert "1 项过了承诺日" in client.get("/elements/").content.decode()


def test_a_lost_project_waits_for_nothing(project: Project, team: Team) -> None:
    ElementFactory(project=project, note="增容")
    reader = signed_in(make_person(Role.READER))
    assert "增容" in reader.get("/elements/").content.decode()

    project.state, project.state_on, project.state_reason = "lost", day("9-10"), "去了外地"
    project.save()

    assert "增容" not in reader.get("/elements/").content.decode()
    assert "增容" in reader.get("/elements/?as_of=2023-09-09").content.decode()


def test_a_day_looked_back_at_has_what_was_waited_for_then(project: Project) -> None:
    given = {"status": "given", "promised_on": day("9-5"), "given_on": day("9-8")}
    ElementFactory(project=project, kind="energy", needed_since=day("9-1"), note="增容", **given)
    ElementFactory(project=project, kind="water", needed_since=day("9-10"), note="接管")
    reader = signed_in(make_person(Role.READER))

    then, now = csv_of(reader, "/elements/", as_of="2023-09-07"), csv_of(reader, "/elements/")

    assert [then.column(title) for title in ("要素", "进展", "超期（天）")] == [["用能"], ["已承诺"], ["2"]]
    assert now.column("要素") == ["用水"]
    page = reader.get("/elements/?as_of=2023-09-07").content.decode()
    assert "增容" in page
    assert "已到位" not in page


def test_the_list_has_pages_and_sums_up_all_of_them(project: Project, team: Team) -> None:
    late = {"status": "promised", "promised_on": day("9-14")}
    for number in range(PER_PAGE + 1):
        ElementFactory(project=make_project(team, name=f"项目{number}"), kind="land", **late)
    reader = signed_in(make_person(Role.READER))

    first, last = (reader.get(f"/elements/?page={number}") for number in ("1", "9"))

    assert (len(first.context["table"].paginated_rows), len(last.context["table"].paginated_rows)) == (30, 1)
    assert f"第 31–31 项，共 {PER_PAGE + 1} 项" in last.content.decode()
    assert f"{PER_PAGE + 1} 项过了承诺日" in last.content.decode()


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_asks_as_often_for_many_as_for_few(
    project: Project, clerk: Client, number: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for kind in ("land", "water", "funds")[:number]:
        ElementFactory(project=project, kind=kind, department=DepartmentFactory())
    clerk.get("/elements/")

    with django_assert_num_queries(6):
        clerk.get("/elements/")
