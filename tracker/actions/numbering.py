"""Numbers within a campaign, and rows that one form makes once."""

from typing import Any

from django.db.models import Max, QuerySet

from tracker.models import Campaign, User


def hold_campaign(campaign: Campaign) -> None:
    """Lock the campaign's row: whoever makes something numbered waits for whoever does so already."""
    list(Campaign.objects.select_for_update().filter(pk=campaign.pk).values_list("pk"))


def next_number(rows: QuerySet[Any]) -> int:
    """One more than the greatest that was ever given among `rows`; callers hold the campaign."""
    newest: int | None = rows.aggregate(newest=Max("number"))["newest"]
    return (newest or 0) + 1


def made_before(rows: QuerySet[Any], form_key: str, field: str, by: User | None) -> Any | None:
    """The row that the same form of the same person made already."""
    return rows.filter(form_key=form_key, **{field: by}).first() if form_key else None


def free_key(rows: QuerySet[Any], form_key: str) -> str | None:
    """The form's key, unless somebody else's row has it: a key is drawn by lot, so that one was copied."""
    return None if not form_key or rows.filter(form_key=form_key).exists() else form_key
