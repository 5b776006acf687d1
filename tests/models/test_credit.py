import pytest

from tests.factories import CreditFactory, TeamFactory
from tests.models.refusals import assert_refused, assert_unclean
from tracker.models import Credit

pytestmark = pytest.mark.django_db


def test_credit_team_once() -> None:
    first = CreditFactory(share=70)

    row = Credit(project=first.project, campaign=first.campaign, team=first.team, role="partner", share=30)

    assert_refused(row, "credit_team_once", "这支队伍已在这个项目里。")


def test_credit_one_lead() -> None:
    first = CreditFactory(share=70)
    other = TeamFactory(brigade=first.team.brigade)

    row = Credit(project=first.project, campaign=first.campaign, team=other, role="lead", share=30)

    assert_refused(row, "credit_one_lead", "一个项目在一个年度只有一支牵头队伍。")


def test_another_campaign_has_its_own_lead() -> None:
    first = CreditFactory()

    CreditFactory(project=first.project).full_clean()


def test_credit_share_bounded() -> None:
    row = _unsaved(role="partner", share=101)

    assert_refused(row, "credit_share_bounded", "份额应在 0 至 100 之间。")


def test_credit_lead_has_share() -> None:
    assert_refused(_unsaved(role="lead", share=0), "credit_lead_has_share", "牵头队伍至少占 1%。")


def test_a_partner_may_take_part_at_nothing() -> None:
    _unsaved(role="partner", share=0).full_clean()


def test_a_team_of_another_campaign_is_refused() -> None:
    row = _unsaved(role="lead", share=100)
    row.team = TeamFactory()

    assert_unclean(row, "team", "队伍不属于这个招商年度。")


def test_a_service_team_takes_part_at_nothing_only() -> None:
    row = _unsaved(role="partner", share=1)
    row.team.kind = "service"

    assert_unclean(row, "share", "服务专班只能以 0% 参与。")


def _unsaved(**facts: object) -> Credit:
    first = CreditFactory(share=100)
    first.delete()
    return Credit(project=first.project, campaign=first.campaign, team=first.team, **facts)
