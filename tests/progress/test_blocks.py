"""What holds a project up: each rule with its day before, its day and what ends it."""

from typing import Any

import pytest

from tests.factories import (
    CampaignFactory,
    DepartmentFactory,
    DirectiveFactory,
    ElementFactory,
    MilestoneFactory,
    OwnershipFactory,
    PlannedStepFactory,
    ServiceRequestFactory,
    TeamFactory,
    day,
    make_project,
    moment,
)
from tracker.models import Campaign, Project, Team
from tracker.progress.blocks import Block, blocks

pytestmark = pytest.mark.django_db


@pytest.fixture
def campaign() -> Campaign:
    made: Campaign = CampaignFactory(is_current=True)
    return made


@pytest.fixture
def team(campaign: Campaign) -> Team:
    made: Team = TeamFactory(brigade__campaign=campaign, short_name="甲队", name="甲分队")
    return made


@pytest.fixture
def project(team: Team) -> Project:
    return make_project(team, 30_000, signed="3-1")


def found(project: Project, campaign: Campaign, on: str = "9-15") -> list[Block]:
    return blocks(project, campaign, day(on))


def test_nothing_is_the_matter(project: Project, campaign: Campaign) -> None:
    assert found(project, campaign) == []


@pytest.mark.parametrize(("on", "days"), [("9-10", None), ("9-11", 1), ("9-15", 5)])
def test_a_promised_element_is_late_after_its_day(
    project: Project, campaign: Campaign, on: str, days: int | None
) -> None:
    office = DepartmentFactory(name="供电局")
    ElementFactory(
        project=project, kind="energy", status="promised", promised_on=day("9-10"), department=office
    )

    late = found(project, campaign, on)

    assert [block.days for block in late] == ([] if days is None else [days])
    if late:
        [block] = late
        assert (block.what, block.office, block.is_overdue) == ("用能", "供电局", True)
        assert block.fact == "承诺9月10日到位"
        assert (block.by - day(on)).days == 7


def test_an_element_that_nobody_promised_waits_since_it_was_asked_for(
    project: Project, campaign: Campaign
) -> None:
    ElementFactory(project=project, kind="land", needed_since=day("9-1"), note="缺指标")

    [block] = found(project, campaign)

    assert (block.days, block.is_overdue, block.fact) == (14, False, "9月1日提出，还没有单位承诺；缺指标")
    assert found(project, campaign, "8-31") == []


def test_a_given_element_ends_it_from_its_day(project: Project, campaign: Campaign) -> None:
    ElementFactory(
        project=project, status="given", promised_on=day("9-1"), given_on=day("9-10"), needed_since=day("8-1")
    )

    assert found(project, campaign, "9-10") == []
    assert len(found(project, campaign, "9-9")) == 1


def test_a_directive_is_late_after_its_day_until_it_is_closed(
    project: Project, campaign: Campaign, team: Team
) -> None:
    facts: dict[str, Any] = dict(team=team, project=project, issued_on=day("9-1"), due_on=day("9-8"))
    DirectiveFactory(subject="办施工许可", **facts)
    DirectiveFactory(status="closed", closed_on=day("9-12"), **facts)
    DirectiveFactory(status="withdrawn", reason="重复", **facts)
    DirectiveFactory(team=team, issued_on=day("9-1"), due_on=day("9-8"))

    assert found(project, campaign, "9-8") == []
    assert len(found(project, campaign, "9-9")) == 2
    [block] = found(project, campaign)
    assert (block.what, block.days, block.office) == ("办施工许可", 7, "甲分队")


def test_an_open_request_counts_from_its_day(project: Project, campaign: Campaign, team: Team) -> None:
    facts: dict[str, Any] = dict(campaign=campaign, project=project, enterprise=project.enterprise)
    asked = ServiceRequestFactory(raised_at=moment("9-1 23:30"), **facts)
    OwnershipFactory(request=asked, team=team)
    ServiceRequestFactory(
        raised_at=moment("9-2 09:00"), status="resolved", answer="已答", answered_at=moment("9-2 10:00"),
        resolution="已办", resolved_at=moment("9-10 10:00"), **facts,
    )  # fmt: skip

    [block] = found(project, campaign)

    assert (block.what, block.days, block.office, block.advice) == ("用能诉求", 14, "甲分队", "答复企业")
    assert [each.advice for each in found(project, campaign, "9-9")] == ["答复企业", "办结"]
    assert found(project, campaign, "8-31") == []


def test_a_planned_step_and_one_sent_back(project: Project, campaign: Campaign) -> None:
    PlannedStepFactory(project=project, kind="started", planned_on=day("9-5"))
    MilestoneFactory(
        project=project,
        kind="landed",
        happened_on=day("8-1"),
        status="returned",
        reason="缺用地批文",
        decided_at=moment("9-12 10:00"),
    )

    late, returned = found(project, campaign)

    assert (late.what, late.days, late.office) == ("开工", 10, "甲队")
    assert (returned.what, returned.days, returned.is_overdue) == ("落地认定", 3, False)
    assert returned.fact == "9月12日退回：缺用地批文"


@pytest.mark.parametrize("number", [1, 3])
def test_the_number_of_queries_is_flat(
    project: Project, campaign: Campaign, team: Team, number: int, django_assert_num_queries: Any
) -> None:
    for kind in ("land", "energy", "water")[:number]:
        ElementFactory(project=project, kind=kind, department=DepartmentFactory())
        DirectiveFactory(team=team, project=project, issued_on=day("9-1"), due_on=day("9-8"))
        OwnershipFactory(request=ServiceRequestFactory(campaign=campaign, project=project), team=team)

    with django_assert_num_queries(7):
        assert len(blocks(project, campaign, day("9-15"))) == 3 * number
