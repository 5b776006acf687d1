"""Each invariant, broken past every form and constraint that would have refused it."""

from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from tests.factories import (
    BrigadeFactory,
    CampaignFactory,
    CreditFactory,
    EnterpriseFactory,
    MilestoneFactory,
    PlanPointFactory,
    PledgeFactory,
    ProjectFactory,
    TargetFactory,
    TeamFactory,
    day,
    make_project,
)
from tests.papers import pdf
from tracker.actions.checking import breaches
from tracker.actions.evidence import add_evidence, keep_file, remove_evidence
from tracker.models import Brigade, Credit, Enterprise, Milestone, PlanPoint, Pledge, Project, Team

pytestmark = pytest.mark.django_db


@pytest.fixture
def team() -> Team:
    made: Team = TeamFactory(brigade__campaign__code="now", name="一队")
    return made


def test_a_sound_database_says_so(team: Team, capsys: pytest.CaptureFixture[str]) -> None:
    make_project(team, 35_000, signed="2-1", landed="3-1")

    call_command("check_data")

    assert capsys.readouterr().out == "全部相符\n"


def test_a_breach_ends_with_one_and_a_line_for_each(team: Team, capsys: pytest.CaptureFixture[str]) -> None:
    make_project(team, 35_000, code="P1", landed="3-1")
    Credit.objects.update(share=60)
    Project.objects.update(content="坏\x0b字")

    with pytest.raises(SystemExit) as ended:
        call_command("check_data")

    assert ended.value.code == 1
    said = "全区 35000、各大队相加 21000、各队相加 21000（万元）"
    assert capsys.readouterr().out.splitlines() == [
        "项目 P1 在 now 的份额合计 60%、牵头队伍 1 支，应为 100%、1 支",
        f"项目 {Project.objects.get().pk} 的“项目内容”含有控制字符",
        f"now 截至 2023-12-31 的落地合计不等：{said}",
    ]


def test_shares_total_a_hundred_with_one_lead(team: Team) -> None:
    CreditFactory(project=ProjectFactory(code="P1"), team=team, role="partner", share=100)

    assert list(breaches()) == ["项目 P1 在 now 的份额合计 100%、牵头队伍 0 支，应为 100%、1 支"]


def test_a_project_has_a_lead() -> None:
    ProjectFactory(code="P1")

    assert list(breaches()) == ["项目 P1 没有牵头队伍"]


def test_a_team_and_its_brigade_are_of_one_campaign(team: Team) -> None:
    Team.objects.update(brigade=BrigadeFactory())

    assert list(breaches()) == ["队伍“一队”与它的大队不属同一个招商年度"]


@pytest.mark.parametrize("scope", ["team", "brigade"])
def test_a_pledge_and_its_holder_are_of_one_campaign(team: Team, scope: str) -> None:
    Brigade.objects.update(name="一队")
    PledgeFactory(**{scope: team if scope == "team" else team.brigade})
    Pledge.objects.update(campaign=CampaignFactory())

    assert list(breaches()) == ["“一队”的军令状与它不属同一个招商年度"]


def test_a_credit_and_its_team_are_of_one_campaign(team: Team) -> None:
    make_project(team, code="P1")
    Credit.objects.update(campaign=CampaignFactory())

    assert list(breaches()) == ["项目 P1 的队伍“一队”不属这份功劳的招商年度"]


def test_a_service_team_takes_part_at_nothing(team: Team) -> None:
    other = TeamFactory(brigade=team.brigade, kind="service", name="服务专班")
    make_project(team, code="P1", partners=[(other, "partner", 5)])

    assert list(breaches()) == ["项目 P1 的服务专班“服务专班”占 5%，应为 0%"]


def test_nothing_is_recognised_above_what_is_declared(team: Team) -> None:
    make_project(team, 100, code="P1", landed="3-1")
    Milestone.objects.update(recognised_wan=101)

    assert list(breaches()) == ["项目 P1 的落地认定额 101 万元高于申报额 100 万元"]


@pytest.mark.parametrize(
    ("values", "line"),
    [
        ((100, 99), "“新会区 · 落地总投资”的分月计划在 2023-06-30 低于前一个月"),
        ((100, 1001), "“新会区 · 落地总投资”的分月计划高于任务数"),
    ],
)
def test_a_plan_climbs_to_the_value_at_most(values: tuple[int, int], line: str) -> None:
    target = TargetFactory(value=Decimal(1000))
    for text, value in zip(("3-31", "6-30"), values, strict=True):
        PlanPointFactory(target=target, due_on=day(text), value=value)

    assert list(breaches()) == [line]


def test_a_plan_may_stand_still_and_end_at_the_value() -> None:
    target = TargetFactory(value=Decimal(1000))
    for text in ("3-31", "6-30"):
        PlanPoint.objects.create(target=target, due_on=day(text), value=1000)

    assert list(breaches()) == []


@pytest.mark.parametrize(("text", "sound"), [("两\n行", True), ("一\t格", True), ("坏\x1b字", False)])
def test_text_holds_no_control_characters(text: str, sound: bool) -> None:
    campaign: Any = CampaignFactory(note=text)

    said = [] if sound else [f"招商年度 {campaign.pk} 的“说明”含有控制字符"]
    assert list(breaches()) == said


def test_every_file_is_there_and_whole(team: Team, settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path
    step = MilestoneFactory(project=make_project(team, code="P1"), kind="landed")
    files = [keep_file(f"{name}.pdf", "pdf", BytesIO(pdf(name))) for name in ("在", "坏", "丢")]
    whole, damaged, lost = add_evidence(step, files, by=None)
    assert list(breaches()) == []

    damaged.path.write_bytes(b"%PDF")
    lost.path.unlink()
    remove_evidence(lost, by=None, reason="撤下的也要在")

    assert list(breaches()) == [
        "项目 P1 的落地材料“坏.pdf”：文件与上传时不符",
        "项目 P1 的落地材料“丢.pdf”：文件不在服务器上",
    ]
    assert whole.path.exists()


def test_nothing_hangs_on_a_merged_enterprise(team: Team) -> None:
    last = EnterpriseFactory(name="丙公司")
    middle = EnterpriseFactory(name="乙公司", merged_into=last)
    first = EnterpriseFactory(name="甲公司", merged_into=last)
    make_project(team, code="P1", enterprise=first)
    Enterprise.objects.filter(pk=first.pk).update(merged_into=middle)

    assert list(breaches()) == [
        "项目 P1 还挂在已并入别家的“甲公司”名下",
        "“甲公司”并入的企业又并入了别家，应直接指向最后那一家",
    ]
