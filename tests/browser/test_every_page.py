"""Every page as every role at three widths: it fits, speaks Chinese, and runs nobody's script."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page

from .conftest import LAPTOP, PHONE, ROOT, WALL, SignIn, Watched

pytestmark = pytest.mark.browser

COMMON = [
    "/",
    "/?basis=signed",
    "/pledges/",
    "/brigades/chain/",
    "/teams/chain-health/",
    "/projects/",
    "/ledger/",
    "/readings/",
]
PAGES = {
    "zhidu": [
        *COMMON,
        "/projects/?q=%E6%B2%A1%E6%9C%89",
        "/password/",
        "/sessions/",
        "/?as_of=2023-02-01",
        "/nowhere/",
    ],
    "lianluo": [*COMMON, "/projects/new/", "/verify/", "/admin/"],
    "duizhang": ["/", "/teams/chain-new-energy/", "/projects/new/"],
    "zhihuibu2": [*COMMON, "/projects/new/", "/verify/", "/allocation/", "/readings/enter/", "/admin/"],
    "guanli": ["/", "/accounts/", "/accounts/new/", "/accounts/sheet/", "/two-step/", "/admin/"],
}
# The first address on a list page that leads to one of its rows.
FIRST_ROWS = {
    "/pledges/": r"^/pledges/\d+/",
    "/projects/": r"^/projects/XH2023-\d+/",
    "/verify/": r"^/verify/XH2023-\d+/",
    "/accounts/": r"^/accounts/\d+/",
}
# Codes, figures and names of products that the office writes in Latin letters itself.
LATIN = re.compile(
    r"XH\d{4}-\d+|\b[0-9A-Z]{18}\b|GDP|PDF|JPG|PNG|DOCX|XLSX|OFD"
    r"|(?:校验码|指纹) [0-9a-f]+|Excel|CSV|xlsx|csv|pdf|A4|TOTP|Chrome|Linux|\b[a-z]+2?(?=[ ·,，、\n\t]|$)"
)
ENGLISH = re.compile(r"[A-Za-z]{3,}")
WIDE = """() => document.documentElement.scrollWidth > document.documentElement.clientWidth
  ? [...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > innerWidth + 1)
      .slice(0, 3).map(e => e.tagName + '.' + e.className) : []"""
PAYLOADS = {
    "name": "<img src=x onerror=window.owned=1>龘𰻞",
    "enterprise": "</script><script>window.owned=1</script>公司",
    "note": '"><svg onload=window.owned=1>',
}


def visit(watched: Watched, addresses: list[str]) -> list[str]:
    """Opens each address and the first row that it leads to; gives what does not fit or is not Chinese."""
    wrong = []
    for address in addresses:
        page = watched.open(address)
        wrong += looked_over(page, address)
        row = first_row(page, address)
        if row:
            wrong += looked_over(watched.open(row), row)
    return wrong


def first_row(page: Page, address: str) -> str:
    pattern = FIRST_ROWS.get(address)
    if pattern is None:
        return ""
    links = page.locator("main a").evaluate_all("links => links.map(link => link.getAttribute('href') || '')")
    return next((link for link in links if re.match(pattern, link)), "")


def looked_over(page: Page, address: str) -> list[str]:
    wrong = []
    for size in (WALL, LAPTOP, PHONE):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        overflow = page.evaluate(WIDE)
        if overflow:
            wrong.append(f"{address} at {size['width']}: {overflow}")
    page.set_viewport_size(LAPTOP)  # type: ignore[arg-type]
    english = ENGLISH.findall(LATIN.sub("", page.locator("body").inner_text()))
    return wrong + [f"{address} says {word}" for word in english]


@pytest.mark.parametrize("username", PAGES)
def test_every_page_fits_and_speaks_chinese(sign_in: SignIn, username: str) -> None:
    assert visit(sign_in(username), PAGES[username]) == []


def test_planted_markup_is_text(sign_in: SignIn) -> None:
    watched = sign_in("lianluo")
    page = watched.open("/projects/new/")
    page.fill("#id_enterprise", PAYLOADS["enterprise"])
    page.fill("#id_name", PAYLOADS["name"])
    page.fill("#id_investment_wan", "9999亿")
    page.select_option("#id_chain", index=1)
    page.fill("#id_signed_on", "2023-09-14")
    page.locator("details.form-more > summary").click()
    page.fill("#id_note", PAYLOADS["note"])
    page.get_by_role("button", name="登记并提交认定").click()
    page.check("#id_allow_large")
    page.get_by_role("button", name="登记并提交认定").click()
    page.wait_for_url(re.compile(r"/projects/XH2023-\d+/"))

    code = page.url.rstrip("/").rpartition("/")[2]
    for address in (
        "/",
        "/projects/",
        f"/projects/{code}/",
        f"/projects/{code}/edit/",
        "/teams/chain-health/",
    ):
        assert watched.open(address).evaluate("window.owned") is None, address
    judge = sign_in("zhihuibu2")
    for address in ("/verify/", f"/verify/{code}/", "/admin/tracker/project/", "/admin/tracker/enterprise/"):
        page = judge.open(address)
        assert page.evaluate("window.owned") is None, address
        assert (
            "onerror" in page.locator("body").inner_text()
            or "</script>" in page.content()
            or "enterprise" in address
        )


@pytest.mark.parametrize("size", [LAPTOP, PHONE], ids=["laptop", "phone"])
def test_the_main_pages_are_accessible(sign_in: SignIn, size: dict[str, int]) -> None:
    watched = sign_in("zhihuibu2", size, bypass_csp=True)
    axe = Path(ROOT / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
    wrong = []

    for address in [*PAGES["zhihuibu2"][:-1]]:
        page = watched.open(address)
        wrong += violations(page, axe, address)
        row = first_row(page, address)
        if row:
            wrong += violations(watched.open(row), axe, row)

    assert wrong == []


def violations(page: Page, axe: str, address: str) -> list[str]:
    page.evaluate(axe)
    found = page.evaluate(
        "axe.run(document, {resultTypes: ['violations']}).then(result => result.violations)"
    )
    return [
        f"{address}: {rule['id']} {rule['nodes'][0]['target']}"
        for rule in found
        if rule["impact"] in ("critical", "serious")
    ]
