"""One winner of many at once, and one row of a double click, a retry or the back button."""

import datetime
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from pytest_django import Settings

from tests.factories import (
    BrigadeFactory,
    CampaignFactory,
    DepartmentFactory,
    DirectiveFactory,
    IndustryChainFactory,
    PledgeFactory,
    TargetFactory,
    TeamFactory,
    make_project,
)
from tests.papers import pdf
from tests.people import make_person, signed_in
from tracker.choices import Deed, Role
from tracker.models import (
    AuditEvent,
    Directive,
    DirectiveAnswer,
    Evidence,
    Milestone,
    Ownership,
    Project,
    Reading,
    ServiceRequest,
    Team,
    User,
)

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parent.parent
LEDGER = (
    "项目名称,投资企业,产业链,投资总额（万元）,牵头队伍,签约日期\n新项目,新公司,新能源,35000,甲队,2023-06-30"
)


def test_of_eight_processes_exactly_one_recognises_each_of_fifty_steps() -> None:
    """In a database of their own, of the kind that the suite runs on."""
    environment = {name: value for name, value in os.environ.items() if name != "SECRET_KEY"}
    if connection.vendor == "postgresql":
        held = connection.settings_dict
        environment["TEST_POSTGRES_URL"] = (
            f"postgres://{held['USER']}:{held['PASSWORD']}@{held['HOST']}:{held['PORT']}/postgres"
        )
    kind = {"postgresql": "--postgres", "sqlite": "--sqlite"}[connection.vendor]
    command = [sys.executable, "bench/races.py", kind]

    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, encoding="utf-8", check=False
    )

    assert done.returncode == 0, done.stdout + done.stderr
    assert "50 steps: 50 successes" in done.stdout
    assert "0 failed; 50 已认定, 50 entries of history" in done.stdout


class World:
    def __init__(self) -> None:
        campaign = CampaignFactory(is_current=True)
        self.team: Team = TeamFactory(
            brigade=BrigadeFactory(campaign=campaign), code="alpha", short_name="甲队"
        )
        IndustryChainFactory(code="energy", name="新能源")
        self.project = make_project(self.team, signed="3-1")
        self.clerk = signed_in(make_person(Role.LIAISON, teams=(self.team,)))
        self.office = signed_in(make_person(Role.HEADQUARTERS, Role.ADMINISTRATOR))
        self.target = TargetFactory(
            pledge=PledgeFactory(campaign=campaign), metric="reported", basis="", name="工业投资"
        )


@pytest.fixture
def world(settings: Settings, tmp_path: Any) -> World:
    settings.FIXED_TODAY = datetime.date(2023, 9, 15)
    settings.MEDIA_ROOT = tmp_path
    return World()


def thrice(client: Client, address: str, data: dict[str, Any]) -> list[Any]:
    """A double click, then the back button and once more; files are sent anew each time."""
    answers = []
    for _ in range(3):
        sent = {name: value() if callable(value) else value for name, value in data.items()}
        answers.append(client.post(address, sent))
    return answers


def paper() -> SimpleUploadedFile:
    return SimpleUploadedFile("协议.pdf", pdf("协议"))


def test_a_signing_is_logged_once(world: World) -> None:
    data = {
        "enterprise": "乙公司", "name": "新项目", "investment_wan": "3亿", "chain": "energy", "lead": "alpha",
        "kind": "new", "agreement": "formal", "signed_on": "2023-06-30", "evidence": paper,
    }  # fmt: skip

    answers = thrice(world.clerk, "/projects/new/", data)

    made = Project.objects.get(name="新项目")
    assert {answer.headers["Location"] for answer in answers} == {f"/projects/{made.code}/"}
    assert (made.milestones.count(), Evidence.objects.count()) == (1, 1)
    assert Milestone.history.filter(project_id=made.pk, history_type="+").count() == 1


def test_a_step_is_entered_once(world: World) -> None:
    address = f"/projects/{world.project.code}/milestones/landed/"
    page = world.clerk.get(address).context["form"]["version"].value()

    thrice(world.clerk, address, {"happened_on": "2023-06-30", "evidence": paper, "version": page})

    step = world.project.milestones.get(kind="landed")
    assert (step.status, step.evidence.count()) == ("pending", 1)


def test_evidence_is_added_once(world: World) -> None:
    address = f"/projects/{world.project.code}/milestones/signed/evidence/"

    thrice(world.clerk, address, {"evidence": paper, "reason": "补协议"})

    assert Evidence.objects.count() == 1


def test_a_ledger_is_imported_once(world: World) -> None:
    sheet = SimpleUploadedFile("台账.csv", LEDGER.encode())
    address = world.clerk.post("/ledger/", {"sheet": sheet}).headers["Location"]
    shown = world.clerk.get(address).context
    sent = {"do": "confirm", "sha256": shown["file"].sha256, "digest": shown["plan"].digest}

    answers = thrice(world.clerk, address, sent)

    assert {answer.headers["Location"] for answer in answers} == {address}
    assert Project.objects.filter(name="新项目").count() == 1
    assert AuditEvent.objects.filter(action=Deed.IMPORTED).count() == 1
    assert "台账已导入" in world.clerk.get(address).content.decode()


def test_an_account_is_opened_once(world: World) -> None:
    data = {"username": "lixiaotong", "name": "李晓彤", "roles": ["只读"]}

    answers = thrice(world.office, "/accounts/new/", data)

    assert [answer.status_code for answer in answers] == [200, 422, 422]
    assert "账号 lixiaotong 已有" in answers[1].content.decode()
    assert User.objects.filter(username="lixiaotong").count() == 1


def test_a_figure_is_entered_once(world: World) -> None:
    at = f"t{world.target.pk}"
    data = {f"{at}-data_on": "2023-08-31", f"{at}-value": "180亿", f"{at}-reported_by": "区统计局"}

    answers = thrice(world.office, "/readings/enter/", data)

    assert {answer.status_code for answer in answers} == {302}
    assert Reading.objects.count() == Reading.history.count() == 1


def test_a_directive_is_issued_once(world: World) -> None:
    page = world.office.get("/directives/new/").context["form"]
    data = {"office": "team:alpha", "subject": "用工", "text": "报方案", "within": "5"}

    answers = thrice(world.office, "/directives/new/", data | {"form_key": page["form_key"].value()})

    assert {answer.headers["Location"] for answer in answers} == {"/directives/1/"}
    assert Directive.objects.count() == Directive.history.count() == 1


def test_a_request_is_raised_once(world: World) -> None:
    page = world.clerk.get("/requests/new/").context["form"]
    data = {
        "enterprise": "乙公司", "kind": "land", "text": "要地", "owner": "team:alpha",
        "raised_at": "2023-09-14T09:00", "form_key": page["form_key"].value(),
    }  # fmt: skip

    answers = thrice(world.clerk, "/requests/new/", data)

    assert {answer.headers["Location"] for answer in answers} == {"/requests/1/"}
    assert ServiceRequest.objects.count() == Ownership.objects.count() == 1


def test_an_answer_is_given_once(world: World) -> None:
    row = DirectiveFactory(department=DepartmentFactory(), campaign=world.team.campaign)
    data = {"do": "answer", "answer-text": "已办", "answer-evidence": paper}

    answers = thrice(world.office, f"/directives/{row.number}/", data)

    assert {answer.status_code for answer in answers} == {302}
    assert DirectiveAnswer.objects.count() == Evidence.objects.count() == 1
