"""Who is in the demonstration, and that it is the same every time it is loaded."""

from collections import Counter
from typing import Any

import pytest
from django.core.management import call_command
from django.db import transaction
from django.db.models import F, Q

from tracker.actions.demonstration import USERNAMES, renew_passwords
from tracker.actions.demonstration.loading import HEADQUARTERS
from tracker.choices import (
    Role,
)
from tracker.models import (
    Campaign,
    Credit,
    Milestone,
    Pledge,
    Project,
    User,
)

from .year import make, wipe

pytestmark = pytest.mark.django_db


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
