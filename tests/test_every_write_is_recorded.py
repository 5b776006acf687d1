"""Every route that writes facts is used; whole tables are compared: each changed row has its history.

A route that is added without a line here fails the suite.
"""

import datetime
import json
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import Settings

from tests.actions.traces import every_change_is_recorded
from tests.factories import (
    BrigadeFactory,
    CampaignFactory,
    CompletedInvestmentFactory,
    DirectiveFactory,
    DisplayTokenFactory,
    EnterpriseFactory,
    IndustryChainFactory,
    MilestoneFactory,
    OwnershipFactory,
    PlaceFactory,
    PledgeFactory,
    ServiceRequestFactory,
    TargetFactory,
    TeamFactory,
    make_project,
)
from tests.papers import pdf
from tests.people import make_person, signed_in
from tests.test_access_routes import ROUTES
from tracker.choices import Role
from tracker.models import Enterprise, Evidence, FollowUp, Project, Team, User

pytestmark = [pytest.mark.django_db, pytest.mark.both]
LEDGER = (
    "项目名称,投资企业,产业链,投资总额（万元）,牵头队伍,签约日期\n新项目,新公司,新能源,35000,甲队,2023-06-30"
)


class World:
    """A clerk, somebody of headquarters, and something for each route to change."""

    def __init__(self) -> None:
        self.campaign = CampaignFactory(is_current=True)
        brigade = BrigadeFactory(campaign=self.campaign)
        self.team: Team = TeamFactory(brigade=brigade, code="alpha", short_name="甲队")
        IndustryChainFactory(code="energy", name="新能源")
        self.project: Project = make_project(self.team, signed="3-1")
        self.waiting: Project = make_project(self.team)
        MilestoneFactory(project=self.waiting, kind="landed")
        self.pledge = PledgeFactory(team=self.team, campaign=self.campaign, status="draft")
        self.target = TargetFactory(pledge=self.pledge, is_draft=True)
        district = PledgeFactory(campaign=self.campaign)
        self.figure = TargetFactory(pledge=district, metric="reported", basis="", name="工业投资")
        self.display = DisplayTokenFactory()
        PlaceFactory(name="会城街道")
        self.clerk = make_person(Role.LIAISON, teams=(self.team,))
        self.captain = make_person(Role.CAPTAIN, teams=(self.team,))
        self.office = make_person(Role.HEADQUARTERS)
        TeamFactory(brigade=brigade, code="beta", short_name="乙队")
        self.directive = DirectiveFactory(team=self.team, campaign=self.campaign)
        self.request = ServiceRequestFactory(campaign=self.campaign)
        OwnershipFactory(request=self.request, team=self.team)

    def by(self, user: User) -> Client:
        return signed_in(user)


def fields_of(form: Any) -> dict[str, Any]:
    values = {form.add_prefix(name): form[name].value() for name in form.fields}
    return {name: value for name, value in values.items() if value not in (None, False)}


def paper() -> SimpleUploadedFile:
    return SimpleUploadedFile("协议.pdf", pdf("协议"))


def log_project(world: World) -> Any:
    return world.by(world.clerk).post(
        "/projects/new/",
        {
            "enterprise": "乙公司", "name": "新项目", "investment_wan": "3亿", "chain": "energy",
            "lead": "alpha", "kind": "new", "agreement": "formal", "signed_on": "2023-06-30",
            "planned_start": "2023-12-01", "evidence": paper(),
        },
    )  # fmt: skip


def correct_project(world: World) -> Any:
    client, address = world.by(world.office), f"/projects/{world.project.code}/edit/?correct=1"
    typed = fields_of(client.get(address).context["form"])
    changes = {"investment_wan": "9000", "name": "改名", "origin": "深圳", "reason": "更正"}
    return client.post(address, typed | changes)


def enter_step(world: World) -> Any:
    address = f"/projects/{world.project.code}/milestones/landed/"
    return world.by(world.clerk).post(address, {"happened_on": "2023-06-30", "evidence": paper()})


def add_evidence(world: World) -> Any:
    address = f"/projects/{world.waiting.code}/milestones/landed/evidence/"
    return world.by(world.clerk).post(address, {"evidence": paper()})


def remove_evidence(world: World) -> Any:
    return world.by(world.clerk).post(f"/evidence/{Evidence.objects.get().pk}/remove/", {"reason": "看不清"})


def withdraw(world: World) -> Any:
    address = f"/projects/{world.project.code}/milestones/signed/withdraw/"
    return world.by(world.office).post(address, {"reason": "复核"})


def recognise(world: World) -> Any:
    verdict = {"verdict": "count", "kinds": ["landed"], "recognised_wan": "10000", "despite": "已核"}
    return world.by(world.office).post(f"/verify/{world.waiting.code}/", verdict)


def import_ledger(world: World) -> Any:
    client = world.by(world.clerk)
    sheet = SimpleUploadedFile("台账.csv", LEDGER.encode())
    address = client.post("/ledger/", {"sheet": sheet}).headers["Location"]
    shown = client.get(address).context
    return client.post(
        address, {"do": "confirm", "sha256": shown["file"].sha256, "digest": shown["plan"].digest}
    )


def merge(world: World) -> Any:
    other = Enterprise.objects.get(name="同一家公司")
    kept = world.project.enterprise
    address = f"/enterprises/merge/?one={kept.pk}&other={other.pk}"
    return world.by(world.office).post(address, {"keep": kept.pk, "reason": "同一家"})


def tell_apart(world: World) -> Any:
    address = f"/projects/{world.project.code}/distinct/"
    return world.by(world.office).post(address, {"enterprise": world.waiting.enterprise_id})


def edit_pledge(world: World) -> Any:
    client, address = world.by(world.office), f"/pledges/{world.pledge.pk}/edit/"
    page = client.get(address).context
    typed = fields_of(page["form"])
    for row in page["rows"]:
        typed |= fields_of(row)
    return client.post(address, typed | {"signers": "林静"})


def allocate(world: World) -> Any:
    at = f"t{world.target.pk}"
    line = {f"{at}-before": "5000000", f"{at}-value": "400亿", f"{at}-weight": "1", "do": "save"}
    return world.by(world.office).post("/allocation/", line)


def enter_figure(world: World) -> Any:
    at = f"t{world.figure.pk}"
    line = {f"{at}-data_on": "2023-08-31", f"{at}-value": "180亿", f"{at}-reported_by": "区统计局"}
    return world.by(world.office).post("/readings/enter/", line)


def authorise_screen(world: World) -> Any:
    client = world.by(world.office)
    typed = fields_of(client.get("/screens/new/").context["form"])
    return client.post("/screens/new/", typed | {"name": "三楼会议室"})


def change_screen(world: World) -> Any:
    client, address = world.by(world.office), f"/screens/{world.display.pk}/"
    typed = fields_of(client.get(address).context["form"])
    return client.post(address, typed | {"audience": "reception", "overview_seconds": "60"})


def upload_map(world: World) -> Any:
    outline = {"type": "Polygon", "coordinates": [[[113.0, 22.5], [113.1, 22.5], [113.1, 22.6]]]}
    feature = {"type": "Feature", "properties": {"name": "会城"}, "geometry": outline}
    text = json.dumps({"type": "FeatureCollection", "features": [feature]})
    data = {
        "geojson": SimpleUploadedFile("m.geojson", text.encode()),
        "source": "区自然资源局",
        "approval": "粤S1",
    }
    return world.by(world.office).post("/screens/map/", data)


def report_month(world: World) -> Any:
    at = f"p{world.waiting.pk}"
    line = {f"{at}-total_wan": "6000", f"{at}-seen_wan": "5000", f"{at}-correction": "漏报"}
    return world.by(world.clerk).post("/investments/", line)


def import_months(world: World) -> Any:
    rows = f"项目编号,月份,累计完成投资（万元）\n{world.waiting.code},2023-08,6000"
    sheet = SimpleUploadedFile("完成投资.csv", rows.encode())
    return world.by(world.clerk).post("/investments/import/", {"sheet": sheet})


def note(world: World) -> Any:
    typed = {"text": "走访", "next_step": "送文本", "next_on": "2023-09-20", "ask": "请会见"}
    return world.by(world.clerk).post(f"/projects/{world.project.code}/follow-ups/new/", typed)


def _of_note(way: str, **data: str) -> Callable[[World], Any]:
    def use(world: World) -> Any:
        return world.by(world.clerk).post(f"/follow-ups/{FollowUp.objects.get().pk}/{way}/", data)

    return use


def plan(world: World) -> Any:
    address = f"/projects/{world.project.code}/plan/"
    return world.by(world.clerk).post(address, {"plan_landed": "2023-10-20"})


def keep_month(world: World) -> Any:
    return world.by(world.office).post("/month-ends/2023-08-31/keep/")


def _slow(world: World) -> None:
    world.target.is_draft = False
    world.target.save()


def decide(world: World) -> Any:
    address = f"/month-ends/2023-08-31/talk/{world.pledge.pk}/"
    return world.by(world.office).post(address, {"verdict": "held", "held_on": "2023-09-20"})


def issue_directive(world: World) -> Any:
    data = {"office": "team:alpha", "subject": "用工", "text": "报方案", "within": "5"}
    return world.by(world.office).post("/directives/new/", data)


def answer_directive(world: World) -> Any:
    answer = {"do": "answer", "answer-text": "已办", "answer-evidence": paper()}
    return world.by(world.captain).post(f"/directives/{world.directive.number}/", answer)


def raise_request(world: World) -> Any:
    data = {"enterprise": "丙公司", "kind": "land", "text": "要地", "owner": "team:alpha"}
    return world.by(world.clerk).post("/requests/new/", data | {"raised_at": "2023-09-14T09:00"})


def hand_over(world: World) -> Any:
    data = {"do": "hand", "hand-owner": "team:beta", "hand-reason": "归乙队"}
    return world.by(world.clerk).post(f"/requests/{world.request.number}/", data)


def list_elements(world: World) -> Any:
    data = {"land-status": "needed", "water-status": "promised", "water-promised_on": "2023-10-01"}
    return world.by(world.clerk).post(f"/projects/{world.project.code}/elements/", data)


def _evidence_first(world: World) -> None:
    add_evidence(world)


def _month_first(world: World) -> None:
    CompletedInvestmentFactory(project=world.waiting, total_wan=5_000)


# route: (who is entered as having done it, how it is used, what must be there before)
WRITES: dict[str, tuple[str, Callable[[World], Any], Callable[[World], Any] | None]] = {
    "project_new": ("clerk", log_project, None),
    "project_edit": ("office", correct_project, None),
    "milestone": ("clerk", enter_step, None),
    "milestone_evidence": ("clerk", add_evidence, None),
    "evidence_remove": ("clerk", remove_evidence, _evidence_first),
    "withdraw": ("office", withdraw, None),
    "verify_project": ("office", recognise, None),
    "ledger_file": ("clerk", import_ledger, None),
    "enterprise_merge": ("office", merge, lambda world: EnterpriseFactory(name="同一家公司")),
    "project_distinct": ("office", tell_apart, None),
    "pledge_edit": ("office", edit_pledge, None),
    "allocation": ("office", allocate, None),
    "readings_entry": ("office", enter_figure, None),
    "display_new": ("office", authorise_screen, None),
    "display": ("office", change_screen, None),
    "display_map": ("office", upload_map, None),
    "investments": ("clerk", report_month, _month_first),
    "investments_import": ("clerk", import_months, None),
    "follow_up_new": ("clerk", note, None),
    "follow_up_done": ("clerk", _of_note("done"), note),
    "follow_up_settle": ("clerk", _of_note("settle"), note),
    "follow_up_withdraw": ("clerk", _of_note("withdraw", reason="记错项目"), note),
    "project_plan": ("clerk", plan, None),
    "month_end_keep": ("office", keep_month, None),
    "talk": ("office", decide, _slow),
    "directive_new": ("office", issue_directive, None),
    "directive": ("captain", answer_directive, None),
    "request_new": ("clerk", raise_request, None),
    "request": ("clerk", hand_over, None),
    "project_elements": ("clerk", list_elements, None),
}
# Reading pages, files, and what is kept of people: accounts and sign-ins are held in tests of their own.
NO_FACTS = {
    "password", "sessions", "two_step", "overview", "api_progress", "pledges", "pledge", "pledge_history",
    "pledge_print", "brigade", "team", "projects", "project_check", "project", "project_phone", "evidence",
    "ledger", "ledger_tables", "ledger_export", "ledger_template", "ledger_progress", "ledger_faults",
    "warnings", "today", "menu_counts", "lost", "month_ends",
    "verify", "readings", "accounts", "account_new", "account_sheet", "account_template", "account", "audit",
    "displays", "admin:index", "admin:app_list", "admin:jsi18n", "admin:autocomplete",
    "investments_unenrolled", "investments_template", "project_leader", "weekly",
    "directives", "directive_print", "requests", "elements",
}  # fmt: skip


def test_every_route_is_declared() -> None:
    assert ROUTES.keys() == WRITES.keys() | NO_FACTS
    assert not WRITES.keys() & NO_FACTS


@pytest.mark.parametrize("route", WRITES)
def test_what_a_route_writes_has_its_history(route: str, settings: Settings, tmp_path: Any) -> None:
    settings.FIXED_TODAY, settings.MEDIA_ROOT = datetime.date(2023, 9, 15), tmp_path
    world = World()
    who, use, prepare = WRITES[route]
    if prepare is not None:
        prepare(world)

    with every_change_is_recorded(getattr(world, who)):
        response = use(world)

    # A screen's address is in the answer itself; whatever is refused is a 422.
    assert response.status_code == (200 if route == "display_new" else 302), response.content.decode()
