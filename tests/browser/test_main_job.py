"""From the signing on a clerk's phone to the figures of the district, and back again."""

import re
from decimal import Decimal

import pytest
from playwright.sync_api import Page, expect

from .conftest import LAPTOP, PHONE, SignIn, Watched

pytestmark = pytest.mark.browser

TEAM, HOST, BRIGADE, HOSTS_BRIGADE = "chain-health", "town-huicheng", "chain", "guifeng"
SCOPES = {
    "district": "",
    "brigade": f"&brigade={BRIGADE}",
    "hosts brigade": f"&brigade={HOSTS_BRIGADE}",
    "team": f"&team={TEAM}",
    "host": f"&team={HOST}",
}
ADDED = {
    "district": Decimal("8.00"),
    "brigade": Decimal("5.60"),
    "hosts brigade": Decimal("2.40"),
    "team": Decimal("5.60"),
    "host": Decimal("2.40"),
}


def figures(watched: Watched, basis: str) -> dict[str, Decimal]:
    """The sums that the lists behind the figures print, in 亿元."""
    found = {}
    for scope, query in SCOPES.items():
        page = watched.open(f"/projects/?counted={basis}{query}")
        sums = page.locator(".sums").inner_text()
        match = re.search(r"计入\s*([\d,.]+)\s*亿元", sums)
        found[scope] = Decimal(match[1].replace(",", "")) if match else Decimal(0)
    return found


def number_of_projects(watched: Watched) -> int:
    sums = watched.open("/projects/").locator(".sums").inner_text()
    match = re.search(r"共\s*(\d+)\s*个项目", sums)
    assert match is not None
    return int(match[1])


def pledge_address(watched: Watched) -> str:
    page = watched.open(f"/teams/{TEAM}/")
    address = page.locator('a[href^="/pledges/"]:not([href="/pledges/"])').evaluate_all(
        "links => links.map(link => link.getAttribute('href')).find(href => /^.pledges.\\d+./.test(href))"
    )
    assert address
    return str(address).partition("?")[0]


def assert_shown(watched: Watched, basis: str, sums: dict[str, Decimal]) -> None:
    """The pages that headquarters reads print the very sums that the lists add up to."""
    pages = {
        "/": "district",
        f"/brigades/{BRIGADE}/": "brigade",
        f"/teams/{TEAM}/": "team",
        pledge_address(watched): "team",
    }
    for address, scope in pages.items():
        page = watched.open(f"{address}?basis={basis}")
        assert f"{sums[scope]:,.2f}" in page.locator("main").inner_text(), address


def plus(sums: dict[str, Decimal]) -> dict[str, Decimal]:
    return {scope: value + ADDED[scope] for scope, value in sums.items()}


def log_project(clerk: Watched) -> str:
    page = clerk.open("/projects/new/")
    page.fill("#id_enterprise", "珠西储能科技公司")
    expect(page.locator("#enterprise-check")).to_contain_text("广东珠西储能科技有限公司")
    # The answer to the last letters typed would bring the question back.
    page.wait_for_load_state("networkidle")
    page.get_by_role("button", name="不是，按新企业登记").click()
    expect(page.locator("#enterprise-check .ask")).to_have_count(0)
    page.fill("#id_enterprise", "江门康泽生物医药有限公司")
    page.fill("#id_name", "创新药械产业园")
    page.fill("#id_investment_wan", "8亿")
    expect(page.locator("#amount-check")).to_contain_text("8.00")
    page.select_option("#id_chain", label="大健康")
    page.select_option("#id_lead", TEAM)
    page.fill("#id_signed_on", "2022-12-30")
    expect(page.locator("#day-check")).to_contain_text("不在 2023 年度里")
    page.fill("#id_signed_on", "2023-09-14")
    expect(page.locator("#day-check")).not_to_contain_text("不在")
    page.select_option("#id_partner_1", HOST)
    page.fill("#id_share_1", "30")
    expect(page.locator("#shares-check")).to_contain_text("70%")
    page.get_by_role("button", name="登记并提交认定").click()
    expect(page.locator("main")).to_contain_text("已登记并提交认定")
    return page.url.rstrip("/").rpartition("/")[2].partition("?")[0]


def enter_landing(clerk: Watched, code: str) -> None:
    page = clerk.open(f"/projects/{code}/milestones/landed/")
    page.fill("#id_happened_on", "2023-09-15")
    page.get_by_role("button", name="登记落地并提交认定").click()
    expect(page.locator("main")).to_contain_text("已登记落地，等指挥部认定。")


def recognise(judge: Watched, code: str) -> None:
    page = judge.open("/verify/")
    page.locator(f'a[href^="/verify/{code}/"]').first.click()
    page.get_by_role("button", name="认定并计入").click()
    expect(page.locator("main")).to_contain_text("补齐再认定，或写明缺件认定的理由。")
    page.fill("#id_despite", "区领导现场确认，材料后补")
    page.get_by_role("button", name="认定并计入").click()
    expect(page.locator("main")).to_contain_text("已认定并计入：创新药械产业园")


def withdraw(judge: Watched, code: str) -> None:
    page = judge.open(f"/projects/{code}/")
    page.locator("summary", has_text="撤回认定").click()
    page.fill("#withdraw-landed", "企业尚未在本区注册")
    page.locator('form[action*="/landed/withdraw/"] button').click()
    expect(page.locator("main")).to_contain_text("已撤回落地的认定，合计数已相应减少。")


def assert_may_not_recognise(clerk: Watched, code: str) -> None:
    for address in ("/verify/", f"/verify/{code}/"):
        page: Page = clerk.open(address)
        expect(page.locator("h1")).to_have_text("认定由指挥部办理。")
        assert page.locator('a[href^="/verify/"]').count() == 0


def test_a_signing_moves_every_figure_by_exactly_its_amount(sign_in: SignIn) -> None:
    clerk = sign_in("lianluo", PHONE, device_scale_factor=2, is_mobile=True, has_touch=True)
    judge = sign_in("zhihuibu", LAPTOP)
    signed, landed = figures(judge, "signed"), figures(judge, "landed")
    projects = number_of_projects(judge)

    code = log_project(clerk)
    assert_may_not_recognise(clerk, code)
    assert figures(judge, "signed") == signed
    assert number_of_projects(judge) == projects + 1

    recognise(judge, code)
    assert figures(judge, "signed") == plus(signed)
    assert_shown(judge, "signed", plus(signed))

    enter_landing(clerk, code)
    assert figures(judge, "landed") == landed
    recognise(judge, code)
    assert figures(judge, "landed") == plus(landed)
    assert_shown(judge, "landed", plus(landed))

    withdraw(judge, code)
    assert figures(judge, "landed") == landed
    assert_shown(judge, "landed", landed)
    assert figures(judge, "signed") == plus(signed)
