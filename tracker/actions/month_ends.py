"""月末定格 and 约谈: states kept as they were known, and what headquarters makes of slow ones.

The states are handed in, already computed: nothing here counts, and nothing that is kept changes a figure.
"""

import datetime
from collections.abc import Sequence
from decimal import Decimal
from typing import Protocol

from django.db import transaction

from tracker.choices import TalkVerdict
from tracker.models import Campaign, MonthEnd, MonthEndState, Pledge, Talk, User
from tracker.models.campaign import month_ends

from .recording import record, save
from .refusal import Refused
from .rights import refuse_unless
from .versions import version_of

_SIX_PLACES = Decimal("0.000001")
_TWO_PLACES = Decimal("0.01")


class StateLike(Protocol):
    """One pledge as it stood, by its headline; ratios as they are, rounded to what is kept."""

    @property
    def pledge_id(self) -> int: ...
    @property
    def state(self) -> str: ...
    @property
    def actual(self) -> Decimal | None: ...
    @property
    def completion(self) -> Decimal | None: ...
    @property
    def gap(self) -> Decimal | None: ...
    @property
    def rank(self) -> int | None: ...


def keep_month_end(
    campaign: Campaign,
    ends_on: datetime.date,
    states: Sequence[StateLike],
    *,
    by: User | None,
    today: datetime.date,
) -> MonthEnd:
    """Keep a month that is over; `by` is None for the server's operator.

    Raises Refused for a day that ends no month of the campaign or is not over, and where somebody
    kept the month before.
    """
    if ends_on not in month_ends(campaign.starts_on, campaign.ends_on):
        raise Refused("这一天不是本年度的月末。")
    if ends_on >= today:
        raise Refused(f"{ends_on:%Y-%m} 还没过完，次月 1 日起才能定格。")
    with transaction.atomic():
        list(Campaign.objects.select_for_update().filter(pk=campaign.pk).values_list("pk"))
        _refuse_outsider(by)
        if MonthEnd.objects.filter(campaign=campaign, ends_on=ends_on).exists():
            raise Refused(f"{ends_on:%Y-%m} 已经定格，不再改动。")
        kept = MonthEnd(campaign=campaign, ends_on=ends_on, kept_by=by)
        save(kept, by, "月末定格")
        rows = MonthEndState.objects.bulk_create(_row(kept, state) for state in states)
        record(rows, by, "月末定格", created=True)
    return kept


def _row(kept: MonthEnd, state: StateLike) -> MonthEndState:
    return MonthEndState(
        month_end=kept,
        pledge_id=state.pledge_id,
        state=state.state,
        actual=_rounded(state.actual, _TWO_PLACES),
        completion=_rounded(state.completion, _SIX_PLACES),
        gap=_rounded(state.gap, _SIX_PLACES),
        rank=state.rank,
    )


def _rounded(value: Decimal | None, places: Decimal) -> Decimal | None:
    return value.quantize(places) if value is not None else None


def talk_version(pledge: Pledge, ends_on: datetime.date) -> str:
    """What a person saw of the decision when they opened it."""
    return version_of([Talk.history.filter(pledge_id=pledge.pk, ends_on=ends_on)])


def decide_talk(
    pledge: Pledge,
    ends_on: datetime.date,
    verdict: str,
    *,
    by: User,
    held_on: datetime.date | None = None,
    reason: str = "",
    version: str = "",
) -> Talk:
    """约谈, 暂缓 or 不约谈, by headquarters; a later word replaces an earlier one, which stays on record.

    Raises Refused (field `reason`) for not talking without a reason, and (field `version`) where
    somebody decided since `version` was read.
    """
    if verdict != TalkVerdict.HELD and not reason:
        raise Refused("暂缓、不约谈要写说明。", "reason")
    with transaction.atomic():
        list(Pledge.objects.select_for_update().filter(pk=pledge.pk).values_list("pk"))
        _refuse_outsider(by)
        talk = Talk.objects.filter(pledge=pledge, ends_on=ends_on).first()
        if version and version != talk_version(pledge, ends_on):
            words = f"{talk.get_verdict_display()}" if talk else "还没有决定"
            raise Refused(f"你打开以后，别人决定过，现在是：{words}。核对后再存一次。", "version")
        talk = talk or Talk(pledge=pledge, ends_on=ends_on)
        talk.verdict, talk.reason, talk.decided_by = verdict, reason, by
        talk.held_on = held_on if verdict == TalkVerdict.HELD else None
        save(talk, by, reason or "约谈决定")
    return talk


def _refuse_outsider(by: User | None) -> None:
    message = "月末定格和约谈由指挥部办理，你现在没有这项权限。"
    refuse_unless(lambda person: person.is_headquarters, by, message)
