"""Which campaign the pages open with."""

from django.db import transaction

from tracker.models import Campaign, User

from .recording import save


def make_current(campaign: Campaign, *, by: User | None) -> None:
    """Mark a campaign as 当前 and take the mark from the one that has it."""
    with transaction.atomic():
        for held in Campaign.objects.select_for_update().filter(is_current=True).exclude(pk=campaign.pk):
            held.is_current = False
            save(held, by, f"{campaign.year}年度设为当前")
        if not campaign.is_current:
            campaign.is_current = True
            save(campaign, by, "设为当前年度")
