"""The projects of the demonstration: every kind, every step, every paper."""

import datetime
from collections import Counter

import pytest
from django.db.models import F, Sum
from stdnum.cn import uscc

from tracker.actions.milestones import refuse_own
from tracker.actions.refusal import Refused
from tracker.choices import (
    LAND_LINE,
    CreditRole,
    MilestoneKind,
    Provenance,
    VerificationStatus,
)
from tracker.models import (
    Campaign,
    CompletedInvestment,
    Credit,
    Enterprise,
    Evidence,
    IndustryChain,
    Milestone,
    PlannedStep,
    Project,
    Target,
    Team,
    User,
)
from tracker.progress.completed import Side, cross_check

from .year import LANDED, TODAY

pytestmark = pytest.mark.django_db


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


def test_who_builds_reports_it_month_by_month(campaign: Campaign) -> None:
    months = Counter(CompletedInvestment.objects.values_list("project__name", flat=True))

    check = cross_check(campaign, TODAY)

    assert len(months) == 32
    assert (min(months.values()), max(months.values())) == (3, 9)
    assert check.month == datetime.date(2023, 8, 31)
    assert (check.enrolled, check.unenrolled) == (Side(4, 59_810, 0), Side(28, 254_040, 3))
    assert not CompletedInvestment.objects.filter(total_wan__gt=F("project__investment_wan")).exists()
