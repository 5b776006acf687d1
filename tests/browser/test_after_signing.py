"""After the signing, on a telephone: a need is taken down and answered, an order is given, met and closed."""

import re

import pytest
from playwright.sync_api import expect

from .conftest import PHONE, SignIn, Watched

pytestmark = pytest.mark.browser
TELEPHONE = {"device_scale_factor": 2, "is_mobile": True, "has_touch": True}


def number_in(address: str) -> str:
    match = re.search(r"/(\d+)/", address)
    assert match is not None
    return match[1]


def raise_request(clerk: Watched) -> str:
    page = clerk.open("/requests/new/")
    page.fill("#id_enterprise", "江门健敷医疗科技")
    expect(page.locator("#enterprise-check")).to_contain_text("江门健敷医疗科技有限公司")
    page.get_by_role("button", name="就是这家，用它").click()
    page.select_option("#id_kind", label="用能")
    page.fill("#id_text", "敷料车间要增容 800 千伏安。")
    page.fill("#id_raised_at", "2023-09-14T09:30")
    page.get_by_role("button", name="登记诉求").click()
    expect(page.locator("h1")).to_have_text("江门健敷医疗科技有限公司")
    expect(page.locator(".clock")).to_contain_text("前要给企业首次答复")
    return number_in(page.url)


def answer_request(clerk: Watched, number: str) -> None:
    page = clerk.open(f"/requests/{number}/")
    page.get_by_role("button", name="记下首次答复").click()
    expect(page.locator("main")).to_contain_text("请写怎样答复了企业。")
    page.fill("#id_answer-text", "已约供电部门明天到现场。")
    page.get_by_role("button", name="记下首次答复").click()
    expect(page.locator("main")).to_contain_text("已答复")
    page.locator("summary", has_text="交办给别的单位").click()
    page.select_option("#id_hand-owner", label="供电部门")
    page.fill("#id_hand-reason", "增容方案由供电部门出")
    page.get_by_role("button", name="交办", exact=True).click()
    expect(page.locator("main")).to_contain_text("已交给供电部门，24 小时照走。")


def issue(office: Watched) -> str:
    page = office.open("/directives/new/")
    page.select_option("#id_office", label="新能源产业招商分队")
    page.fill("#id_subject", "储能变流器项目设备进场")
    page.fill("#id_text", "设备月底前进场，逐台报。")
    page.select_option("#id_within", "3")
    page.get_by_role("button", name="签发督办单").click()
    expect(page.locator("h1")).to_have_text("储能变流器项目设备进场")
    expect(page.locator("main")).to_contain_text("9 月 20 日")
    return number_in(page.url)


def answer_directive(captain: Watched, number: str) -> None:
    page = captain.open("/directives/")
    page.locator(f'a[href^="/directives/{number}/"]').click()
    page.fill("#id_answer-text", "首批 6 台已进场。")
    page.get_by_role("button", name="答复，等销号").click()
    expect(page.locator("main")).to_contain_text("已答复，等指挥部销号。")
    assert page.get_by_role("button", name="销号", exact=True).count() == 0


def close(office: Watched, number: str) -> None:
    page = office.open(f"/directives/{number}/")
    page.get_by_role("button", name="退回重办").click()
    expect(page.locator("main")).to_contain_text("退回重办要写明理由")
    page.get_by_role("button", name="销号", exact=True).click()
    expect(page.locator("main")).to_contain_text(f"督办单第{number}号已销号。")


def list_elements(captain: Watched) -> None:
    page = captain.open("/projects/")
    page.get_by_role("link", name="储能电芯及结构件基地").first.click()
    page.locator("#elements a", has_text="填写").click()
    page.select_option("#id_water-status", label="已承诺")
    page.fill("#id_water-promised_on", "2023-09-10")
    page.get_by_role("button", name="存要素保障").click()
    expect(page.locator("#elements")).to_contain_text("过 5 天")


def test_nothing_stalls_and_nobody_waits(sign_in: SignIn) -> None:
    clerk, captain, office = (
        sign_in(username, PHONE, **TELEPHONE) for username in ("lianluo", "duizhang", "zhihuibu")
    )

    request = raise_request(clerk)
    answer_request(clerk, request)
    expect(office.open("/requests/").locator("main")).to_contain_text("江门健敷医疗科技有限公司")

    directive = issue(office)
    answer_directive(captain, directive)
    close(office, directive)
    list_elements(captain)
