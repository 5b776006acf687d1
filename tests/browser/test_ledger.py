"""A ledger chosen, mended, looked at and imported, on a clerk's phone and at headquarters."""

from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from playwright.sync_api import Page, expect

from .conftest import LAPTOP, PHONE, SignIn, Watched

pytestmark = pytest.mark.browser

HEADS = ["项目名称", "投资企业", "产业链", "投资总额（万元）", "牵头队伍", "签约日期"]
COLOUR = "00FDEEDD"


def written(path: Path, *rows: list[object], heads: list[str] = HEADS) -> Path:
    book = Workbook()
    for row in (heads, *rows):
        book.worksheets[0].append(row)
    book.save(path)
    return path


def choose(page: Page, path: Path, button: str = "核对这份台账") -> None:
    page.set_input_files("input[type=file]", path)
    expect(page.locator("[data-drop-name]")).to_contain_text(path.name)
    page.get_by_role("button", name=button).click()


def listed(watched: Watched, name: str) -> Page:
    page = watched.open(f"/projects/?q={name}")
    expect(page.locator(".t-projects tbody")).to_contain_text(name)
    return page


def test_a_clerk_mends_the_copy_and_imports_it(sign_in: SignIn, tmp_path: Path) -> None:
    clerk = sign_in("lianluo", PHONE, device_scale_factor=2, is_mobile=True, has_touch=True)
    page = clerk.open("/projects/")
    page.get_by_role("link", name="台账导入").click()
    choose(
        page,
        written(
            tmp_path / "九月台账.xlsx",
            ["陈皮健康饮品产线", "江门市新会台账测试甲有限公司", "大健康", "三个亿", "大健康", "2023-09-10"],
            ["康养器械产业园", "江门市新会台账测试乙有限公司", "大健康", "3.5亿", "大健康", None],
        ),
    )
    expect(page.locator(".ledger-faults h2")).to_have_text("要改的 1 处")
    expect(page.locator(".ledger-faults tbody")).to_contain_text("“三个亿”认不出金额")
    expect(page.get_by_role("button", name="导入：")).to_have_count(0)

    with page.expect_download() as download:
        page.get_by_role("link", name="下载标好颜色的副本").click()
    copy = tmp_path / "改好.xlsx"
    download.value.save_as(copy)
    assert download.value.suggested_filename == "九月台账-标错.xlsx"
    book = load_workbook(copy)
    cell = book.worksheets[0]["D2"]
    assert (cell.fill.fgColor.rgb, book.sheetnames) == (COLOUR, ["台账", "错误清单"])
    cell.value = "3亿"
    book.save(copy)

    choose(page, copy, "核对改好的台账")
    expect(page.locator(".ledger-new tbody")).to_contain_text("陈皮健康饮品产线")
    page.get_by_role("button", name="导入：新增 2").click()
    expect(page.locator("h1")).to_have_text("台账已导入")

    page = listed(clerk, "陈皮健康饮品产线")
    expect(page.locator(".t-projects tbody")).to_contain_text("3.00")
    expect(page.locator(".t-projects tbody")).to_contain_text("待认定")
    listed(clerk, "康养器械产业园")


def test_headquarters_corrects_what_it_took_along(sign_in: SignIn, tmp_path: Path) -> None:
    judge = sign_in("zhihuibu", LAPTOP)
    page = judge.open("/ledger/")
    with page.expect_download() as download:
        page.locator(".downloads a[href*='export']").first.click()
    path = tmp_path / "全区台账.xlsx"
    download.value.save_as(path)
    book = load_workbook(path)
    sheet = book.worksheets[0]
    heads = [cell.value for cell in sheet[1]]
    row = next(line for line in sheet.iter_rows(min_row=2) if line[heads.index("用地（亩）")].value is None)
    code, name = row[0].value, row[1].value
    row[heads.index("用地（亩）")].value = 66.5
    book.save(path)

    choose(page, path)
    expect(page.locator(".ledger-changes tbody")).to_contain_text("66.5")
    expect(page.locator(".ledger-changes tbody")).to_contain_text(str(code))
    page.get_by_role("button", name="导入：更正 1").click()
    expect(page.locator("h1")).to_have_text("台账已导入")
    expect(page.get_by_role("link", name="去认定")).to_be_visible()

    assert "66.5" in judge.open(f"/projects/{code}/").locator("main").inner_text()
    listed(judge, str(name))


def test_a_long_ledger_shows_how_far_it_is(sign_in: SignIn, tmp_path: Path) -> None:
    """The work goes on while the page is opened anew, and writes once however often it is asked for."""
    judge = sign_in("zhihuibu2", LAPTOP)
    page = judge.open("/ledger/")
    rows = [
        f"长表项目{number},长表第{number}家公司{number * 7919},大健康,{1000 + number},大健康,,{'内容' * 400}"
        for number in range(80)
    ]
    path = tmp_path / "长台账.csv"
    path.write_text("\n".join([",".join([*HEADS, "项目内容"]), *rows]), encoding="utf-8")
    assert path.stat().st_size > 150_000

    choose(page, path)
    page.get_by_role("button", name="导入：新增 80").wait_for()
    expect(page).to_have_title("核对台账 · 新会区招商作战")
    page.get_by_role("button", name="导入：新增 80").dblclick(no_wait_after=True)
    other = page.context.new_page()
    other.goto(page.url)
    for tab in (page, other):
        tab.get_by_role("link", name="看项目").or_(tab.get_by_role("button", name="导入：")).wait_for()
        tab.reload()
    page.get_by_role("link", name="看项目").wait_for()
    expect(page.locator(".ledger-sum")).to_contain_text("80")

    sums = judge.open("/projects/?q=长表项目").locator(".sums").inner_text()
    assert "共 80 个项目" in sums


def test_a_file_is_dropped_on_the_zone(sign_in: SignIn) -> None:
    page = sign_in("lianluo", LAPTOP).open("/ledger/")

    page.evaluate("""() => {
      const files = new DataTransfer();
      files.items.add(new File(["项目名称,投资企业\\n甲,乙"], "拖来的台账.csv"));
      document.querySelector(".drop-name").dispatchEvent(
        new DragEvent("drop", {dataTransfer: files, bubbles: true, cancelable: true}));
    }""")
    expect(page.locator("[data-drop-name]")).to_contain_text("拖来的台账.csv")
    page.get_by_role("button", name="核对这份台账").click()

    expect(page.locator(".headline")).to_have_text("拖来的台账.csv")
    page.get_by_role("button", name="放弃这份文件").click()
    expect(page.locator("main")).to_contain_text("什么都没有改动")
