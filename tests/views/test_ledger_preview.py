"""What the preview says of a file's rows."""

import pytest
from django.test import Client

from tests.views.ledgers import HEADER, Office, _today, choose, clerk, office, page
from tracker.models import Project
from tracker.views.ledger_preview import near, runs

__all__ = ["_today", "clerk", "office"]


@pytest.mark.parametrize(
    ("numbers", "words"),
    [
        ([], ""),
        ([2], "2"),
        ([2, 3], "2–3"),
        ([2, 3, 5], "2–3、5"),
        ([2, 2, 3], "2–3"),
        ([2, 4, 6, 7], "2、4、6–7"),
        ([2, 4, 6, 8], "2、4、6 等 4 行"),
        ([2, 3, 4, 6, 8, 10, 11], "2–4、6、8 等 7 行"),
    ],
)
def test_rows_are_written_as_runs(numbers: list[int], words: str) -> None:
    assert runs(numbers) == words


def test_short_texts_are_shown_whole() -> None:
    assert near("甲" * 90, "乙") == ("甲" * 90, "乙")


def test_long_texts_are_shown_where_they_part() -> None:
    same = "同" * 200

    before, after = near(same + "旧的说法" + same, same + "新的说法" + same)

    assert before == "…" + "同" * 12 + "旧的说法" + "同" * 74 + "…"
    assert after == "…" + "同" * 12 + "新的说法" + "同" * 74 + "…"


def test_a_long_text_that_goes_or_grows_shows_that() -> None:
    text = "字" * 100

    assert near(text, "") == ("字" * 90 + "…", "")
    assert near(text, text + "尾巴") == ("…" + "字" * 12, "…" + "字" * 12 + "尾巴")


@pytest.mark.django_db
def test_the_same_fault_of_many_rows_is_said_once(office: Office, clerk: Client) -> None:
    rows = [office.row(name=f"项目{number}", chain="没有的链") for number in range(5)]

    shown = clerk.get(choose(clerk, *rows, office.row(name="好的"))).context

    assert (shown["fault_count"], shown["faults"].total) == (5, 1)
    (fault,) = shown["faults"].rows
    assert (fault.rows, fault.label, fault.value) == ("2–6", "产业链", "没有的链")


@pytest.mark.django_db
def test_rows_with_a_fault_are_not_among_the_changes(office: Office, clerk: Client) -> None:
    shown = clerk.get(choose(clerk, office.own_row(amount="很多"), office.row())).context

    assert [row.number for row in shown["changed"].rows] == []
    assert [(row.number, row.name, row.lead) for row in shown["new"].rows] == [(3, "新项目", "甲队")]


@pytest.mark.django_db
def test_a_change_says_what_is_and_what_will_be(office: Office, clerk: Client) -> None:
    address = choose(clerk, office.own_row(name="储能电芯二期", amount="4.2亿", signed="2023-06-06"))

    (row,) = clerk.get(address).context["changed"].rows

    assert (row.number, row.code, row.name) == (2, "A-1", "储能电芯")
    assert [(one.label, one.before, one.after, one.unit, one.also) for one in row.changes] == [
        ("项目名称", "储能电芯", "储能电芯二期", "", ""),
        ("投资总额", "10 000", "42 000", "万元", "1.00 → 4.20 亿元"),
        ("签约日期", "2023-03-01", "2023-06-06", "", ""),
    ]
    assert (row.losses, row.gains) == (["签约退回待认定"], [])
    assert "其中 1 个项目的已认定节点会退回待认定" in page(clerk, address)


@pytest.mark.django_db
def test_phones_are_not_told_whole(office: Office, clerk: Client) -> None:
    Project.objects.filter(code="A-1").update(contact_phone="13800000021")
    header = HEADER.replace("签约日期", "联系电话")

    shown = page(clerk, choose(clerk, office.own_row(signed="0750-6633221"), header=header))

    assert "138****0021" in shown
    assert "13800000021" not in shown
    assert "0750-****221" in shown


@pytest.mark.django_db
def test_a_new_project_is_told_in_a_line(office: Office, clerk: Client) -> None:
    address = choose(clerk, office.row(signed="2023-02-23"), office.row(name="旧年", signed="2022-12-30"))

    rows = clerk.get(address).context["new"].rows

    assert [(row.name, row.enterprise, row.investment_wan, row.lead, row.days) for row in rows] == [
        ("新项目", "新公司", 35_000, "甲队", "签约 2/23"),
        ("旧年", "新公司", 35_000, "甲队", "签约 2022-12-30"),
    ]


@pytest.mark.django_db
def test_of_many_rows_the_first_are_listed_and_folded(office: Office, clerk: Client) -> None:
    rows = [office.row(name=f"项目{number}", company=f"第{number}家完全不同的公司") for number in range(203)]

    address = choose(clerk, *rows)

    new = clerk.get(address).context["new"]
    assert (new.total, len(new.rows), new.more) == (203, 200, 3)
    shown = page(clerk, address)
    assert '另有 <b class="n">3</b> 个新项目没有列出' in shown
    assert '<details class="panel ledger-part">' in shown
    assert "导入：新增 203" in shown
