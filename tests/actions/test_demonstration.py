"""The demonstration year: the same every time, adding up to what its pages are meant to show."""

import datetime
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction
from django.db.models import F, Q, Sum
from stdnum.cn import uscc

from tracker.actions.checking import breaches
from tracker.actions.demonstration import USERNAMES, load, renew_passwords
from tracker.actions.demonstration.loading import HEADQUARTERS
from tracker.actions.milestones import refuse_own
from tracker.actions.refusal import Refused
from tracker.choices import (
    LAND_LINE,
    MAIN_LINE,
    CreditRole,
    MilestoneKind,
    Provenance,
    RankGroup,
    Role,
    State,
    VerificationStatus,
)
from tracker.models import (
    Campaign,
    CompletedInvestment,
    Credit,
    Enterprise,
    Evidence,
    Exclusion,
    IndustryChain,
    Milestone,
    PlannedStep,
    Pledge,
    Project,
    Target,
    Team,
    User,
)
from tracker.progress import progress
from tracker.progress.completed import Side, cross_check
from tracker.progress.month_ends import states_on
from tracker.progress.results import Progress

TODAY = datetime.date(2023, 9, 15)

pytestmark = pytest.mark.django_db

# 亿元 landed on 15 September, team by team.
LANDED = {
    "新能源": "96.50",
    "高端装备": "38.60",
    "新材料": "33.10",
    "电子信息": "25.90",
    "大健康": "20.40",
    "农业": "17.70",
    "文旅体": "13.90",
    "服务业": "11.60",
    "建筑地产": "11.20",
    "教育科技": "5.10",
    "会城": "13.40",
    "圭峰": "11.60",
    "崖门": "11.10",
    "司前": "9.20",
    "古井": "9.10",
    "双水": "7.50",
    "大泽": "5.80",
    "睦洲": "4.40",
    "三江": "4.20",
    "沙堆": "3.50",
    "罗坑": "3.10",
    "大鳌": "1.50",
    "工业园区": "14.60",
    "驻深圳": "8.60",
    "驻上海": "3.40",
    "海外": "1.40",
}


def make() -> Campaign:
    load(settings.BASE_DIR / "fixtures", states_on)
    return Campaign.objects.get()


def facts() -> list[tuple[Any, ...]]:
    """Everything that a project says, without the keys that a database gives."""
    rows = Project.objects.order_by("code", "milestones__kind").values_list(
        "code",
        "name",
        "enterprise__uscc",
        "investment_wan",
        "state",
        "created_at",
        "milestones__kind",
        "milestones__happened_on",
        "milestones__status",
        "milestones__recognised_wan",
        "milestones__decided_at",
        "milestones__verified_by__username",
    )
    shares = Credit.objects.order_by("project__code", "team__code")
    return [*rows, *shares.values_list("project__code", "team__code", "role", "share")]


def wipe() -> None:
    """Everything but the list of reasons, which comes with the migrations; undone by a rollback."""
    unguarded = {
        "sqlite": [f"DROP TRIGGER audit_event_no_{deed}" for deed in ("update", "delete")],
        "postgresql": ["SET LOCAL session_replication_role = replica"],
    }
    with connection.cursor() as cursor:
        for statement in unguarded[connection.vendor]:
            cursor.execute(statement)
    for model in apps.get_app_config("tracker").get_models(include_auto_created=True):
        if model is not Exclusion:
            model._base_manager.all()._raw_delete("default")
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL session_replication_role = DEFAULT")


@pytest.fixture(scope="module")
def campaign(django_db_setup: None, django_db_blocker: Any) -> Iterator[Campaign]:
    """Loaded once for the module, in a transaction that ends in nothing."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield make()
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def result(campaign: Campaign) -> Progress:
    return progress(campaign, TODAY)


def in_yi(wan: Decimal) -> str:
    return f"{wan / 10000:.2f}"


def test_the_district_stands_where_the_pictures_show_it(result: Progress) -> None:
    headline = result.district.headline

    assert headline is not None
    assert headline.completion is not None
    assert (in_yi(result.district.landed.recognised), in_yi(result.district.landed.pending)) == (
        "386.40",
        "18.60",
    )
    assert in_yi(result.district.signed.recognised) == "524.80"
    assert (round(headline.completion * 100, 1), round(result.pace * 100, 1)) == (
        Decimal("77.3"),
        Decimal("70.7"),
    )
    assert headline.state == State.ON_TRACK


def test_one_project_is_over_ten_billion_and_three_are_over_five(result: Progress) -> None:
    over = {figure.code: figure.actual for figure in result.district.figures if "over" in figure.code}

    assert over == {"projects-over-10b": Decimal(1), "projects-over-5b": Decimal(3)}


def test_the_offices_reported_until_the_end_of_august(result: Progress) -> None:
    reported = {
        figure.code: (figure.judged_on, figure.actual, figure.reading.yoy_percent)
        for figure in result.district.figures
        if figure.reading is not None
    }

    assert reported == {
        "industrial-investment": (datetime.date(2023, 8, 31), Decimal(2_013_000), Decimal("11.2")),
        "gdp": (datetime.date(2023, 6, 30), Decimal(4_682_000), Decimal("6.1")),
    }


def test_every_team_has_its_figure(result: Progress) -> None:
    landed = {
        holder.short_name: in_yi(holder.landed.recognised)
        for holder in result.teams
        if holder.team is not None and not holder.team.is_service
    }

    assert landed == LANDED


def test_fifteen_teams_are_ahead_and_eleven_behind(result: Progress) -> None:
    states = Counter(
        holder.headline.state
        for holder in result.teams
        if holder.headline is not None and holder.headline.is_money
    )

    assert states == {State.DONE: 1, State.ON_TRACK: 14, State.BEHIND: 2, State.CRITICAL: 9}


def test_issued_tasks_of_different_sizes_add_up_to_the_districts(result: Progress) -> None:
    sums = {
        group: sum(holder.headline.value or 0 for holder in result.group(group) if holder.headline)
        for group in (RankGroup.CHAIN, RankGroup.TOWN, RankGroup.PARK_AND_AWAY)
    }

    assert sums == {
        RankGroup.CHAIN: 3_320_000,
        RankGroup.TOWN: 1_100_000,
        RankGroup.PARK_AND_AWAY: 580_000,
    }
    assert not Target.objects.filter(is_draft=True).exists()
    assert set(Target.objects.filter(pledge__team__isnull=False).values_list("issued_on", flat=True)) == {
        datetime.date(2023, 3, 20)
    }


@pytest.mark.parametrize(
    "day", [datetime.date(2023, 3, 31), datetime.date(2023, 6, 30), TODAY, datetime.date(2023, 12, 31)]
)
def test_teams_brigades_and_district_agree_on_every_day(campaign: Campaign, day: datetime.date) -> None:
    result = progress(campaign, day)

    for basis in MAIN_LINE:
        of_teams = sum(holder.layer(basis).recognised for holder in result.teams)
        of_brigades = sum(holder.layer(basis).recognised for holder in result.brigades)
        assert of_teams == of_brigades == result.district.layer(basis).recognised


def test_no_invariant_is_broken(campaign: Campaign) -> None:
    assert list(breaches()) == []


def test_about_160_projects_of_every_chain_and_every_team(campaign: Campaign) -> None:
    leads = set(Credit.objects.filter(role=CreditRole.LEAD).values_list("team__short_name", flat=True))
    states = Counter(Project.objects.values_list("state", flat=True))

    assert Project.objects.count() == 167
    assert leads == set(LANDED)
    assert not IndustryChain.objects.filter(projects__isnull=True).exists()
    assert states == {"active": 158, "lost": 4, "terminated": 1, "stalled": 2, "delayed": 2}
    assert Credit.objects.filter(team__kind="service", share=0).count() == 5


def test_every_step_of_a_project_occurs(campaign: Campaign) -> None:
    kinds = set(Milestone.objects.values_list("kind", flat=True))

    assert kinds == set(MilestoneKind.values)
    assert set(LAND_LINE) < kinds


def test_seven_wait_for_recognition_and_three_were_returned(campaign: Campaign) -> None:
    pending = Milestone.objects.filter(status=VerificationStatus.PENDING)
    returned = Milestone.objects.filter(status=VerificationStatus.RETURNED).exclude(reason="")
    oldest = pending.order_by("submitted_at").values_list("submitted_at__date", flat=True).first()

    assert Counter(pending.values_list("kind", flat=True)) == {
        "landed": 3,
        "signed": 2,
        "started": 1,
        "producing": 1,
    }
    assert oldest == datetime.date(2023, 9, 9)
    assert returned.count() == 3


def test_one_that_waits_was_logged_by_headquarters_itself(campaign: Campaign) -> None:
    headquarters, second = (User.objects.get(username=name) for name in ("zhihuibu", "zhihuibu2"))
    own = Milestone.objects.get(status=VerificationStatus.PENDING, submitted_by=headquarters)

    with pytest.raises(Refused, match="须由指挥部另一人认定"):
        refuse_own(own, headquarters)
    refuse_own(own, second)


def test_planned_steps_are_due_and_overdue(campaign: Campaign) -> None:
    overdue = PlannedStep.objects.filter(planned_on__lte=TODAY)
    soon = PlannedStep.objects.filter(planned_on__gt=TODAY, planned_on__lte=datetime.date(2023, 9, 29))

    assert sorted((TODAY - step.planned_on).days for step in overdue) == [7, 14, 16, 23]
    assert list(soon.order_by("planned_on").values_list("project__name", flat=True)) == [
        "锂电隔膜二期",
        "滨海文旅综合体",
        "食品冷链园",
    ]


def test_some_of_what_was_declared_is_cut_or_not_counted(campaign: Campaign) -> None:
    cut = Milestone.objects.filter(kind="landed", recognised_wan__lt=F("project__investment_wan"))
    left_out = Milestone.objects.filter(counted=False)

    assert dict(cut.values_list("project__name", "recognised_wan")) == {
        "锂电隔膜二期": 200_000,
        "水上运动训练基地": 30_000,
    }
    assert set(left_out.values_list("project__name", flat=True)) == {
        "湖畔商住综合开发项目",
        "区域结算中心项目",
    }
    assert not cut.filter(reason="").exists()
    assert not left_out.filter(reason="").exists()


def test_projects_signed_last_year_land_in_this_one(campaign: Campaign) -> None:
    earlier = Project.objects.filter(
        milestones__kind="signed", milestones__happened_on__lt=campaign.starts_on
    ).values("pk")
    landed = Milestone.objects.filter(kind="landed", counted=True, project__in=earlier)

    assert landed.aggregate(sum=Sum("recognised_wan"))["sum"] == 312_000


def test_secret_and_showable_projects_are_told_apart(campaign: Campaign) -> None:
    confidential = Project.objects.filter(is_confidential=True)

    assert sorted(confidential.values_list("public_name", flat=True)) == [
        "某新型显示模组项目",
        "某海洋能源服务项目",
        "某资源循环利用项目",
    ]
    assert not confidential.filter(is_on_wall=True).exists()
    assert Project.objects.filter(is_on_wall=True).count() == 18


def test_everything_invented_says_so_and_codes_have_true_check_digits(campaign: Campaign) -> None:
    codes = Enterprise.objects.exclude(uscc="").values_list("uscc", flat=True)

    assert set(Project.objects.values_list("provenance", flat=True)) == {Provenance.DEMO}
    assert set(Enterprise.objects.values_list("provenance", flat=True)) == {Provenance.DEMO}
    assert campaign.is_demo
    assert len(codes) == len(set(codes)) > 80
    assert all(uscc.is_valid(code) and "DEM" in code for code in codes)


def test_history_tells_the_year_in_its_order(campaign: Campaign) -> None:
    project = Project.objects.get(name="储能电芯及结构件基地")
    told = [
        (f"{row.history_date:%m-%d}", row.kind, row.status, str(row.history_user))
        for row in Milestone.history.filter(project_id=project.pk).order_by("history_date")
    ]
    last = datetime.datetime(2023, 9, 16, tzinfo=datetime.UTC)

    logged, papers = [("03-18", "signed", "pending", "陈立")] * 2
    assert told[:3] == [logged, papers, ("03-20", "signed", "verified", "王珂")]
    assert told[-2:] == [("09-14", "landed", "pending", "陈立"), ("09-15", "landed", "verified", "梁敏")]
    for model in (Project, Milestone, Evidence, Credit, PlannedStep, Enterprise, Target, Team, Campaign):
        assert not model.history.filter(history_date__gte=last).exists()


def test_most_steps_have_their_papers_and_some_lack_them(campaign: Campaign) -> None:
    steps = Milestone.objects.count()
    proven = Milestone.objects.filter(evidence__isnull=False).distinct().count()

    assert 0.8 < proven / steps < 0.95
    assert Evidence.objects.values("sha256").distinct().count() == 1
    assert Evidence.objects.filter(name="投资协议扫描件（演示）.pdf", milestone__kind="signed").exists()


def test_a_correction_was_recognised_anew(campaign: Campaign) -> None:
    project = Project.objects.get(name="跨境电商产业园")
    amounts = list(project.history.order_by("history_date").values_list("investment_wan", flat=True))
    landed = project.milestones.get(kind="landed")

    assert amounts == [23_000, 18_000]
    assert landed.recognised_wan == 18_000
    assert landed.history.filter(status="verified").count() == 2


def test_each_role_has_an_account_and_headquarters_two(campaign: Campaign) -> None:
    slips = renew_passwords()
    again = renew_passwords()

    roles = Counter(slip.user.groups.get().name for slip in slips)
    assert roles == {role: 2 if role == Role.HEADQUARTERS else 1 for role in Role}
    assert tuple(slip.user.username for slip in slips) == USERNAMES
    assert all(slip.user.check_password(slip.password) for slip in again)
    assert not {slip.password for slip in slips} & {slip.password for slip in again}
    assert not any(slip.user.must_change_password for slip in again)


def test_nobody_recognised_their_own(campaign: Campaign) -> None:
    own = Milestone.objects.filter(verified_by__isnull=False).filter(
        Q(verified_by=F("entered_by")) | Q(verified_by=F("submitted_by")) | Q(verified_by=F("edited_by"))
    )
    recognised = Milestone.objects.filter(status="verified").values_list("verified_by__username", flat=True)

    assert not own.exists()
    assert set(recognised) == {HEADQUARTERS, "zhihuibu2"}


def test_two_loads_give_the_same_projects(campaign: Campaign) -> None:
    first = facts()
    with transaction.atomic():
        wipe()
        make()
        second = facts()
        transaction.set_rollback(True)

    assert second == first


def test_who_builds_reports_it_month_by_month(campaign: Campaign) -> None:
    months = Counter(CompletedInvestment.objects.values_list("project__name", flat=True))

    check = cross_check(campaign, TODAY)

    assert len(months) == 32
    assert (min(months.values()), max(months.values())) == (3, 9)
    assert check.month == datetime.date(2023, 8, 31)
    assert (check.enrolled, check.unenrolled) == (Side(4, 59_810, 0), Side(28, 254_040, 3))
    assert not CompletedInvestment.objects.filter(total_wan__gt=F("project__investment_wan")).exists()


def test_an_account_stands_behind_two_teams_and_their_pledges_say_that_it_is_invented(
    campaign: Campaign,
) -> None:
    led = Pledge.objects.filter(leaders=User.objects.get(username="zhidu").name)

    assert sorted(led.values_list("team__code", flat=True)) == ["chain-culture-tourism", "chain-health"]
    assert all("演示数据" in pledge.note for pledge in led)


def test_a_second_call_loads_nothing_and_gives_new_passwords(
    campaign: Campaign, capsys: pytest.CaptureFixture[str]
) -> None:
    before = Project.history.count()

    call_command("demo")

    told = capsys.readouterr().out
    assert "演示数据已有，未作改动" in told
    assert [line.split()[:3] for line in told.splitlines()[-6:]] == [
        ["zhidu", "何静文", "只读"],
        ["lianluo", "李晓彤", "联络员"],
        ["duizhang", "陈立", "队长"],
        ["zhihuibu", "梁敏", "指挥部"],
        ["zhihuibu2", "王珂", "指挥部"],
        ["guanli", "许志远", "系统管理员"],
    ]
    assert Project.history.count() == before
