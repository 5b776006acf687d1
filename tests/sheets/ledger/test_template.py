"""The empty ledger: what may be chosen, what must be filled, and that it is imported as nothing."""

import io

import pytest
from openpyxl import Workbook, load_workbook

from tests.factories import (
    BrigadeFactory,
    CampaignFactory,
    IndustryChainFactory,
    PlaceFactory,
    TeamFactory,
)
from tracker.models import Campaign
from tracker.sheets.ledger.columns import LedgerResource
from tracker.sheets.ledger.reading import read_ledger
from tracker.sheets.ledger.template import ledger_template

pytestmark = pytest.mark.django_db


@pytest.fixture
def campaign() -> Campaign:
    campaign: Campaign = CampaignFactory(is_current=True)
    brigade = BrigadeFactory(campaign=campaign)
    TeamFactory(brigade=brigade, name="服务专班", short_name="专班", kind="service", position=0)
    TeamFactory(brigade=brigade, name="大健康产业招商分队", short_name="大健康", position=1)
    IndustryChainFactory(name="大健康")
    PlaceFactory(name="会城街道")
    return campaign


@pytest.fixture
def ledger(campaign: Campaign) -> LedgerResource:
    return LedgerResource(campaign)


@pytest.fixture
def book(ledger: LedgerResource) -> Workbook:
    return load_workbook(io.BytesIO(ledger_template(ledger)))


def test_it_has_the_ledgers_columns_and_stars_what_must_be_filled(
    book: Workbook, ledger: LedgerResource
) -> None:
    head = [cell.value for cell in book.worksheets[0][1]]

    assert book.sheetnames == ["项目台账", "填写说明", "可选名称"]
    assert head == ["序号", *map(ledger.heading, ledger.fields)]
    assert [title for title in head if title.endswith("*")] == [
        "项目名称*", "投资企业*", "产业链*", "投资总额（万元）*", "牵头队伍*",
    ]  # fmt: skip
    assert book.worksheets[0].freeze_panes == "D2"


def test_its_example_and_its_rules_are_imported_as_nothing(ledger: LedgerResource) -> None:
    read = read_ledger(ledger_template(ledger), ledger)

    assert read.rows == []
    assert [fault.reason for fault in read.faults] == ["表头下面还没有项目。"]
    assert read.unknown == []
    assert read.notes == ["跳过合计、说明行 1 行（第 2 行）。"]


def test_its_example_would_be_understood(ledger: LedgerResource) -> None:
    """Only the word 示例 keeps it from being imported: every cell of it is right."""
    book = load_workbook(io.BytesIO(ledger_template(ledger)))
    book.worksheets[0]["A2"] = 1
    target = io.BytesIO()
    book.save(target)

    read = read_ledger(target.getvalue(), ledger)

    assert read.faults == []
    (row,) = read.rows
    assert (row.get("investment_wan"), row.get("output_wan")) == (35_000, 50_000)
    assert row.get("lead").name == "大健康产业招商分队"
    assert (row.get("chain").name, row.get("kind"), row.get("is_on_wall")) == ("大健康", "new", True)
    assert f"{row.get('signed')} {row.get('planned_start')}" == "2023-02-23 2023-09-30"


def test_a_row_below_the_example_is_read(ledger: LedgerResource) -> None:
    book = load_workbook(io.BytesIO(ledger_template(ledger)))
    book.worksheets[0]["C3"] = "陈皮深加工"
    target = io.BytesIO()
    book.save(target)

    (row,) = read_ledger(target.getvalue(), ledger).rows

    assert (row.number, row.get("name")) == (3, "陈皮深加工")


def test_what_may_be_chosen_drops_down(book: Workbook, ledger: LedgerResource) -> None:
    sheet, names = book.worksheets[0], book["可选名称"]
    letters = {key: sheet.cell(1, number).column_letter for number, key in enumerate(ledger.fields, start=2)}
    offers = {str(rule.sqref).split(":")[0][:-1]: rule for rule in sheet.data_validations.dataValidation}

    assert offers[letters["is_confidential"]].formula1 == '"是,否"'
    assert offers[letters["kind"]].formula1 == '"新引进,增资扩产,工改工"'
    assert offers[letters["state"]].formula1 == '"推进,延期,停滞,流失,终止"'
    listed = {}
    for key in ("chain", "place", "lead"):
        source = offers[letters[key]].formula1
        assert source.startswith("可选名称!$")
        listed[key] = [row[0].value for row in names[source.partition("!")[2].replace("$", "")]]
    assert listed["lead"] == ["服务专班", "大健康产业招商分队"]
    assert "大健康" in listed["chain"]
    assert "会城街道" in listed["place"]
    # The list offers and does not insist: a short name is understood too.
    assert not any(rule.showErrorMessage for rule in offers.values())
    assert {str(rule.sqref).split(":")[1][-4:] for rule in offers.values()} == {"2000"}


def test_codes_stay_text_and_days_become_days(book: Workbook, ledger: LedgerResource) -> None:
    sheet = book.worksheets[0]
    formats = {
        key: sheet.column_dimensions[sheet.cell(1, number).column_letter].number_format
        for number, key in enumerate(ledger.fields, start=2)
    }

    assert (formats["uscc"], formats["contact_phone"]) == ("@", "@")
    assert (formats["signed"], formats["planned_start"]) == ("yyyy-mm-dd", "yyyy-mm-dd")
    assert formats["investment_wan"] == "General"


def test_every_column_has_its_rule(book: Workbook, ledger: LedgerResource) -> None:
    rules = {row[0].value: row[1].value for row in book["填写说明"].iter_rows() if row[0].value}

    for key in ledger.fields:
        assert rules[ledger.heading(key)], key
    assert rules["企业性质"] == "内资、外资、港澳台资、侨资。"
