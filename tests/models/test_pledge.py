import pytest

from tests.factories import BrigadeFactory, CampaignFactory, PledgeFactory, TeamFactory, day
from tests.models.refusals import assert_refused, assert_unclean
from tracker.models import Pledge

pytestmark = pytest.mark.django_db


def test_pledge_one_holder() -> None:
    team = TeamFactory()

    row = Pledge(campaign=team.campaign, team=team, brigade=team.brigade)

    assert_refused(row, "pledge_one_holder", "军令状只能属于全区、一个大队或一支队伍。")


def test_pledge_one_district() -> None:
    first = PledgeFactory()

    assert_refused(Pledge(campaign=first.campaign), "pledge_one_district", "本年度已有全区的军令状。")


def test_pledge_signed_has_day() -> None:
    row = Pledge(campaign=CampaignFactory(), status="signed")

    assert_refused(row, "pledge_signed_has_day", "已签订的军令状须填签订日。")


@pytest.mark.parametrize("field", ["signed_on", "flag_awarded_on"])
def test_pledge_days_bounded(field: str) -> None:
    row = Pledge(campaign=CampaignFactory(), **{field: day("1999-12-31")})

    assert_refused(row, "pledge_days_bounded", "日期应在 2000 年至 2099 年之间。")


def test_a_holder_of_another_campaign_is_refused() -> None:
    row = Pledge(campaign=CampaignFactory(), team=TeamFactory())

    assert_unclean(row, "campaign", "立状单位不属于这个招商年度。")


def test_a_pledge_is_named_after_its_holder() -> None:
    brigade = BrigadeFactory(name="潭江招商大队")
    team = TeamFactory(brigade=brigade, name="大泽镇招商小分队")

    assert str(PledgeFactory(campaign=brigade.campaign)) == "新会区军令状"
    assert str(PledgeFactory(brigade=brigade)) == "潭江招商大队军令状"
    assert str(PledgeFactory(team=team)) == "大泽镇招商小分队军令状"
