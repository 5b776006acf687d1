import datetime
import json
import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from tests.factories import DisplayTokenFactory
from tests.interleaving import sent_by
from tests.nasty import NASTY
from tests.people import make_person, signed_in
from tests.walls import TODAY, Wall, hang
from tracker.choices import Role
from tracker.models import DisplayToken, DistrictMap

pytestmark = pytest.mark.django_db
SCENES = ("overview", "pledges", "zones", "projects", "honours")


@pytest.fixture
def wall(settings: Settings) -> Wall:
    settings.FIXED_TODAY = TODAY
    return Wall()


@pytest.fixture
def keeper(wall: Wall) -> Client:
    return signed_in(make_person(Role.ADMINISTRATOR, name="许志远"))


def typed(client: Client, address: str = "/screens/new/", **changes: str) -> dict[str, Any]:
    sent: dict[str, Any] = {
        name: value
        for name, value in sent_by(client.get(address).context["form"]).items()
        if value is not None
    }
    return sent | changes


# Authorising.


def test_the_address_is_shown_once_and_opens_the_wall(keeper: Client) -> None:
    page = keeper.post("/screens/new/", typed(keeper, name="三楼会议室"))
    found = re.search(r"http://testserver(/screen/enter/[\w-]+)", page.content.decode())
    assert found is not None

    screen = Client()
    assert screen.get(found[1]).status_code == 302
    assert screen.get("/screen/snapshot").status_code == 200
    assert page.headers["Cache-Control"] == "no-store"
    token = found[1].rpartition("/")[2]
    for address in ("/screens/", f"/screens/{DisplayToken.objects.get().pk}/", "/screens/?export=csv"):
        assert token not in text_of(keeper.get(address))


def text_of(response: Any) -> str:
    content = b"".join(response.streaming_content) if response.streaming else response.content
    return str(content.decode("utf-8-sig"))


def test_what_is_usual_stands_there_already(keeper: Client) -> None:
    keeper.post("/screens/new/", {**typed(keeper), "name": "三楼会议室"})

    display = DisplayToken.objects.get()
    assert (display.audience, display.expires_on) == ("internal", datetime.date(2024, 9, 14))
    assert [display.seconds_of(scene) for scene in ("overview", "pledges", "zones", "projects")] == [
        40,
        30,
        20,
        30,
    ]
    assert (display.xibao_wan, display.poll_seconds) == (100_000, 10)
    assert (display.dim_from, display.dim_to) == (datetime.time(22), datetime.time(7))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"name": ""}, "写大屏在哪里"),
        ({"name": "一楼大厅"}, "已有这个名称的大屏，换一个。"),
        ({"expires_on": "2023-09-14"}, "到期日已经过了。"),
        ({"expires_on": "明年"}, "认不出日期"),
        ({"audience": "everybody"}, "受众只有内部和接待。"),
        ({"address_range": "10.1.0.0/16，三楼"}, "“三楼”不是地址"),
        ({"overview_seconds": "601"}, "应在 0 至 600 之间。"),
        ({"overview_seconds": "1.5"}, "写整数。"),
        ({"poll_seconds": "5"}, "应在 10 至 300 之间。"),
        ({"xibao_wan": "0"}, "金额要大于 0。"),
        ({"dim_from": "晚上"}, "写成 22:00 这样。"),
        (dict.fromkeys(("overview_seconds", "pledges_seconds", "zones_seconds", "projects_seconds"), "0"),
         "至少放一个场景"),
        ({"audience": "reception", "overview_seconds": "0", "zones_seconds": "0", "honours_seconds": "0"},
         "接待只放"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_beside_its_field(keeper: Client, changes: dict[str, str], words: str) -> None:
    DisplayTokenFactory(name="一楼大厅")
    data = typed(keeper, name="三楼会议室", source="") | changes

    page = keeper.post("/screens/new/", data)

    assert page.status_code == 422
    assert words in page.content.decode()
    assert DisplayToken.objects.count() == 1


@pytest.mark.parametrize(
    "field", ["name", "address_range", "overview_seconds", "dim_from", "expires_on", "theme"]
)
def test_nothing_that_is_typed_breaks_the_page(keeper: Client, field: str) -> None:
    for number, text in enumerate(NASTY[::3]):
        data = typed(keeper, name=f"大屏{number}") | {field: text}
        assert keeper.post("/screens/new/", data).status_code in (200, 422), text[:40]


def test_ranges_come_in_any_punctuation(keeper: Client) -> None:
    ranges = "10.1.2.3/16，192.168.1.7；2001:db8::1/32"
    keeper.post("/screens/new/", typed(keeper, name="三楼", address_range=ranges))

    assert DisplayToken.objects.get().address_range == "10.1.0.0/16 192.168.1.7/32 2001:db8::/32"


# Changing.


def test_a_change_is_on_the_wall_with_the_next_poll(keeper: Client) -> None:
    screen = hang()
    address = f"/screens/{screen.display.pk}/"

    keeper.post(address, typed(keeper, address, theme="light", audience="reception", xibao_wan="5亿"))

    document = screen.get().json()
    assert (document["audience"], document["settings"]["theme"]) == ("reception", "light")
    assert document["settings"]["xibao_wan"] == 50_000
    assert "许志远" in keeper.get(address).content.decode()


def test_the_second_editor_is_told_what_stands(keeper: Client) -> None:
    display = DisplayTokenFactory()
    address = f"/screens/{display.pk}/"
    mine = typed(keeper, address, theme="light", poll_seconds="60")
    keeper.post(address, typed(keeper, address, theme="dark", zones_seconds="99", xibao_wan="3亿"))

    told = keeper.post(address, mine)

    page = told.content.decode()
    assert told.status_code == 422
    for words in (
        "别人改过这块大屏",
        "现在是：99。",
        "现在是：3亿。",
        "现在是：墨夜（深色）。",
        "现在是：10。",
    ):
        assert words in page
    display.refresh_from_db()
    assert (display.theme, display.poll_seconds, display.zones_seconds) == ("dark", 10, 99)
    assert keeper.post(address, sent_by(told.context["form"])).status_code == 302
    display.refresh_from_db()
    assert (display.theme, display.poll_seconds) == ("light", 60)


def test_nothing_changed_leaves_no_history(keeper: Client) -> None:
    display = DisplayTokenFactory()
    address, before = f"/screens/{display.pk}/", DisplayToken.history.count()

    keeper.post(address, typed(keeper, address))

    assert DisplayToken.history.count() == before


def test_pause_resume_revoke(keeper: Client) -> None:
    screen = hang()
    address = f"/screens/{screen.display.pk}/"

    codes = []
    for do in ("pause", "pause", "resume", "resume", "revoke", "revoke", "resume"):
        assert keeper.post(address, {"do": do}).status_code == 302
        codes.append(screen.get().status_code)

    assert codes == [401, 401, 200, 200, 401, 401, 401]
    reasons = DisplayToken.history.order_by("history_id").values_list("history_change_reason", flat=True)
    assert list(reasons) == ["授权", "暂停", "恢复", "收回"]
    assert "授权已收回" in keeper.get(address).content.decode()


# The list.


def test_the_list_says_which_are_there(keeper: Client) -> None:
    now = timezone.now()
    seen = {"first_seen_at": now, "last_seen_at": now}
    DisplayTokenFactory(name="甲", **seen)
    ago = now - datetime.timedelta(hours=1)
    DisplayTokenFactory(name="乙", first_seen_at=ago, last_seen_at=ago)
    DisplayTokenFactory(name="丙")
    DisplayTokenFactory(name="丁", is_paused=True)
    DisplayTokenFactory(name="戊", expires_on=datetime.date(2023, 9, 14))
    DisplayTokenFactory(name="己", revoked_at=now)

    rows = keeper.get("/screens/").context["table"].rows

    words = {row.record.name: row.record.state for row in rows}
    assert words == {
        "甲": "在线",
        "乙": "离线",
        "丙": "未开过",
        "丁": "已暂停",
        "戊": "已到期",
        "己": "已收回",
    }
    assert [row.record.name for row in rows][-1] == "己"


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_asks_the_same_for_one_and_for_three(
    keeper: Client, number: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    DisplayTokenFactory.create_batch(number)

    with django_assert_num_queries(5):
        keeper.get("/screens/")


def test_an_empty_list_says_what_to_do(keeper: Client) -> None:
    assert "还没有授权的大屏" in keeper.get("/screens/").content.decode()


def test_it_can_be_taken_along(keeper: Client) -> None:
    DisplayTokenFactory(name="三楼会议室", audience="reception")

    text = text_of(keeper.get("/screens/?export=csv"))

    assert "三楼会议室,接待,战况总览 40、四区作战 20," in text
    assert "共 1 块大屏" in text


@pytest.mark.parametrize("role", [Role.READER, Role.ADMINISTRATOR, Role.HEADQUARTERS])
def test_the_menu_leads_to_the_wall_and_its_keepers_to_the_screens(wall: Wall, role: Role) -> None:
    page = signed_in(make_person(role)).get("/").content.decode()

    assert 'href="/screen/"' in page
    assert ('href="/screens/"' in page) is (role != Role.READER)


# The official map.

SQUARE = [[113.0, 22.5], [113.1, 22.5], [113.1, 22.6], [113.0, 22.6], [113.0, 22.5]]


def geojson(*names: str, **more: Any) -> str:
    features = [
        {
            "type": "Feature",
            "properties": {"name": name},
            "geometry": {"type": "Polygon", "coordinates": [SQUARE]},
        }
        for name in names
    ]
    return json.dumps({"type": "FeatureCollection", "features": features} | more, ensure_ascii=False)


def upload(client: Client, text: str, **more: str) -> Any:
    data = {"source": "区自然资源局", "approval": "粤S(2023)001号"} | more
    file = SimpleUploadedFile("新会.geojson", text.encode())
    return client.post("/screens/map/", data | {"geojson": file})


@pytest.mark.parametrize("name", ["司前", "司前镇", " 司前镇 "])
def test_an_official_map_takes_the_place_of_the_drawn_one(keeper: Client, name: str) -> None:
    screen = hang()
    assert screen.get().json()["settings"]["map"] is None

    assert upload(keeper, geojson(name, "别处")).status_code == 302

    told = screen.get().json()["settings"]["map"]
    assert told["note"] == "来源：区自然资源局　审图号：粤S(2023)001号"
    drawn = screen.get(told["url"]).json()
    assert list(drawn["polygons"]) == ["司前"]
    # A degree of longitude is shorter than one of latitude here: 42 high, 42 × cos 22.55° wide.
    assert drawn["polygons"]["司前"][0] == [0.0, 42.0]
    assert drawn["polygons"]["司前"][2] == [38.79, 0.0]
    assert drawn["labels"]["司前"] == [19.39, 21.0]
    assert Client().get(told["url"]).status_code == 401


def test_one_missing_town_refuses_the_whole_map(keeper: Client) -> None:
    page = upload(keeper, geojson("会城"))

    assert page.status_code == 422
    assert "地图里缺 1 个：司前镇" in page.content.decode()
    assert not DistrictMap.objects.exists()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "这份文件是空的。"),
        ("不是", "不是 GeoJSON 地图"),
        ("[]", "不是 GeoJSON 地图"),
        ('{"features": 1}', "不是 GeoJSON 地图"),
        ('{"features": [NaN]}', "不是 GeoJSON 地图"),
        ("[" * 100_000, "不是 GeoJSON 地图"),
        ('{"features": [1, {"properties": [], "geometry": 3}]}', "地图里缺 1 个"),
        (geojson("司前").replace("113.0", "1e99").replace("113.1", '"x"'), "地图里缺 1 个"),
        (geojson("司前", filler="甲" * 100_000), "最大 200 KB"),
    ],
)  # fmt: skip
def test_what_is_no_map_is_refused_in_words(keeper: Client, text: str, words: str) -> None:
    page = upload(keeper, text)

    assert page.status_code == 422
    assert words in page.content.decode()
    assert not DistrictMap.objects.exists()


def test_source_and_number_belong_to_it(keeper: Client) -> None:
    for missing in ("source", "approval"):
        page = upload(keeper, geojson("司前"), **{missing: " "})
        assert page.status_code == 422
        assert "来源和审图号都要写" in page.content.decode()


def test_the_drawn_map_comes_back(keeper: Client) -> None:
    screen = hang()
    upload(keeper, geojson("司前"))
    keeper.post("/screens/map/", {"do": "remove"})
    keeper.post("/screens/map/", {"do": "remove"})

    assert screen.get().json()["settings"]["map"] is None
    reasons = DistrictMap.history.order_by("history_id").values_list("history_change_reason", flat=True)
    assert list(reasons) == ["换官方地图", "改回示意图"]


# What guests see where nobody set it, and the same form sent twice.


def test_guests_have_a_roll_of_honour_unless_somebody_takes_it_away(keeper: Client) -> None:
    keeper.post("/screens/new/", typed(keeper, name="大厅", audience="reception"))
    keeper.post("/screens/new/", typed(keeper, name="门厅", audience="reception", honours_seconds="0"))
    keeper.post("/screens/new/", typed(keeper, name="三楼"))

    seconds = dict(DisplayToken.objects.values_list("name", "honours_seconds"))
    assert seconds == {"大厅": 30, "门厅": 0, "三楼": 0}


def test_a_double_click_gives_one_screen_and_an_address_that_opens(keeper: Client) -> None:
    data = typed(keeper, name="三楼")
    pages = [keeper.post("/screens/new/", data) for _ in range(2)]
    first, second = (re.findall(r"/screen/enter/[\w-]+", page.content.decode())[0] for page in pages)

    assert DisplayToken.objects.count() == 1
    assert Client().get(first).status_code == 401
    assert Client().get(second).status_code == 302


def test_a_screen_that_was_opened_keeps_its_address(keeper: Client) -> None:
    data = typed(keeper, name="三楼")
    page = keeper.post("/screens/new/", data)
    address = re.findall(r"/screen/enter/[\w-]+", page.content.decode())[0]
    assert Client().get(address).status_code == 302

    assert keeper.post("/screens/new/", data).status_code == 422
    assert Client().get(address).status_code == 302


def test_the_list_names_only_scenes_that_are_shown(keeper: Client) -> None:
    DisplayTokenFactory(name="大厅", audience="reception", honours_seconds=30)

    page = text_of(keeper.get("/screens/?export=csv"))

    assert "战况总览 40、四区作战 20、红旗榜 30" in page
    assert "军令状榜" not in page
