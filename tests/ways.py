"""Every way round in which somebody could get their own entry recognised, as acts on the pages."""

import datetime
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.admin.pages import save as save_in_back_office
from tests.factories import (
    BrigadeFactory,
    CampaignFactory,
    EnterpriseFactory,
    EvidenceFactory,
    IndustryChainFactory,
    MilestoneFactory,
    PlaceFactory,
    TeamFactory,
    day,
    make_project,
    recognise,
)
from tests.papers import upload
from tests.people import make_person, signed_in
from tracker.actions import milestones as steps
from tracker.choices import Role
from tracker.models import Project, Team
from tracker.progress import progress

TODAY = datetime.date(2023, 9, 15)


CODE, OTHER_CODE = "91440705MA4UXXXX4X", "91440705MA4UYYYY6R"


HEADER = "项目编号,项目名称,投资企业,统一社会信用代码,产业链,投资总额（万元）,落地镇街园区,牵头队伍,落地日期"


class World:
    """A landing that lacks nothing and waits; somebody of headquarters who wants it, and another."""

    def __init__(self) -> None:
        campaign = CampaignFactory(is_current=True)
        brigade = BrigadeFactory(campaign=campaign)
        self.team: Team = TeamFactory(brigade=brigade, code="alpha", short_name="甲队")
        self.partner: Team = TeamFactory(brigade=brigade, code="beta", short_name="乙队")
        self.chain = IndustryChainFactory(code="energy", name="新能源")
        self.place = PlaceFactory(code="huicheng", name="会城")
        self.clerk = make_person(Role.LIAISON, teams=(self.team,))
        # Also a clerk of the team: both roles together open no way either.
        self.me = make_person(Role.HEADQUARTERS, Role.LIAISON, teams=(self.team,))
        self.mine = signed_in(self.me)
        self.other = make_person(Role.HEADQUARTERS)
        self.others = signed_in(self.other)

    def project(self, **facts: Any) -> Project:
        company = EnterpriseFactory(name="甲公司", name_key="甲公司", uscc=CODE)
        given: dict[str, Any] = dict(
            enterprise=company, name="储能基地", chain=self.chain, place=self.place, code="A-1"
        )
        return make_project(self.team, 35_000, **(given | facts))

    def waiting(self) -> Project:
        """Entered by the clerk; nobody else has touched it."""
        project = self.project()
        step = MilestoneFactory(
            project=project,
            kind="landed",
            happened_on=day("6-30"),
            entered_by=self.clerk,
            submitted_by=self.clerk,
            edited_by=self.clerk,
        )
        EvidenceFactory(milestone=step)
        return project

    def recognised(self) -> Project:
        project = self.project()
        step = recognise(project, "landed", "6-30", verified_by=self.other, entered_by=self.clerk)
        EvidenceFactory(milestone=step)
        return project

    @property
    def figures(self) -> tuple[Any, Any]:
        layer = progress(self.team.campaign, TODAY).district.landed
        return layer.recognised, layer.pending


def typed(project: Project, **changes: str) -> dict[str, str]:
    """更正 as it comes to the page, with changes."""
    return {
        "enterprise": project.enterprise.name,
        "uscc": project.enterprise.uscc,
        "name": project.name,
        "investment_wan": f"{project.investment_wan}万",
        "chain": project.chain.code,
        "place": "huicheng",
        "lead": "alpha",
        "kind": "new",
        "agreement": "formal",
        "state": "active",
    } | changes


def correct(client: Client, project: Project, **changes: str) -> None:
    data = typed(project, **changes) | {"reason": "协议写错"}
    response = client.post(f"/projects/{project.code}/edit/?correct=1", data)
    assert response.status_code == 302, response.context["form"].errors


def enter(client: Client, project: Project, on: str = "2023-06-30") -> None:
    data = {"happened_on": on, "reason": "日期抄错"}
    assert client.post(f"/projects/{project.code}/milestones/landed/", data).status_code == 302


def ledger(client: Client, project: Project, *, recognising: bool = False, **changes: Any) -> None:
    """A row of the ledger imported on its page."""
    row = dict(
        code=project.code, name=project.name, company=project.enterprise.name, uscc=CODE, chain="新能源",
        amount=project.investment_wan, place="会城", lead=project.credits.get(role="lead").team.short_name,
        landed="2023-06-30",
    ) | changes  # fmt: skip
    sheet = SimpleUploadedFile("台账.csv", f"{HEADER}\n{','.join(map(str, row.values()))}".encode())
    address = client.post("/ledger/", {"sheet": sheet}).headers["Location"]
    if recognising:
        client.post(address, {"do": "choose", "recognising": "on"})
    shown = client.get(address)
    assert not shown.context["plan"].faults
    if shown.context["plan"].new + shown.context["plan"].changed:
        sent = {"sha256": shown.context["file"].sha256, "digest": shown.context["plan"].digest}
        assert client.post(address, sent | {"do": "confirm"}).status_code == 302


def entered_the_project(world: World) -> Project:
    data = {
        "enterprise": "乙公司", "uscc": OTHER_CODE, "name": "新项目", "investment_wan": "3亿",
        "chain": "energy", "place": "huicheng", "lead": "alpha", "kind": "new", "agreement": "formal",
        "signed_on": "2023-06-30", "evidence": upload("协议.pdf"),
    }  # fmt: skip
    assert world.mine.post("/projects/new/", data).status_code == 302
    return Project.objects.get(name="新项目")


def entered_the_step(world: World) -> Project:
    project = world.project()
    enter(world.mine, project)
    return project


def submitted_it_again(world: World) -> Project:
    project = world.waiting()
    steps.send_back(project.milestones.get(), by=world.other, reason="缺协议")
    enter(world.mine, project)
    return project


def moved_the_day(world: World) -> Project:
    project = world.waiting()
    enter(world.mine, project, "2023-06-29")
    return project


def moved_a_recognised_day(world: World) -> Project:
    project = world.recognised()
    enter(world.mine, project, "2023-06-29")
    return project


def moved_the_day_before_another_did(world: World) -> Project:
    project = moved_the_day(world)
    enter(signed_in(world.clerk), project)
    return project


def changed_the_amount(world: World) -> Project:
    project = world.recognised()
    correct(world.mine, project, investment_wan="3.6亿")
    return project


def changed_the_amount_before_another_did(world: World) -> Project:
    project = world.waiting()
    correct(world.mine, project, investment_wan="3.6亿")
    correct(signed_in(world.clerk), Project.objects.get(pk=project.pk), investment_wan="3.5亿")
    return project


def changed_the_shares(world: World) -> Project:
    project = world.recognised()
    correct(world.mine, project, partner_1="beta", share_1="30")
    return project


def changed_the_enterprise(world: World) -> Project:
    project = world.recognised()
    correct(world.mine, project, enterprise="丙公司", uscc=OTHER_CODE)
    return project


def changed_the_code(world: World) -> Project:
    project = world.recognised()
    correct(world.mine, project, uscc=OTHER_CODE)
    return project


def renamed_the_enterprise(world: World) -> Project:
    project = world.waiting()
    save_in_back_office(
        world.mine, f"/admin/tracker/enterprise/{project.enterprise_id}/change/", name="丁公司", reason="改名"
    )
    assert Project.objects.get(pk=project.pk).enterprise.name == "丁公司"
    return project


def changed_the_amount_in_the_back_office(world: World) -> Project:
    project = world.recognised()
    address = f"/admin/tracker/project/{project.pk}/change/"
    save_in_back_office(world.mine, address, investment_wan="3.4亿", reason="更正")
    assert Project.objects.get(pk=project.pk).investment_wan == 34_000
    return project


def moved_the_day_in_the_back_office(world: World) -> Project:
    project = world.recognised()
    address = f"/admin/tracker/project/{project.pk}/change/"
    save_in_back_office(world.mine, address, **{"milestones-0-happened_on": "2023-06-28", "reason": "更正"})
    assert project.milestones.get().happened_on == day("6-28")
    return project


def imported_it(world: World) -> Project:
    project = world.project()
    ledger(world.mine, project)
    return project


def imported_a_change(world: World) -> Project:
    project = world.waiting()
    ledger(world.mine, project, amount=34_000)
    return project


def imported_a_change_and_recognised_at_once(world: World) -> Project:
    project = world.waiting()
    ledger(world.mine, project, recognising=True, amount=34_000)
    return project


def added_evidence(world: World) -> Project:
    project = world.waiting()
    files = {"evidence": upload("许可.pdf")}
    assert world.mine.post(f"/projects/{project.code}/milestones/landed/evidence/", files).status_code == 302
    assert project.milestones.get().evidence.count() == 2
    return project


def withdrew_evidence(world: World) -> Project:
    project = world.recognised()
    [row] = project.milestones.get().evidence.all()
    EvidenceFactory(milestone=row.milestone)
    world.mine.post(f"/evidence/{row.pk}/remove/", {"reason": "重复"})
    row.refresh_from_db()
    assert not row.stands
    return project


def merged_its_enterprise(world: World) -> Project:
    project = world.recognised()
    twin = EnterpriseFactory(name="甲公司广东", name_key="甲公司广东")
    world.mine.post(
        f"/enterprises/merge/?one={project.enterprise_id}&other={twin.pk}",
        {"keep": str(twin.pk), "reason": "同一家"},
    )
    assert Project.objects.get(pk=project.pk).enterprise == twin
    return project


WAYS = [
    entered_the_project, entered_the_step, submitted_it_again, moved_the_day, moved_a_recognised_day,
    moved_the_day_before_another_did, changed_the_amount, changed_the_amount_before_another_did,
    changed_the_shares, changed_the_enterprise, changed_the_code, renamed_the_enterprise,
    changed_the_amount_in_the_back_office, moved_the_day_in_the_back_office, imported_it, imported_a_change,
    imported_a_change_and_recognised_at_once, added_evidence, withdrew_evidence, merged_its_enterprise,
]  # fmt: skip
