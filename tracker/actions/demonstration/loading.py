"""Loads the demonstration into a database without projects, all or nothing."""

from pathlib import Path

from django.db import transaction

from tracker.actions.accounts import taken
from tracker.actions.refusal import Refused
from tracker.actions.seeding import seed
from tracker.models import Campaign, Project, User

from . import tables
from .building import report_building
from .following import Keeper, StatesOn, follow, talk
from .organisation import appoint, mark
from .people import settle
from .playing import play
from .promises import issue_tasks, report_readings
from .serving import serve

CAMPAIGN = "xinhui-2023"
HEADQUARTERS = "zhihuibu"


def load(fixtures: Path, states_on: StatesOn) -> bool:
    """Seed where needed and load; False, and nothing written, where the demonstration is there.

    `states_on` gives how all pledges stand on a day, for the ends of months.

    Raises Refused for a database in which somebody works.
    """
    if Campaign.objects.filter(is_demo=True).exists():
        return False
    directory = fixtures / "demo"
    _refuse_real_work(directory)
    with transaction.atomic():
        seed(fixtures / CAMPAIGN)
        _load(directory, Campaign.objects.get(code=CAMPAIGN), states_on)
    return True


def _refuse_real_work(directory: Path) -> None:
    if Project.objects.exists():
        raise Refused("这个数据库已有项目，不装演示数据；请换一个空的数据库。")
    held = taken([row["username"] for row in tables.rows(directory, "people")])
    if held:
        raise Refused(f"这个数据库已有账号 {min(held)}，不装演示数据；请换一个空的数据库。")


def _load(directory: Path, campaign: Campaign, states_on: StatesOn) -> None:
    mark(campaign)
    settle(directory, campaign)
    headquarters = User.objects.get(username=HEADQUARTERS)
    appoint(directory, campaign, headquarters)
    issue_tasks(directory, campaign, headquarters)
    report_readings(directory, campaign, headquarters)
    play(directory, campaign, Keeper(campaign, headquarters, states_on))
    follow(directory)
    talk(directory, campaign)
    report_building(directory, campaign, headquarters)
    serve(directory, campaign)
