"""Loads the demonstration into a campaign without projects, all or nothing."""

from pathlib import Path

from django.db import transaction

from tracker.actions.refusal import Refused
from tracker.models import Campaign, Project, User

from .organisation import appoint, mark
from .people import settle
from .playing import play
from .promises import issue_tasks, report_readings

HEADQUARTERS = "zhihuibu"


def load(directory: Path, campaign: Campaign) -> bool:
    """False, and nothing written, where the demonstration is there; Refused where real work is."""
    if Campaign.objects.filter(is_demo=True).exists():
        return False
    if Project.objects.exists():
        raise Refused("这个数据库已有项目，不装演示数据；请换一个空的数据库。")
    with transaction.atomic():
        mark(campaign)
        settle(directory, campaign)
        headquarters = User.objects.get(username=HEADQUARTERS)
        appoint(directory, campaign, headquarters)
        issue_tasks(directory, campaign, headquarters)
        report_readings(directory, campaign, headquarters)
        play(directory, campaign)
    return True
