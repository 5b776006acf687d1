"""台账 as files: who may take which rows and columns along."""

import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import Workbook, load_workbook

from tests.factories import make_project
from tests.people import client_of
from tests.views.ledgers import CANARY, Office, _today, choose, clerk, judge, office, page
from tracker.choices import Deed, Role
from tracker.models import AuditEvent

__all__ = ["_today", "clerk", "judge", "office"]

pytestmark = pytest.mark.django_db


def book(client: Client, address: str) -> Workbook:
    response: Any = client.get(address)
    assert response.status_code == 200
    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["Content-Disposition"].startswith("attachment")
    return load_workbook(io.BytesIO(b"".join(response)))


def rows(client: Client, address: str = "/ledger/export/") -> tuple[list[str], list[str]]:
    """The heads, and the codes of the rows."""
    sheet = book(client, address).worksheets[0]
    head, *lines = [[cell.value for cell in row] for row in sheet.iter_rows()]
    return [str(title) for title in head], [str(line[0]) for line in lines]


def test_a_clerk_takes_the_own_projects_with_their_phones(office: Office, clerk: Client) -> None:
    head, codes = rows(clerk)

    assert codes == ["A-1"]
    assert {"联系人", "联系电话"} <= set(head)
    assert '参与的 <b class="n">1</b> 个项目' in page(clerk, "/ledger/")


def test_headquarters_takes_everything(office: Office, judge: Client) -> None:
    head, codes = rows(judge)

    assert codes == ["A-1", "B-1"]
    assert "联系电话" in head
    assert '全部 <b class="n">2</b> 个项目' in page(judge, "/ledger/")


def test_a_reader_takes_what_may_be_read_without_phones(office: Office) -> None:
    reader = client_of(Role.READER)

    head, codes = rows(reader)

    assert codes == ["A-1"]
    assert not {"联系人", "联系电话"} & set(head)
    assert "项目编号" in head


def test_nobody_takes_others_confidential_projects(office: Office, clerk: Client) -> None:
    for client in (clerk, client_of(Role.READER), client_of(Role.ADMINISTRATOR)):
        for query in ("", "?format=csv"):
            content = b"".join(client.get(f"/ledger/export/{query}")).decode("utf-8", "replace")
            assert CANARY not in content


def test_csv_has_the_same_lines(office: Office, clerk: Client) -> None:
    response: Any = clerk.get("/ledger/export/?format=csv")

    lines = b"".join(response).decode("utf-8-sig").splitlines()
    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert ".csv" in response.headers["Content-Disposition"]
    assert lines[0].split(",")[:2] == ["项目编号", "项目名称"]
    assert len(lines) == 2


def test_what_is_taken_along_is_kept_in_the_audit(office: Office, clerk: Client) -> None:
    clerk.get("/ledger/export/?format=csv")

    kept = AuditEvent.objects.get(action=Deed.EXPORTED)
    assert (kept.user, kept.reference) == (office.clerk, "2023年度项目台账.csv")
    assert "sha256" in kept.detail


@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_what_is_taken_along_comes_back_unchanged(office: Office, judge: Client, form: str) -> None:
    content = b"".join(judge.get(f"/ledger/export/?format={form}"))

    response = judge.post("/ledger/", {"sheet": SimpleUploadedFile(f"台账.{form}", content)}, follow=True)

    plan = response.context["plan"]
    assert (plan.new, plan.changed, plan.unchanged, plan.faults) == (0, 0, 2, [])


def test_the_template_is_for_who_may_import(office: Office, clerk: Client) -> None:
    assert book(clerk, "/ledger/template/").sheetnames == ["项目台账", "填写说明", "可选名称"]
    assert client_of(Role.READER).get("/ledger/template/").status_code == 403


def test_the_copy_with_faults_is_named_after_the_file(office: Office, clerk: Client) -> None:
    address = choose(clerk, office.row(amount="很多"), name="九月台账.csv")

    response: Any = clerk.get(f"{address}faults/")
    copy = load_workbook(io.BytesIO(b"".join(response)))

    assert (
        "%E4%B9%9D%E6%9C%88%E5%8F%B0%E8%B4%A6-%E6%A0%87%E9%94%99.xlsx"
        in response.headers["Content-Disposition"]
    )
    assert copy.sheetnames == ["台账", "错误清单"]
    assert copy.worksheets[0]["E2"].comment.text.startswith("“很多”认不出金额")


def test_the_number_of_queries_does_not_grow_with_the_rows(
    office: Office, judge: Client, django_assert_num_queries: Any
) -> None:
    judge.get("/ledger/export/")
    with django_assert_num_queries(12):
        b"".join(judge.get("/ledger/export/"))
    for _ in range(2):
        make_project(office.team, signed="3-1")
    with django_assert_num_queries(12):
        b"".join(judge.get("/ledger/export/"))
