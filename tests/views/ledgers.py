"""Ledgers that people choose on the page, and the small place whose projects they hold."""

import datetime
import re
from dataclasses import dataclass
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import Settings

from tests.factories import (
    BrigadeFactory,
    CampaignFactory,
    IndustryChainFactory,
    TeamFactory,
    make_project,
)
from tests.people import make_person, signed_in
from tracker.choices import Role
from tracker.models import Campaign, Project, Team, User

HEADER = "项目编号,项目名称,投资企业,产业链,投资总额（万元）,牵头队伍,签约日期"
TOKEN = re.compile(r"^/ledger/([A-Za-z0-9_-]{22})/$")
# What nobody outside the other team may read of its confidential project.
CANARY = "金丝雀"


@dataclass(frozen=True)
class Office:
    """A clerk of 甲队 with an open project, and 乙队 with a confidential one."""

    campaign: Campaign
    team: Team
    other: Team
    own: Project
    secret: Project
    clerk: User
    judge: User

    def row(self, **values: Any) -> str:
        """A line of the ledger; left out, it is a new project of 甲队."""
        full = dict(
            code="", name="新项目", company="新公司", chain="新能源", amount=35000, lead="甲队", signed=""
        )
        return ",".join(str(value) for value in (full | values).values())

    def own_row(self, **values: Any) -> str:
        held = dict(code="A-1", name="储能电芯", company="甲公司", amount=10000, signed="2023-3-1")
        return self.row(**(held | values))


def make_office() -> Office:
    campaign = CampaignFactory(is_current=True)
    brigade = BrigadeFactory(campaign=campaign)
    team = TeamFactory(brigade=brigade, short_name="甲队")
    other = TeamFactory(brigade=brigade, short_name="乙队")
    chain = IndustryChainFactory(name="新能源")
    own = make_project(
        team, code="A-1", name="储能电芯", enterprise__name="甲公司", chain=chain, signed="3-1"
    )
    secret = make_project(
        other,
        code="B-1",
        name=f"{CANARY}项目",
        public_name="某新型项目",
        enterprise__name=f"{CANARY}公司",
        content=f"{CANARY}内容",
        contact_name=f"{CANARY}联系人",
        chain=chain,
        is_confidential=True,
    )
    clerk = make_person(Role.LIAISON, teams=(team,), name="李晓彤")
    return Office(campaign, team, other, own, secret, clerk, make_person(Role.HEADQUARTERS, name="梁敏"))


@pytest.fixture(autouse=True)
def _today(settings: Settings, tmp_path: Any) -> None:
    settings.FIXED_TODAY = datetime.date(2023, 9, 15)
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def office() -> Office:
    return make_office()


@pytest.fixture
def clerk(office: Office) -> Client:
    return signed_in(office.clerk)


@pytest.fixture
def judge(office: Office) -> Client:
    return signed_in(office.judge)


def sheet(*lines: str, header: str = HEADER, name: str = "台账.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, "\n".join((header, *lines)).encode())


def choose(client: Client, *lines: str, **more: Any) -> str:
    """Choose a file; gives the address of its page."""
    response = client.post("/ledger/", {"sheet": sheet(*lines, **more)})
    assert response.status_code == 302
    address = response.headers["Location"]
    assert TOKEN.match(address)
    return address


def page(client: Client, address: str) -> str:
    return client.get(address).content.decode()


def confirm(client: Client, address: str, **changes: Any) -> Any:
    """What the button of the preview sends."""
    shown = client.get(address)
    sent = dict(do="confirm", sha256=shown.context["file"].sha256, digest=shown.context["plan"].digest)
    return client.post(address, sent | changes)
