"""After the signing, on a telephone: a note in one go, today, and headquarters' month ends."""

import re

import pytest
from playwright.sync_api import expect

from .conftest import PHONE, SignIn, Watched

pytestmark = pytest.mark.browser


def first_project(watched: Watched, team: str) -> str:
    page = watched.open(f"/projects/?team={team}&stage=signed")
    links = page.locator("main a.row-name").evaluate_all(
        "links => links.map(link => link.getAttribute('href'))"
    )
    return str(links[0]).partition("?")[0]


def test_a_note_its_reminder_and_its_end(sign_in: SignIn) -> None:
    clerk = sign_in("lianluo", PHONE)
    page = clerk.open(first_project(clerk, "chain-health"))

    page.get_by_label("跟进情况").fill("到企业走访，谈妥进场时间")
    page.locator("#id_next_step").fill("送施工许可清单")
    page.get_by_label(re.compile("明天")).check()
    page.get_by_role("button", name="记下跟进").click()

    expect(page.locator("#follow-ups .notes li").first).to_contain_text("谈妥进场时间")
    expect(page.locator(".banner, .messages").first).to_contain_text("提醒")
    page = clerk.open("/today/")
    doing = page.locator(".doings li", has_text="送施工许可清单")
    expect(doing).to_have_count(1)
    doing.get_by_role("button", name="办成了").click()
    expect(page.locator(".doings li", has_text="送施工许可清单")).to_have_count(0)


def test_a_captain_puts_a_day_off_with_a_reason(sign_in: SignIn) -> None:
    captain = sign_in("duizhang", PHONE)
    address = first_project(captain, "chain-new-energy")
    page = captain.open(f"{address}plan/")
    page.fill("#id_plan_landed", "2023-10-10")
    page.fill("#id_reason", "等用地批复")
    page.get_by_role("button", name="保存计划日").click()
    page = captain.open(f"{address}plan/")
    page.fill("#id_plan_landed", "2023-11-10")
    page.get_by_role("button", name="保存计划日").click()

    expect(page.locator("#field-reason .error, .faults").first).to_contain_text("要写原因")
    page.fill("#id_reason", "供地推后一个月")
    page.get_by_role("button", name="保存计划日").click()

    expect(page.locator(".story").first).to_contain_text("供地推后一个月")


def test_a_warning_names_its_team_in_full_on_a_telephone(sign_in: SignIn) -> None:
    page = sign_in("zhidu", PHONE).open("/warnings/")

    cut = page.locator("td.c-team, td.c-owner").evaluate_all(
        "cells => cells.filter(c => c.scrollWidth > c.clientWidth + 1).map(c => c.innerText)"
    )

    assert cut == []


def test_headquarters_keeps_a_month_and_decides(sign_in: SignIn) -> None:
    office = sign_in("zhihuibu2", PHONE)
    page = office.open("/today/")
    expect(page.get_by_role("heading", name="催报")).to_be_visible()

    page = office.open("/month-ends/")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    expect(page.locator(".talks tbody tr").first).to_have_css("display", "grid")
    page.locator(".months form button").first.click()
    expect(page.locator(".months li").first).to_contain_text("已定格")
    page.get_by_role("link", name="决定", exact=True).first.click()
    page.get_by_label("暂缓", exact=True).check()
    page.get_by_role("button", name="记下决定").click()
    expect(page.locator(".error, .faults").first).to_contain_text("要写说明")
    page.fill("#id_reason", "两个项目月内落地")
    page.get_by_role("button", name="记下决定").click()

    expect(page.locator(".talks")).to_contain_text("两个项目月内落地")
