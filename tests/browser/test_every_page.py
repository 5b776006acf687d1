"""Every page as every role at three widths: it fits, speaks Chinese, and runs nobody's script."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.papers import pdf

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
    "/investments/",
    "/investments/unenrolled/",
    "/weekly/",
    "/today/",
    "/warnings/",
    "/lost/",
    "/directives/",
    "/requests/",
    "/requests/?timed=1",
    "/elements/",
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
    "lianluo": [*COMMON, "/projects/new/", "/requests/new/", "/verify/", "/sessions/", "/admin/"],
    "duizhang": ["/directives/", "/", "/teams/chain-new-energy/", "/projects/new/"],
    "zhihuibu2": [
        *COMMON,
        "/projects/new/",
        "/verify/",
        "/allocation/",
        "/month-ends/",
        "/readings/enter/",
        "/investments/import/",
        "/two-step/",
        "/sessions/",
        "/directives/new/",
        "/enterprises/merge/?one=1",
        "/enterprises/merge/?one=1&other=2",
        "/projects/XH2023-0001/edit/?correct=1",
        "/admin/",
    ],
    "guanli": [
        "/",
        "/accounts/",
        "/accounts/new/",
        "/accounts/sheet/",
        "/screens/",
        "/screens/new/",
        "/screens/map/",
        "/audit/",
        "/audit/?q=%E6%B2%A1%E6%9C%89",
        "/sessions/",
        "/two-step/",
        "/password/",
        "/admin/",
    ],
}
# The first address on a list page that leads to one of its rows.
FIRST_ROWS = {
    "/pledges/": r"^/pledges/\d+/",
    "/projects/": r"^/projects/XH2023-\d+/",
    "/verify/": r"^/verify/XH2023-\d+/",
    "/accounts/": r"^/accounts/\d+/",
    "/month-ends/": r"^/month-ends/[\d-]+/talk/\d+/",
    "/directives/": r"^/directives/\d+/",
    "/requests/": r"^/requests/\d+/",
}
# What a row's page leads to: the first address of each kind.
ROOMS = (
    r"^/projects/[^/]+/edit/",
    r"^/projects/[^/]+/leader/",
    r"^/projects/[^/]+/milestones/\w+/$|^/projects/[^/]+/milestones/\w+/\?",
    r"^/projects/[^/]+/milestones/\w+/evidence/",
    r"^/projects/[^/]+/follow-ups/new/",
    r"^/projects/[^/]+/plan/",
    r"^/enterprises/merge/",
    r"^/pledges/\d+/edit/",
    r"^/pledges/\d+/history/",
    r"^/pledges/\d+/print/",
    r"^/directives/\d+/print/",
)
# Codes, figures and names of products that the office writes in Latin letters itself.
LATIN = re.compile(
    # A request's number is letters drawn by lot; the audit tells for which address, and how, it was asked.
    r"\b[0-9A-Z]{8}\b|(?<![\w/])/[a-zA-Z0-9/-]*|GET|POST|XH\d{4}-\d+|\b[0-9A-Z]{18}\b|GDP"
    r"|GeoJSON|PDF|JPG|PNG|DOCX|XLSX|OFD"
    r"|(?:校验码|指纹) [0-9a-f]+|Excel|CSV|xlsx|csv|pdf|A4|TOTP|Chrome|Linux"
    r"|\b[a-z]+\d?(?=[ ·,，、”…\n\t]|$)"
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
        for row in below(watched, address):
            wrong += looked_over(watched.open(row), row)
    return wrong


def below(watched: Watched, address: str) -> list[str]:
    """The first row of the list that is open, and what that row's page leads to."""
    row = first(watched.page, FIRST_ROWS.get(address, "^$"))
    if not row:
        return []
    watched.open(row)
    return [row, *filter(None, (first(watched.page, pattern) for pattern in ROOMS))]


def first(page: Page, pattern: str) -> str:
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


def test_markup_planted_in_files_reasons_and_names_is_text(sign_in: SignIn) -> None:
    """Also in what no form asks for: the name of a file, and of a browser."""
    planted = "<img src=x onerror=window.owned=1>"
    clerk = sign_in("lianluo", user_agent=f"Mozilla/5.0 {planted}")
    page = clerk.open("/projects/")
    own = page.locator("main a").evaluate_all(
        "links => [...new Set(links.map(a => a.pathname).filter(p => /^.projects.XH2023-\\d+.$/.test(p)))]"
    )
    code = next(link.split("/")[2] for link in own if clerk.open(f"{link}edit/").locator("#id_note").count())
    page = clerk.open(f"/projects/{code}/milestones/completed/")
    page.fill("#id_happened_on", "2023-09-14")
    page.fill("#id_note", PAYLOADS["note"])
    paper = {"name": f"{planted}.pdf", "mimeType": "application/pdf", "buffer": pdf()}
    page.set_input_files("input[type=file]", paper)  # type: ignore[arg-type]
    page.get_by_role("button", name="提交认定").click()
    page.wait_for_url(re.compile(rf"/projects/{code}/"))
    page = clerk.open("/ledger/")
    sheet = {
        "name": f"{planted}.csv",
        "mimeType": "text/csv",
        "buffer": f"项目名称,{planted}\n{planted},1".encode(),
    }
    page.set_input_files("input[type=file]", sheet)  # type: ignore[arg-type]
    page.get_by_role("button", name="核对这份台账").click()
    page.wait_for_url(re.compile(r"/ledger/[\w-]{22}/"))
    assert page.evaluate("window.owned") is None
    assert "onerror" in page.locator("body").inner_text()
    judge = sign_in("zhihuibu2")
    page = judge.open(f"/verify/{code}/")
    page.fill("textarea[name=reason]", f"{planted}退回")
    page.get_by_role("button", name="退回", exact=True).click()
    page.wait_for_url(re.compile(r"/verify/$|/verify/\?"))
    keeper = sign_in("guanli")
    page = keeper.open("/accounts/new/")
    page.fill("#id_username", "zhongru")
    page.fill("#id_name", f"{planted}员")
    page.check("input[name=roles][value=只读]")
    page.locator("main form button.ink").click()

    milestone = f"/projects/{code}/milestones/completed/"
    seen = {
        clerk: ["/", "/sessions/", f"/projects/{code}/", f"{milestone}evidence/", milestone],
        judge: ["/", "/verify/", f"/projects/{code}/", "/admin/tracker/project/", "/readings/"],
        keeper: [
            "/audit/",
            "/accounts/",
            "/accounts/?q=zhongru",
            "/admin/tracker/user/",
            f"/projects/{code}/",
        ],
    }
    for watched, addresses in seen.items():
        for address in addresses:
            assert watched.open(address).evaluate("window.owned") is None, address
    assert "onerror=window.owned=1" in clerk.open(f"{milestone}evidence/").locator("main").inner_text()
    assert f"{planted}退回" in clerk.open(f"/projects/{code}/").locator("main").inner_text()


@pytest.mark.parametrize("size", [LAPTOP, PHONE], ids=["laptop", "phone"])
def test_the_main_pages_are_accessible(sign_in: SignIn, size: dict[str, int]) -> None:
    watched = sign_in("zhihuibu2", size, bypass_csp=True)
    axe = Path(ROOT / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
    wrong = []

    for address in [*PAGES["zhihuibu2"][:-1]]:
        page = watched.open(address)
        wrong += violations(page, axe, address)
        for row in below(watched, address):
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
