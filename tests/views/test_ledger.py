"""台账: choosing a file, looking at what it would do, importing it once."""

import threading
import time
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client

from tests.factories import CampaignFactory, EvidenceFactory, MilestoneFactory
from tests.people import client_of, make_person, signed_in
from tests.views.ledgers import (
    CANARY,
    HEADER,
    Office,
    _today,
    choose,
    clerk,
    confirm,
    judge,
    office,
    page,
    sheet,
)
from tracker.choices import Deed, Role
from tracker.models import AuditEvent, Enterprise, Milestone, Project
from tracker.views import ledger as views

__all__ = ["_today", "clerk", "judge", "office"]

pytestmark = pytest.mark.django_db


def test_a_clerk_imports_new_and_changed_projects(office: Office, clerk: Client) -> None:
    address = choose(
        clerk,
        office.own_row(amount=42000),
        office.row(name="陈皮深加工", amount="3.5亿", signed="2023-09-01"),
    )

    preview = page(clerk, address)
    assert "导入：新增 1、更正 1" in preview
    assert "1.00 → 4.20 亿元" in preview
    assert "签约退回待认定" in preview
    assert Project.objects.count() == 2
    done = clerk.get(confirm(clerk, address).headers["Location"]).content.decode()

    assert "台账已导入" in done
    assert "李晓彤导入" in done
    assert Project.objects.get(code="A-1").investment_wan == 42_000
    made = Project.objects.get(name="陈皮深加工")
    assert (made.investment_wan, made.enterprise.name) == (35_000, "新公司")
    assert {step.status for step in Milestone.objects.all()} == {"pending"}
    written = made.history.get()
    assert written.history_user == office.clerk
    assert written.history_change_reason.startswith("台账导入，指纹 ")
    kept = AuditEvent.objects.get(action=Deed.IMPORTED)
    assert kept.detail.startswith("新增 1　更正 1　未变 0")
    assert kept.user == office.clerk
    # The audit has the whole sum, facts and pages its beginning.
    assert f"sha256 {written.history_change_reason[-12:]}" in kept.detail


@pytest.mark.parametrize("role", [Role.READER, Role.ADMINISTRATOR])
def test_who_may_not_import_sees_only_downloads(office: Office, role: Role, tmp_path: Path) -> None:
    client = client_of(role)

    shown = page(client, "/ledger/")

    assert "导出" not in shown
    assert 'type="file"' not in shown
    assert "/ledger/template/" not in shown
    assert '<b class="n">1</b> 个项目，不含保密项目' in shown
    assert client.post("/ledger/", {"sheet": sheet(office.row())}).status_code == 403
    assert not any((tmp_path / "ledger").glob("*"))


def test_another_persons_file_is_not_there(office: Office, clerk: Client) -> None:
    address = choose(clerk, office.row())
    colleague = signed_in(make_person(Role.LIAISON, teams=(office.team,)))

    for client in (colleague, client_of(Role.HEADQUARTERS)):
        assert client.get(address).status_code == 404
        assert client.get(f"{address}progress/").status_code == 404
        assert client.get(f"{address}faults/").status_code == 404
        assert client.post(address, {"do": "confirm"}).status_code == 404
        assert client.post(address, {"do": "discard"}).status_code == 404
    assert clerk.get(address).status_code == 200


def test_who_lost_the_right_meanwhile_gets_nothing(office: Office, clerk: Client) -> None:
    address = choose(clerk, office.row())
    sent = {"do": "confirm", "sha256": clerk.get(address).context["file"].sha256}
    office.clerk.memberships.all().delete()

    assert clerk.get(address).status_code == 403
    assert clerk.post(address, sent).status_code == 403
    assert Project.objects.count() == 2


def test_after_an_hour_a_file_is_gone(office: Office, clerk: Client) -> None:
    with time_machine.travel("2023-09-15 10:00+08:00") as moved:
        address = choose(clerk, office.row())
        moved.shift(59 * 60)
        assert clerk.get(address).status_code == 200
        sent = dict(do="confirm", sha256=clerk.get(address).context["file"].sha256, digest="x")
        moved.shift(2 * 60)

        gone = clerk.get(address)
        assert gone.status_code == 404
        assert "这份台账不在了" in gone.content.decode()
        assert clerk.post(address, sent).status_code == 404
    assert Project.objects.count() == 2


def test_a_get_changes_nothing(office: Office, clerk: Client) -> None:
    address = choose(clerk, office.own_row(amount=42000), office.row())
    before = Project.history.count()

    for query in ("", "?do=confirm", "?do=import", "?do=discard"):
        assert clerk.get(f"{address}{query}").status_code == 200
    clerk.head(address)
    clerk.get(f"{address}progress/")
    clerk.get(f"{address}faults/")

    assert Project.history.count() == before
    assert not AuditEvent.objects.filter(action=Deed.IMPORTED).exists()
    assert "导入：新增 1、更正 1" in page(clerk, address)


def test_bytes_that_changed_on_disk_are_refused(office: Office, clerk: Client) -> None:
    address = choose(clerk, office.row())
    shown = clerk.get(address)
    waiting = shown.context["file"]
    waiting.file.write_bytes(sheet(office.row(name="换掉的")).read())

    sent = dict(do="confirm", sha256=waiting.sha256, digest=shown.context["plan"].digest)
    response = clerk.post(address, sent, follow=True)

    assert response.status_code == 422
    assert "这份文件在服务器上被改动过" in response.content.decode()
    assert Project.objects.count() == 2


def test_a_confirmation_names_the_file_that_was_looked_at(office: Office, clerk: Client) -> None:
    address = choose(clerk, office.row())

    response = clerk.get(confirm(clerk, address, sha256="0" * 64).headers["Location"])

    assert "这不是刚才核对的那份文件" in response.content.decode()
    assert Project.objects.count() == 2


@pytest.mark.parametrize("digest", ["", "-", "0" * 64])
def test_a_confirmation_without_what_was_looked_at_writes_nothing(
    office: Office, clerk: Client, digest: str
) -> None:
    address = choose(clerk, office.row())

    response = clerk.get(confirm(clerk, address, digest=digest).headers["Location"])

    assert "有人改过表里的项目" in response.content.decode()
    assert Project.objects.count() == 2


def test_a_project_that_somebody_changed_meanwhile_is_looked_at_again(office: Office, clerk: Client) -> None:
    address = choose(clerk, office.own_row(amount=42000))
    shown = clerk.get(address)
    Project.objects.filter(pk=office.own.pk).update(investment_wan=20_000)

    sent = dict(do="confirm", sha256=shown.context["file"].sha256, digest=shown.context["plan"].digest)
    again = clerk.get(clerk.post(address, sent).headers["Location"])

    words = again.content.decode()
    assert "没有导入。" in words
    assert "有人改过表里的项目" in words
    assert "2.00 → 4.20 亿元" in words
    office.own.refresh_from_db()
    assert office.own.investment_wan == 20_000
    # What is shown now may be confirmed.
    confirm(clerk, address)
    office.own.refresh_from_db()
    assert office.own.investment_wan == 42_000


def test_a_second_confirmation_writes_nothing_more(office: Office, clerk: Client) -> None:
    address = choose(clerk, office.row())
    shown = clerk.get(address)
    sent = dict(do="confirm", sha256=shown.context["file"].sha256, digest=shown.context["plan"].digest)

    answers = [clerk.post(address, sent) for _ in range(3)]

    assert [answer.headers["Location"] for answer in answers] == [address] * 3
    assert Project.objects.filter(name="新项目").count() == 1
    assert AuditEvent.objects.filter(action=Deed.IMPORTED).count() == 1
    assert "台账已导入" in page(clerk, address)


def test_a_file_that_somebody_is_importing_is_watched(office: Office, clerk: Client) -> None:
    address = choose(clerk, office.row())
    shown = clerk.get(address)
    waiting = shown.context["file"]
    assert waiting.claim()
    sent = dict(do="confirm", sha256=waiting.sha256, digest=shown.context["plan"].digest)

    watching = page(clerk, address)
    assert "正在导入台账" in watching
    assert "data-work " not in watching
    for do in ("confirm", "import", "discard", "choose", "check"):
        assert clerk.post(address, sent | {"do": do}).headers["Location"] == address
    assert Project.objects.count() == 2
    assert clerk.get(f"{address}progress/").status_code == 200

    waiting.release()
    assert clerk.get(f"{address}progress/").headers["HX-Redirect"] == address
    assert "导入：新增 1" in page(clerk, address)


def test_the_claim_of_a_killed_server_lapses(office: Office, clerk: Client) -> None:
    with time_machine.travel(time.time()) as moved:
        address = choose(clerk, office.row())
        clerk.get(address).context["file"].claim()
        assert "正在导入台账" in page(clerk, address)

        moved.shift(16)
        assert "导入：新增 1" in page(clerk, address)
        confirm(clerk, address)

    assert Project.objects.filter(name="新项目").count() == 1


def test_a_clerk_cannot_recognise_by_a_forged_tick(office: Office, clerk: Client, judge: Client) -> None:
    step = MilestoneFactory(project=office.own, kind="reviewed", entered_by=make_person())
    EvidenceFactory(milestone=step)
    lines = (office.own_row(),)

    address = choose(clerk, *lines)
    assert "recognising" not in page(clerk, address)
    clerk.post(address, {"do": "choose", "recognising": "on"})
    shown = clerk.get(address).context
    # A clerk who was headquarters when he ticked it has no more right either.
    shown["file"].choose({"recognising": True})
    assert clerk.get(address).context["touched"] == 0
    confirm(clerk, address, recognising="on")
    step.refresh_from_db()
    assert step.status == "pending"

    address = choose(judge, *lines)
    assert "同时认定别人录入的待认定节点" in page(judge, address)
    judge.post(address, {"do": "choose", "recognising": "on"})
    assert clerk.get(address).status_code == 404
    assert "待认定 → 已认定" in page(judge, address)
    confirm(judge, address)
    step.refresh_from_db()
    assert (step.status, step.verified_by) == ("verified", office.judge)


def test_a_preview_tells_nothing_of_others_confidential_projects(office: Office, clerk: Client) -> None:
    guesses = [
        office.row(code="B-1", name="猜的项目", company="猜的公司", lead="乙队"),
        office.row(code="B-1", name="再猜", company="猜的公司"),
    ]
    header = HEADER.replace("签约日期", "项目内容")

    for line in guesses:
        address = choose(clerk, line, header=header)
        assert CANARY not in page(clerk, address)
        assert CANARY.encode() not in b"".join(clerk.get(f"{address}faults/"))
        answer = clerk.get(confirm(clerk, address).headers["Location"])
        assert CANARY not in answer.content.decode()
    assert Project.objects.get(code="B-1").name == f"{CANARY}项目"


def test_faults_are_told_and_nothing_is_written(office: Office, clerk: Client) -> None:
    address = choose(
        clerk, office.row(), office.row(name="另一个", amount="很多"), office.own_row(signed="2024-1-1")
    )

    shown = page(clerk, address)

    assert "要改的 2 处" in shown
    assert "“很多”认不出金额" in shown
    assert "2024-01-01 还没到" in shown
    assert "导入：" not in shown
    assert "核对改好的台账" in shown
    answer = clerk.get(confirm(clerk, address).headers["Location"])
    assert "没有导入。" in answer.content.decode()
    assert Project.objects.count() == 2


def test_what_is_unusual_is_asked_for(office: Office, clerk: Client) -> None:
    address = choose(clerk, office.row(amount="201亿") + ",x", header=f"{HEADER},领导批示")
    assert "核对属实，就在下面勾选后重新核对" in page(clerk, address)
    assert "领导批示：这 1 列不读" in page(clerk, address)

    clerk.post(address, {"do": "choose", "allow_large": "on"})
    assert "要改的 1 处" in page(clerk, address)
    clerk.post(address, {"do": "choose", "allow_large": "on", "ignore_unknown": "on"})
    assert "导入：新增 1" in page(clerk, address)

    confirm(clerk, address)
    assert Project.objects.get(name="新项目").investment_wan == 2_010_000


def test_nothing_to_import_is_said(office: Office, clerk: Client) -> None:
    shown = page(clerk, choose(clerk, office.own_row(signed="2023-3-1")))

    assert "没有要导入的" in shown
    assert "导入：" not in shown


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({}, "先选一份台账。"),
        ({"sheet": SimpleUploadedFile("空.csv", b"")}, "这份文件是空的。"),
        ({"sheet": "文字"}, "先选一份台账。"),
    ],
)
def test_a_choice_without_a_file_says_so(clerk: Client, sent: dict[str, Any], words: str) -> None:
    response = clerk.post("/ledger/", sent)

    assert response.status_code == 422
    assert words in response.content.decode()


def test_a_file_that_is_too_large_is_not_kept(clerk: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tracker.forms.ledger.LARGEST_FILE", 10)

    response = clerk.post("/ledger/", {"sheet": sheet("a")})

    assert response.status_code == 422
    assert "文件超过 20 MB" in response.content.decode()


@pytest.mark.parametrize(
    "content", [b"PK\x03\x04broken", b"\xd0\xcf\x11\xe0" * 40, "没有表头".encode(), b"\x00\x01"]
)
def test_an_unreadable_file_is_told_with_another_choice(clerk: Client, content: bytes) -> None:
    response = clerk.post("/ledger/", {"sheet": SimpleUploadedFile("表.xlsx", content)}, follow=True)

    words = response.content.decode()
    assert response.status_code == 422
    assert "这份文件读不了" in words
    assert 'type="file"' in words
    assert clerk.get(f"{response.request['PATH_INFO']}faults/").status_code == 422


def test_a_file_is_given_up(office: Office, clerk: Client) -> None:
    address = choose(clerk, office.row())

    response = clerk.post(address, {"do": "discard"}, follow=True)

    assert "没有导入，什么都没有改动" in response.content.decode()
    assert clerk.get(address).status_code == 404
    assert Project.objects.count() == 2


def test_a_day_to_look_back_to_is_left_behind(office: Office, clerk: Client) -> None:
    response = clerk.get("/ledger/?as_of=2023-06-01&basis=signed")
    assert response.headers["Location"] == "/ledger/"

    answer = clerk.post("/ledger/?as_of=2023-06-01", {"sheet": sheet(office.row())})
    assert "as_of" not in answer.headers["Location"]
    shown = page(clerk, f"{answer.headers['Location']}?as_of=2023-06-01")
    assert "导入：新增 1" in shown
    # The menu keeps the day for other pages.
    assert 'href="/ledger/?as_of' not in shown.partition("<main")[2]


def test_a_file_belongs_to_its_campaign(office: Office, clerk: Client) -> None:
    address = choose(clerk, office.row())
    CampaignFactory(code="next-year")

    assert clerk.get(f"{address}?campaign=next-year").status_code == 404


class TestLongFiles:
    @pytest.fixture(autouse=True)
    def _long(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(views, "QUICK_BYTES", 10)

    def test_are_checked_behind_their_progress(self, office: Office, clerk: Client) -> None:
        address = choose(clerk, office.row())

        working = page(clerk, address)
        assert "正在核对台账" in working
        assert 'hx-trigger="load"' in working
        assert 'name="do" value="check"' in working
        preview = clerk.post(address, {"do": "check"}, headers={"HX-Request": "true"})

        assert "导入：新增 1" in preview.content.decode()
        assert Project.objects.count() == 2

    def test_are_imported_behind_their_progress(self, office: Office, clerk: Client) -> None:
        address = choose(clerk, office.row())
        shown = clerk.post(address, {"do": "check"}).context
        sent = dict(sha256=shown["file"].sha256, digest=shown["plan"].digest)
        by_script = {"HX-Request": "true"}

        working = clerk.post(address, sent | {"do": "confirm"}, headers=by_script)
        assert "正在导入台账" in working.content.decode()
        assert sent["digest"] in working.content.decode()
        assert Project.objects.count() == 2
        done = clerk.post(address, sent | {"do": "import"}, headers=by_script)

        assert done.headers["HX-Redirect"] == address
        assert "台账已导入" in page(clerk, address)
        assert clerk.get(f"{address}progress/").headers["HX-Redirect"] == address

    def test_are_imported_at_once_without_a_script(self, office: Office, clerk: Client) -> None:
        address = choose(clerk, office.row())
        shown = clerk.post(address, {"do": "check"}).context
        sent = dict(do="confirm", sha256=shown["file"].sha256, digest=shown["plan"].digest)

        assert clerk.post(address, sent).headers["Location"] == address
        assert "台账已导入" in page(clerk, address)

    def test_that_cannot_be_read_say_so_to_the_script(self, clerk: Client) -> None:
        address = choose(clerk, header="没有表头的一份文件")

        answer = clerk.post(address, {"do": "check"}, headers={"HX-Request": "true"})

        assert answer.status_code == 200
        assert "这份文件读不了" in answer.content.decode()

    def test_tell_how_far_they_are(self, office: Office, clerk: Client) -> None:
        address = choose(clerk, office.row())
        waiting = clerk.get(address).context["file"]
        waiting.tell("读取", 3400, 5000)

        told = page(clerk, f"{address}progress/")

        assert "3 400 / 5 000" in told
        assert 'aria-valuenow="34"' in told
        assert 'width="34%"' in told
        waiting.tell("与现有项目比对", 5000, 5000)
        assert 'aria-valuenow="50"' in page(clerk, f"{address}progress/")

    def test_whose_server_was_killed_are_opened_anew(self, office: Office, clerk: Client) -> None:
        with time_machine.travel(time.time()) as moved:
            address = choose(clerk, office.row())
            clerk.get(address)
            assert clerk.get(f"{address}progress/").status_code == 200
            assert "HX-Redirect" not in clerk.get(f"{address}progress/").headers
            moved.shift(16)
            assert clerk.get(f"{address}progress/").headers["HX-Redirect"] == address


@pytest.mark.django_db(transaction=True)
def test_two_confirmations_at_once_write_once(office: Office) -> None:
    first = signed_in(office.clerk)
    address = choose(first, office.row(), office.own_row(amount=42000))
    shown = first.get(address)
    sent = dict(do="confirm", sha256=shown.context["file"].sha256, digest=shown.context["plan"].digest)
    clients = [signed_in(office.clerk) for _ in range(4)]
    answers: list[int] = []

    def post(client: Client) -> None:
        answers.append(client.post(address, sent).status_code)
        connection.close()

    threads = [threading.Thread(target=post, args=(client,)) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert answers == [302] * 4
    assert Project.objects.filter(name="新项目").count() == 1
    assert Enterprise.objects.filter(name="新公司").count() == 1
    assert AuditEvent.objects.filter(action=Deed.IMPORTED).count() == 1
