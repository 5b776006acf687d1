import datetime
from decimal import Decimal

import pytest

from tests.factories import CampaignFactory, PledgeFactory, TargetFactory, TeamFactory, UserFactory
from tracker.actions.allocation import (
    NewValue,
    Share,
    change_values,
    difference,
    issue,
    refuse_difference,
    spread_over,
)
from tracker.actions.refusal import Refused
from tracker.choices import PledgeStatus, Provenance
from tracker.models import Target

TODAY = datetime.date(2023, 3, 20)


def share(key: int, weight: str = "1", wan: int | None = None, *, locked: bool = False) -> Share:
    return Share(key, Decimal(weight), wan, locked)


def test_equal_weights_leave_the_odd_wan_to_the_first_lines() -> None:
    assert spread_over(100, [share(1), share(2), share(3)]) == {1: 34, 2: 33, 3: 33}


def test_the_district_target_splits_over_26_teams_to_the_wan() -> None:
    parts = spread_over(5_000_000, [share(key) for key in range(26)])

    assert sum(parts.values()) == 5_000_000
    assert sorted(set(parts.values())) == [192_307, 192_308]
    assert [key for key, wan in parts.items() if wan == 192_308] == list(range(18))


def test_the_largest_remainder_gets_the_odd_wan() -> None:
    # 10 × 1/6 = 1.67, 10 × 2/6 = 3.33, 10 × 3/6 = 5: the wan over goes to the first.
    assert spread_over(10, [share(1, "1"), share(2, "2"), share(3, "3")]) == {1: 2, 2: 3, 3: 5}


def test_remainders_that_tie_favour_the_earlier_line() -> None:
    # 2 × 1/4 = 0.5 twice, 2 × 2/4 = 1.
    assert spread_over(2, [share(1, "1"), share(2, "1"), share(3, "2")]) == {1: 1, 2: 0, 3: 1}


def test_locked_lines_keep_theirs_and_the_rest_is_spread() -> None:
    parts = spread_over(1000, [share(1, wan=400, locked=True), share(2, "1"), share(3, "2")])

    assert parts == {2: 200, 3: 400}


def test_a_locked_line_without_a_value_counts_for_nothing() -> None:
    assert spread_over(10, [share(1, locked=True), share(2)]) == {2: 10}


def test_a_weight_of_nought_gets_nothing() -> None:
    assert spread_over(10, [share(1, "0"), share(2, "0.5")]) == {1: 0, 2: 10}


@pytest.mark.parametrize(
    ("total", "shares", "words"),
    [
        (10, [share(1, wan=10, locked=True)], "都锁定了"),
        (10, [share(1, "0"), share(2, "0")], "权重都是 0"),
        (10_000, [share(1, wan=25_000, locked=True), share(2)], "多 1.50 亿元"),
        (10, [], "都锁定了"),
    ],
)
def test_what_cannot_be_spread_is_refused(total: int, shares: list[Share], words: str) -> None:
    with pytest.raises(Refused, match=words):
        spread_over(total, shares)


def test_nothing_is_left_to_spread_when_the_locked_have_it_all() -> None:
    assert spread_over(10, [share(1, wan=10, locked=True), share(2)]) == {2: 0}


def test_the_difference_counts_undecided_values_as_nothing() -> None:
    assert difference(Decimal(1000), [Decimal(400), None, Decimal(500)]) == -100


@pytest.mark.parametrize(("wan", "acknowledged"), [(-100, None), (-100, 100), (250, 200)])
def test_a_difference_must_be_known_by_its_amount(wan: int, acknowledged: int | None) -> None:
    campaign = CampaignFactory.build()

    with pytest.raises(Refused) as refusal:
        refuse_difference(campaign, wan, acknowledged)

    assert refusal.value.field == "difference"


def test_no_difference_or_a_known_one_passes() -> None:
    campaign = CampaignFactory.build()

    refuse_difference(campaign, 0, None)
    refuse_difference(campaign, -100, -100)


def draft(value: int | None = 100, **facts: object) -> Target:
    status = facts.pop("status", PledgeStatus.SIGNED)
    pledge = PledgeFactory(team=TeamFactory(), status=status, signed_on=datetime.date(2023, 2, 15))
    decided = None if value is None else Decimal(value)
    target: Target = TargetFactory(
        pledge=pledge,
        value=decided,
        is_draft=True,
        provenance=Provenance.PLACEHOLDER,
        note="均分，非任务数",
        **facts,
    )
    return target


@pytest.mark.django_db
def test_a_changed_draft_keeps_its_placeholder_mark_with_who_changed_it() -> None:
    target, user = draft(), UserFactory()

    number = change_values({target.pk: NewValue(Decimal(100), Decimal(150))}, by=user)

    target.refresh_from_db()
    latest = target.history.first()
    assert number == 1
    assert (target.value, target.provenance, target.note) == (Decimal(150), "placeholder", "草案，尚未下达")
    assert (latest.history_user, latest.prev_record.value) == (user, Decimal(100))


@pytest.mark.django_db
def test_a_value_left_alone_is_not_written() -> None:
    target = draft()

    number = change_values({target.pk: NewValue(Decimal(100), Decimal("100.00"))}, by=UserFactory())

    assert number == 0
    assert target.history.count() == 1


@pytest.mark.django_db
def test_a_value_that_somebody_else_changed_is_refused_and_says_what_it_is_now() -> None:
    target, user = draft(30_000), UserFactory()
    before = NewValue(Decimal(20_000), Decimal(40_000))

    with pytest.raises(Refused, match=r"现在是 3\.00 亿元") as refusal:
        change_values({target.pk: before}, by=user)

    assert refusal.value.field == f"t{target.pk}"


@pytest.mark.django_db
def test_an_issued_value_changes_with_a_reason_alone_and_is_never_cleared() -> None:
    target, user = TargetFactory(value=Decimal(100)), UserFactory()
    wanted = {target.pk: NewValue(Decimal(100), Decimal(200))}

    with pytest.raises(Refused, match="改数要写明原因"):
        change_values(wanted, by=user)
    with pytest.raises(Refused, match="不能清空"):
        change_values({target.pk: NewValue(Decimal(100), None)}, by=user, reason="撤销")
    change_values(wanted, by=user, reason="区委调整")

    target.refresh_from_db()
    assert target.value == 200
    assert target.history.first().history_change_reason == "区委调整"


@pytest.mark.django_db
def test_issuing_makes_the_confirmed_value_everybodys() -> None:
    target, user = draft(), UserFactory()

    number = issue([target.pk], by=user, on=TODAY)

    target.refresh_from_db()
    assert number == 1
    assert (target.is_draft, target.issued_on, target.provenance, target.note) == (
        False,
        TODAY,
        "entered",
        "",
    )
    assert target.history.first().history_user == user
    assert target.pledge.status == PledgeStatus.SIGNED


@pytest.mark.django_db
def test_issuing_moves_a_pledge_that_was_being_drafted() -> None:
    target = draft(status=PledgeStatus.DRAFT)

    issue([target.pk], by=UserFactory(), on=TODAY)

    target.pledge.refresh_from_db()
    assert target.pledge.status == PledgeStatus.ISSUED
    assert target.pledge.history.first().status == PledgeStatus.ISSUED


@pytest.mark.django_db
def test_one_undecided_target_keeps_all_from_being_issued() -> None:
    decided, undecided = draft(), draft(None)

    with pytest.raises(Refused, match="还没有任务数"):
        issue([decided.pk, undecided.pk], by=UserFactory(), on=TODAY)

    assert Target.objects.filter(is_draft=True).count() == 2


@pytest.mark.django_db
def test_what_is_issued_already_is_not_issued_again() -> None:
    target = TargetFactory(issued_on=datetime.date(2023, 1, 5))

    assert issue([target.pk], by=UserFactory(), on=TODAY) == 0

    target.refresh_from_db()
    assert target.issued_on == datetime.date(2023, 1, 5)
