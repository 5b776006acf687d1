import json

import pytest
import time_machine
from django.core.management import CommandError, call_command

from tests.factories import CampaignFactory, PledgeFactory, TargetFactory, TeamFactory, make_project
from tracker.models import Team

pytestmark = pytest.mark.django_db


@pytest.fixture
def team() -> Team:
    made: Team = TeamFactory(brigade__campaign__is_current=True, brigade__campaign__code="now")
    TargetFactory(pledge=PledgeFactory(campaign=made.campaign), comparator="gt")
    make_project(made, 1_234_567, landed="3-1")
    return made


def test_json_speaks_of_the_day_that_is_asked_for(team: Team, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("progress", "--as-of", "2023-02-28", "--format", "json")

    document = json.loads(capsys.readouterr().out)
    assert (document["campaign"], document["as_of"]) == ("now", "2023-02-28")
    assert document["pledges"][0]["targets"][0]["actual"] == "0"


@time_machine.travel("2023-03-01 00:30+08:00")
def test_left_out_the_day_is_today_in_the_campaigns_time_zone(
    team: Team, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("progress", "--format", "json")

    document = json.loads(capsys.readouterr().out)
    assert document["as_of"] == "2023-03-01"
    assert document["pledges"][0]["targets"][0]["actual"] == "1234567"


def test_another_campaign_may_be_named(team: Team, capsys: pytest.CaptureFixture[str]) -> None:
    CampaignFactory(code="other")

    call_command("progress", "--campaign", "other", "--format", "json")

    assert json.loads(capsys.readouterr().out)["campaign"] == "other"


def test_the_table_is_for_people(team: Team, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("progress", "--as-of", "2023-06-30")

    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "2023年新会区大招商 · 数据截至 2023-06-30 · 序时 49.6%"
    assert " ".join(lines[1].split()) == "立状单位 指标 任务 已认定 待认定 单位 完成率 序时 差 状态"
    row = "新会区 落地总投资 超 5,000,000 1,234,567 0 万元 24.7% 49.6% -24.9 严重滞后"
    assert " ".join(lines[2].split()) == row


def test_before_the_first_assessment_the_table_says_so(
    team: Team, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("progress", "--as-of", "2023-02-28")

    assert capsys.readouterr().out.splitlines()[0].endswith("（出征 · 尚未开评）")


def test_an_unknown_campaign_is_refused() -> None:
    with pytest.raises(CommandError, match="没有代码为“x”的招商年度") as refusal:
        call_command("progress", "--campaign", "x")
    assert refusal.value.returncode == 1


def test_without_a_current_campaign_there_is_a_way_out() -> None:
    with pytest.raises(CommandError, match="没有当前年度"):
        call_command("progress")
