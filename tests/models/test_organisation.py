import pytest

from tests.factories import BrigadeFactory, CampaignFactory, MembershipFactory, TeamFactory
from tests.models.refusals import assert_refused, assert_unclean
from tracker.choices import RankGroup
from tracker.models import Brigade, Membership, Team

pytestmark = pytest.mark.django_db


def test_brigade_code_once() -> None:
    first = BrigadeFactory()

    row = Brigade(campaign=first.campaign, code=first.code, name="别的大队", kind="brigade")

    assert_refused(row, "brigade_code_once", "本年度已有这个代码。")


def test_brigade_name_once() -> None:
    first = BrigadeFactory()

    row = Brigade(campaign=first.campaign, code="other", name=first.name, kind="brigade")

    assert_refused(row, "brigade_name_once", "本年度已有这个名称。")


def test_team_code_once() -> None:
    first = TeamFactory()

    assert_refused(_beside(first, code=first.code), "team_code_once", "本年度已有这个代码。")


def test_team_name_once() -> None:
    first = TeamFactory()

    assert_refused(_beside(first, name=first.name), "team_name_once", "本年度已有这个队名。")


def test_team_short_name_once() -> None:
    first = TeamFactory()

    row = _beside(first, short_name=first.short_name)

    assert_refused(row, "team_short_name_once", "本年度已有这个简称。")


def test_another_year_may_use_the_same_names() -> None:
    first = TeamFactory()
    brigade = BrigadeFactory(campaign=CampaignFactory(year=2025))

    row = _beside(first, code=first.code, name=first.name, short_name=first.short_name)
    row.campaign, row.brigade = brigade.campaign, brigade

    row.full_clean()


def test_a_brigade_of_another_campaign_is_refused() -> None:
    row = _beside(TeamFactory())
    row.brigade = BrigadeFactory()

    assert_unclean(row, "brigade", "大队不属于这个招商年度。")


@pytest.mark.parametrize(
    ("kind", "group"),
    [
        ("chain", RankGroup.CHAIN),
        ("town", RankGroup.TOWN),
        ("park", RankGroup.PARK_AND_AWAY),
        ("away", RankGroup.PARK_AND_AWAY),
        ("service", RankGroup.SERVICE),
    ],
)
def test_parks_and_away_teams_are_compared_together(kind: str, group: RankGroup) -> None:
    assert TeamFactory.build(kind=kind).rank_group is group


def test_membership_once() -> None:
    first = MembershipFactory()

    assert_refused(Membership(user=first.user, team=first.team), "membership_once", "这个人已在这支队伍。")


def _beside(team: Team, **facts: str) -> Team:
    names = {"code": "other", "name": "别的分队", "short_name": "别的", "kind": "chain"}
    return Team(campaign=team.campaign, brigade=team.brigade, **{**names, **facts})
