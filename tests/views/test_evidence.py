"""佐证材料 on the pages: handed out, added, withdrawn, and never anything but a file."""

import datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from tests.factories import (
    BrigadeFactory,
    CampaignFactory,
    EvidenceFactory,
    IndustryChainFactory,
    MilestoneFactory,
    TeamFactory,
    day,
    make_project,
)
from tests.papers import docx, jpg, pdf, png, upload
from tests.people import client_of
from tracker.actions.evidence import add_evidence, keep_file, remove_evidence
from tracker.choices import Deed, Role
from tracker.forms import receiving
from tracker.models import AuditEvent, Evidence, Milestone, Project, Team
from tracker.progress import progress

pytestmark = pytest.mark.django_db
TODAY = datetime.date(2023, 9, 15)
PAGE = b"<script>alert(document.cookie)</script>"


@pytest.fixture(autouse=True)
def media(settings: Settings, tmp_path: Path) -> Path:
    settings.FIXED_TODAY = TODAY
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def team() -> Team:
    campaign = CampaignFactory(is_current=True)
    IndustryChainFactory(code="energy")
    made: Team = TeamFactory(brigade=BrigadeFactory(campaign=campaign), code="alpha", short_name="甲队")
    return made


@pytest.fixture
def clerk(team: Team) -> Client:
    return client_of(Role.LIAISON, teams=(team,))


@pytest.fixture
def reader() -> Client:
    return client_of(Role.READER)


def waiting(team: Team, **facts: Any) -> Milestone:
    project = make_project(team, 35_000, name="储能电芯", code="P1", **facts)
    step: Milestone = MilestoneFactory(project=project, kind="landed", happened_on=day("6-30"))
    return step


def held(step: Milestone, content: bytes = b"", name: str = "营业执照.pdf", kind: str = "pdf") -> Evidence:
    upload_ = SimpleUploadedFile(name, content or pdf(name))
    [row] = add_evidence(step, [keep_file(name, kind, upload_)], by=None, reason="补")
    return row


def add(client: Client, *files: Any, **typed: str) -> Any:
    address = "/projects/P1/milestones/landed/evidence/"
    return client.post(address, {"evidence": list(files), **typed}, follow=True)


def landed(team: Team) -> Any:
    return progress(team.campaign, TODAY).district.landed.recognised


def test_a_file_is_handed_out_as_what_it_is_and_nothing_more(team: Team, reader: Client) -> None:
    row = held(waiting(team))

    response: Any = reader.get(f"/evidence/{row.pk}/")

    assert response.streaming
    assert response.getvalue() == pdf("营业执照.pdf")
    assert {name: response.headers[name] for name in GUARDED} == GUARDED


def test_whoever_takes_a_file_is_in_the_audit_and_its_name_is_not(team: Team, reader: Client) -> None:
    row = held(waiting(team), name="储能电芯合同.pdf")

    reader.get("/projects/P1/")
    assert reader.get(f"/evidence/{row.pk}/").getvalue()
    reader.get("/evidence/999/")

    event = AuditEvent.objects.get(action=Deed.PAPER)
    assert (event.kind, event.reference) == ("项目", "P1")
    assert event.detail == f"落地　sha256 {row.sha256}"


GUARDED = {
    "Content-Type": "application/pdf",
    "Content-Disposition": "attachment; filename*=utf-8''%E8%90%A5%E4%B8%9A%E6%89%A7%E7%85%A7.pdf",
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
    "X-Frame-Options": "DENY",
}


@pytest.mark.parametrize(
    ("content", "kind", "opens"), [(png(), "png", True), (jpg(), "jpg", True), (docx(), "docx", False)]
)
def test_only_pictures_open_in_the_browser(
    team: Team, reader: Client, content: bytes, kind: str, opens: bool
) -> None:
    row = held(waiting(team), content, f"a.{kind}", kind)

    response = reader.get(f"/evidence/{row.pk}/?view=1")

    assert response.headers["Content-Disposition"].startswith("inline" if opens else "attachment")
    assert response.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
def test_a_file_is_only_read(team: Team, clerk: Client, method: str) -> None:
    row = held(waiting(team))

    assert getattr(clerk, method)(f"/evidence/{row.pk}/").status_code == 405


@pytest.mark.parametrize("pk", [0, 10**30])
def test_there_is_no_such_file(team: Team, clerk: Client, pk: int) -> None:
    assert clerk.get(f"/evidence/{pk}/").status_code == 404
    assert clerk.post(f"/evidence/{pk}/remove/", {"reason": "x"}).status_code == 404


def test_a_damaged_file_is_told_and_not_handed_out(team: Team, reader: Client) -> None:
    row = held(waiting(team))
    row.path.write_bytes(PAGE)

    response = reader.get(f"/evidence/{row.pk}/", follow=True)

    assert response.redirect_chain == [("/projects/P1/", 302)]
    assert "这份材料的文件与上传时不符，请告诉系统管理员。" in response.content.decode()


def test_a_withdrawn_file_is_its_editors_alone(team: Team, clerk: Client, reader: Client) -> None:
    row = held(waiting(team))
    remove_evidence(row, by=None, reason="传错了")

    assert reader.get(f"/evidence/{row.pk}/").status_code == 404
    assert clerk.get(f"/evidence/{row.pk}/").status_code == 200
    assert f"/evidence/{row.pk}/" not in reader.get("/projects/P1/").content.decode()
    assert "传错了" in clerk.get("/projects/P1/milestones/landed/evidence/").content.decode()


def test_files_are_added_and_listed(team: Team, clerk: Client, reader: Client) -> None:
    waiting(team)

    page = add(clerk, upload("执照.PDF"), upload("现场.png", jpg()), caption="三江镇").content.decode()

    assert "已附上 2 份佐证材料。" in page
    rows = list(Evidence.objects.values_list("name", "kind", "caption"))
    assert rows == [("执照.PDF", "pdf", "三江镇"), ("现场.jpg", "jpg", "三江镇")]
    shown = reader.get("/projects/P1/").content.decode()
    for words in ("执照.PDF", "现场.jpg", Evidence.objects.all()[0].sha256[:8], "三江镇"):
        assert words in shown
    assert "添加、撤下材料" not in shown
    assert "添加、撤下材料" in clerk.get("/projects/P1/").content.decode()


def test_a_double_click_adds_once(team: Team, clerk: Client) -> None:
    waiting(team)
    add(clerk, upload("执照.pdf"))

    page = add(clerk, upload("执照.pdf")).content.decode()

    assert "1 份与已有的内容相同，没有重复添加。" in page
    assert Evidence.objects.count() == 1


def test_adding_to_a_recognised_step_takes_a_reason_and_sends_it_back(team: Team, clerk: Client) -> None:
    make_project(team, 35_000, code="P1", landed="6-30")
    assert "添加材料要写原因" in add(clerk, upload("a.pdf")).content.decode()
    assert landed(team) == 35_000

    page = add(clerk, upload("a.pdf"), reason="补租赁备案").content.decode()

    assert "退回待认定，合计数已相应减少" in page
    assert landed(team) == 0


def test_a_file_is_withdrawn_for_a_reason(team: Team, clerk: Client) -> None:
    row = held(waiting(team))
    address = f"/evidence/{row.pk}/remove/"

    assert "撤下材料要写理由。" in clerk.post(address, {"reason": " "}, follow=True).content.decode()
    page = clerk.post(address, {"reason": "传错了"}, follow=True).content.decode()
    assert "已撤下“营业执照.pdf”。" in page
    assert "撤下过 1 份" in page
    assert "这份材料已经撤下了。" in clerk.post(address, {"reason": "传错了"}, follow=True).content.decode()
    assert "撤下佐证材料“营业执照.pdf”" in clerk.get("/projects/P1/").content.decode()


@pytest.mark.parametrize("who", ["reader", "foreign", "administrator"])
def test_others_add_and_withdraw_nothing(team: Team, who: str) -> None:
    row = held(waiting(team))
    other = TeamFactory(brigade=team.brigade)
    client = {
        "reader": client_of(Role.READER),
        "foreign": client_of(Role.LIAISON, teams=(other,)),
        "administrator": client_of(Role.ADMINISTRATOR),
    }[who]

    assert add(client, upload("a.pdf")).status_code == 403
    assert client.post(f"/evidence/{row.pk}/remove/", {"reason": "x"}).status_code == 403
    assert Evidence.objects.filter(withdrawn_at__isnull=True).count() == 1


def test_forged_fields_change_nothing(team: Team, clerk: Client) -> None:
    foreign = MilestoneFactory(project=make_project(TeamFactory(brigade=team.brigade), code="P2"))
    waiting(team)

    add(clerk, upload("a.pdf"), milestone=str(foreign.pk), kind="html", sha256="0" * 64, uploaded_by="1")

    row = Evidence.objects.get()
    assert row.milestone is not None
    assert (row.milestone.project.code, row.kind, row.sha256[:8]) == ("P1", "pdf", row.path.name[:8])
    assert (
        clerk.post("/projects/P2/milestones/landed/evidence/", {"evidence": upload("b.pdf")}).status_code
        == 403
    )
    for address in ("P1/milestones/started", "P1/milestones/nonsense", "P9/milestones/landed"):
        assert clerk.get(f"/projects/{address}/evidence/").status_code == 404


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("执照.pdf", b"<!doctype html>" + PAGE),
        ("图.svg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"),
        ("表.xlsm", docx(**{"word/vbaProject.bin": b"x"})),
        ("木马.exe", b"MZ"),
        ("执照.pdf.exe", b"MZ"),
        ("空.pdf", b""),
        ("大.pdf", pdf() + b"x" * 20 * 1024 * 1024),
        ("../../../../etc/passwd", b"root:x:0:0"),
    ],
)
def test_the_zoo_stays_outside(team: Team, clerk: Client, media: Path, name: str, content: bytes) -> None:
    waiting(team)

    response = add(clerk, upload("好.pdf"), upload(name, content), caption="写过的话")

    page = response.content.decode()
    assert response.status_code == 422
    assert "写过的话" in page
    assert "“好.pdf”没有问题" in page
    assert "一份不存，请一并重选" in page
    assert Evidence.objects.count() == 0
    assert list(media.rglob("*")) == []


def test_a_name_leads_nowhere(team: Team, clerk: Client, media: Path) -> None:
    waiting(team)

    add(clerk, upload("..\\..\\tracker\\settings.py"))

    row = Evidence.objects.get()
    assert row.name == "settings.py.pdf"
    assert [path for path in media.rglob("*") if path.is_file()] == [row.path]


def test_too_large_a_request_keeps_what_was_typed(
    team: Team, clerk: Client, monkeypatch: pytest.MonkeyPatch, media: Path
) -> None:
    waiting(team)
    monkeypatch.setattr(receiving, "LARGEST_REQUEST", 1024 * 1024)
    monkeypatch.setattr("tracker.forms.uploads.LARGEST_REQUEST", 1024 * 1024)

    page = add(clerk, upload("大.pdf", b"%PDF-1.4" + b"x" * 3 * 1024 * 1024), caption="写过的话")

    assert page.status_code == 422
    assert "合计 3.0 MB，一次最多 100 MB" in page.content.decode()
    assert "写过的话" in page.content.decode()


def test_a_step_is_logged_with_its_files(team: Team, clerk: Client) -> None:
    make_project(team, code="P1")
    address = "/projects/P1/milestones/landed/"

    refused = clerk.post(address, {"happened_on": "2023-09-20", "note": "备", "evidence": upload("a.pdf")})
    assert "选好的 1 份材料还没有存（a.pdf），改好后请重新选。" in refused.content.decode()
    assert Evidence.objects.count() == 0
    done = clerk.post(
        address, {"happened_on": "2023-09-01", "evidence": [upload("a.pdf"), upload("b.pdf")]}, follow=True
    )

    assert "已登记落地，等指挥部认定。附上 2 份佐证材料。" in done.content.decode()
    assert Milestone.objects.get(kind="landed").evidence.count() == 2


def test_a_correction_with_a_file_alone_sends_the_step_back(team: Team, clerk: Client) -> None:
    make_project(team, 35_000, code="P1", landed="6-30")
    typed = {"happened_on": "2023-06-30", "note": "", "reason": "补租赁备案", "evidence": upload("a.pdf")}

    clerk.post("/projects/P1/milestones/landed/", typed)

    step = Milestone.objects.get(kind="landed")
    assert (step.status, step.reason) == ("pending", "佐证材料有变动，须重新认定：补租赁备案")


def test_a_project_is_logged_with_its_agreement(team: Team, clerk: Client) -> None:
    entry = {
        "enterprise": "广东珠西储能科技有限公司", "name": "储能电芯", "investment_wan": "3.5亿",
        "chain": "energy", "lead": "alpha", "signed_on": "2023-09-01", "kind": "new", "agreement": "formal",
    }  # fmt: skip
    clerk.post("/projects/new/", entry | {"evidence": upload("坏.pdf", b"MZ")})
    assert Project.objects.count() == 0

    for _ in range(2):
        clerk.post("/projects/new/", entry | {"evidence": upload("协议.pdf")})

    row = Evidence.objects.get()
    assert row.milestone is not None
    assert (row.name, row.milestone.kind, row.milestone.status) == ("协议.pdf", "signed", "pending")


def test_the_decision_shows_what_proves_and_what_lacks(team: Team) -> None:
    step = waiting(team)
    judge = client_of(Role.HEADQUARTERS)
    before = judge.get("/verify/P1/").content.decode()
    assert "缺：营业执照和用地材料" in before
    assert "4 项要求，已有 1 项" in before

    held(step)

    page = judge.get("/verify/P1/").content.decode()
    assert "缺：营业执照和用地材料" not in page
    assert "4 项要求，已有 2 项" in page
    assert "营业执照.pdf" in page


@pytest.mark.parametrize("files", [1, 3])
def test_pages_take_the_same_queries_for_one_file_and_for_three(
    team: Team, files: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    steps = [waiting(team)]
    steps += [MilestoneFactory(project=steps[0].project, kind=kind) for kind in ("signed", "started")]
    for step in steps:
        EvidenceFactory.create_batch(files, milestone=step)
    judge = client_of(Role.HEADQUARTERS)

    with django_assert_num_queries(39):
        judge.get("/projects/P1/")
    with django_assert_num_queries(10):
        judge.get("/projects/P1/milestones/landed/evidence/")
