import datetime
import io
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import load_workbook
from zeal import zeal_ignore

from tests.factories import BrigadeFactory, CampaignFactory, TeamFactory
from tests.people import client_of, make_person, signed_in
from tracker.choices import Role
from tracker.models import Team, User

pytestmark = pytest.mark.django_db
HEADER = "账号,姓名,角色,队伍"


@pytest.fixture(autouse=True)
def _today(settings: Any) -> None:
    settings.FIXED_TODAY = datetime.date(2023, 9, 15)


@pytest.fixture(autouse=True)
def _written_one_by_one() -> Iterator[None]:
    # The history library reads each written account back for the fields that it leaves out.
    with zeal_ignore([{"model": "tracker.User", "field": "get()"}]):
        yield


@pytest.fixture
def team() -> Team:
    campaign = CampaignFactory(is_current=True)
    made: Team = TeamFactory(
        brigade=BrigadeFactory(campaign=campaign), name="大健康产业招商分队", short_name="大健康"
    )
    return made


@pytest.fixture
def admin(team: Team) -> Client:
    return signed_in(make_person(Role.ADMINISTRATOR, username="guanli", name="关力"))


def sheet(*lines: str, name: str = "名单.csv", encoding: str = "utf-8") -> dict[str, SimpleUploadedFile]:
    return {"sheet": SimpleUploadedFile(name, "\n".join((HEADER, *lines)).encode(encoding))}


@pytest.mark.parametrize("role", [Role.READER, Role.LIAISON, Role.CAPTAIN, Role.HEADQUARTERS])
@pytest.mark.parametrize("page", ["", "new/", "sheet/", "template/", "{pk}/"])
def test_administrators_alone_open_any_of_it(team: Team, role: Role, page: str) -> None:
    somebody = make_person(Role.READER)
    client = client_of(role, teams=(team,))
    address = f"/accounts/{page}".format(pk=somebody.pk)

    assert client.get(address).status_code == 403
    assert client.post(address, {"do": "disable"}).status_code == 403
    somebody.refresh_from_db()
    assert somebody.is_active


def test_the_list_has_a_field_for_every_condition(admin: Client) -> None:
    page = admin.get("/accounts/").content.decode()

    assert [name for name in ("q", "role", "active") if f'name="{name}"' not in page] == []


def test_the_list_is_searched_and_narrowed(team: Team, admin: Client) -> None:
    make_person(Role.LIAISON, teams=(team,), username="li.xt", name="李晓彤")
    make_person(Role.READER, username="old", name="陈旧", is_active=False)

    assert "大健康" in admin.get("/accounts/").content.decode()
    assert [row.username for row in _rows(admin, q="晓彤")] == ["li.xt"]
    assert [row.username for row in _rows(admin, q="LI.")] == ["li.xt"]
    assert [row.username for row in _rows(admin, role="只读")] == ["old"]
    assert [row.username for row in _rows(admin, active="no")] == ["old"]
    assert "没有符合条件的账号" in admin.get("/accounts/", {"q": "无此人"}).content.decode()


def _rows(client: Client, **query: str) -> list[User]:
    return [row.record for row in client.get("/accounts/", query).context["table"].paginated_rows]


@pytest.mark.parametrize(
    "query",
    [
        {"page": "10" * 30},
        {"page": "-1"},
        {"sort": "user__password"},
        {"sort": "-last_login"},
        {"role": "x", "active": "x"},
        {"q": "\x00"},
        {"q": "长" * 500},
    ],
)
def test_a_mangled_address_shows_the_list(admin: Client, query: dict[str, str]) -> None:
    assert admin.get("/accounts/", query).status_code == 200


@pytest.mark.parametrize("number", [1, 3])
def test_the_number_of_accounts_does_not_change_the_number_of_queries(
    team: Team, admin: Client, number: int, django_assert_num_queries: Any
) -> None:
    for _ in range(number):
        make_person(Role.LIAISON, teams=(team,))

    with django_assert_num_queries(7):
        admin.get("/accounts/")


def test_one_account_opens_and_its_password_is_shown_once(team: Team, admin: Client) -> None:
    data = {"username": "Li.Xiaotong", "name": "李晓彤", "roles": ["联络员"], "teams": [team.pk]}

    page = admin.post("/accounts/new/", data | {"is_superuser": "1", "must_change_password": ""})

    user = User.objects.get(username="li.xiaotong")
    [slip] = page.context["slips"]
    assert page["Cache-Control"] == "no-store"
    assert slip.password in page.content.decode()
    assert user.check_password(slip.password)
    assert (user.must_change_password, user.is_superuser, user.is_staff) == (True, False, False)
    assert slip.password not in admin.get(f"/accounts/{user.pk}/").content.decode()


def test_a_new_account_must_change_its_password_before_anything_else(team: Team, admin: Client) -> None:
    page = admin.post("/accounts/new/", {"username": "li", "name": "李晓彤", "roles": ["只读"]})
    password = page.context["slips"][0].password
    client = Client()
    client.post("/login/", {"username": "li", "password": password})

    diverted = client.get("/readings/")
    form = client.get("/password/").content.decode()
    new = {"old_password": password, "new_password1": "guifeng-2023", "new_password2": "guifeng-2023"}
    client.post("/password/", new)

    assert (diverted.status_code, diverted["Location"]) == (302, "/password/")
    assert "现在用的是一次性密码" in form
    assert client.get("/readings/").status_code == 200


@pytest.mark.parametrize(
    ("new", "words"),
    [
        ("short-1", "10"),
        ("1234567890", "数字"),
        ("password123", "常见"),
        ("li.xiaotong", "相似"),
    ],
)
def test_weak_passwords_are_refused_in_chinese(team: Team, new: str, words: str) -> None:
    user = make_person(Role.READER, username="li.xiaotong")
    user.set_password("guifeng-2023")
    user.save()
    client = signed_in(user)

    page = client.post(
        "/password/", {"old_password": "guifeng-2023", "new_password1": new, "new_password2": new}
    )

    errors = [error for errors in page.context["form"].errors.values() for error in errors]
    assert any(words in error for error in errors)
    assert not any("a" <= letter.lower() <= "z" for error in errors for letter in error)


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"username": "guanli"}, "账号 guanli 已有"),
        ({"username": "GuanLi"}, "账号 guanli 已有"),
        ({"username": "李晓彤"}, "账号只用"),
        ({"name": "\u200b"}, "必填项"),
        ({"roles": []}, "至少选一个角色"),
        ({"roles": ["区长"]}, "区长"),
        ({"roles": ["联络员"]}, "至少一支队伍"),
        ({"teams": ["999999"]}, "本年度没有这支队伍"),
        ({"teams": ["x"]}, "本年度没有这支队伍"),
        ({"teams": ["9" * 23]}, "本年度没有这支队伍"),
    ],
)
def test_a_bad_account_is_told_and_not_opened(admin: Client, said: dict[str, Any], words: str) -> None:
    before = User.objects.count()

    page = admin.post("/accounts/new/", {"username": "li", "name": "李晓彤", "roles": ["只读"]} | said)

    assert page.status_code == 422
    assert words in page.content.decode()
    assert User.objects.count() == before


def test_a_sheet_opens_everybody(team: Team, admin: Client) -> None:
    lines = ("li,李晓彤,联络员,大健康", "liang,梁敏,指挥部,")

    page = admin.post("/accounts/sheet/", sheet(*lines, encoding="gbk"))

    opened = User.objects.exclude(username="guanli")
    assert sorted(user.username for user in opened) == ["li", "liang"]
    assert len(page.context["slips"]) == 2
    assert all(slip.password in page.content.decode() for slip in page.context["slips"])
    assert [team.name for team in Team.objects.filter(memberships__user__username="li")] == [team.name]


def test_a_sheet_with_a_fault_opens_nobody_and_names_every_one(admin: Client) -> None:
    page = admin.post("/accounts/sheet/", sheet("li,李晓彤,只读,", "guanli,某,区长,", "x y,,只读,"))

    text = page.content.decode()
    assert page.status_code == 422
    assert User.objects.count() == 1
    assert "名单里有 3 处要改" in text
    for words in ("第 3 行", "这个账号已有", "第 4 行", "姓名"):
        assert words in text


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "空的"),
        (b"PK\x03\x04x", "不完整"),
        (b"\x00" * 10, "不是表格"),
        ("姓名\n李".encode(), "找不到表头"),
    ],
)
def test_a_file_that_is_no_sheet_is_refused_in_words(admin: Client, content: bytes, words: str) -> None:
    page = admin.post("/accounts/sheet/", {"sheet": SimpleUploadedFile("名单.xlsx", content)})

    assert page.status_code == 422
    assert words in page.content.decode()


def test_no_file_at_all_is_told(admin: Client) -> None:
    page = admin.post("/accounts/sheet/")

    assert page.status_code == 422
    assert "先选填好的名单" in page.content.decode()


def test_the_template_names_the_teams_of_the_year(team: Team, admin: Client) -> None:
    answer = admin.get("/accounts/template/")

    book = load_workbook(io.BytesIO(answer.content))
    cells = [cell.value for row in book["填写说明"].iter_rows() for cell in row]
    assert "attachment" in answer["Content-Disposition"]
    assert team.name in cells


def test_roles_and_teams_change_from_the_next_request(team: Team, admin: Client) -> None:
    user = make_person(Role.READER, name="李晓彤")
    client = signed_in(user)

    answer = admin.post(f"/accounts/{user.pk}/", {"name": "李晓彤", "roles": ["指挥部"]})

    assert answer.status_code == 302
    assert client.get("/allocation/").status_code == 200
    assert "角色：只读 → 指挥部" in admin.get(f"/accounts/{user.pk}/").content.decode()


def test_forged_fields_of_an_account_change_nothing(team: Team, admin: Client) -> None:
    user = make_person(Role.READER, name="李晓彤", username="li")
    forged = {"username": "root", "is_superuser": "on", "is_staff": "on", "password": "x", "id": "1"}

    admin.post(f"/accounts/{user.pk}/", {"name": "李晓彤", "roles": ["只读"]} | forged)

    user.refresh_from_db()
    assert (user.username, user.is_superuser, user.is_staff) == ("li", False, False)


def test_a_disabled_person_is_out_at_once_and_back_with_a_new_password(team: Team, admin: Client) -> None:
    user = make_person(Role.READER)
    client = signed_in(user)

    admin.post(f"/accounts/{user.pk}/", {"do": "disable"})
    out = client.get("/readings/")
    page = admin.post(f"/accounts/{user.pk}/", {"do": "enable"})

    user.refresh_from_db()
    assert out["Location"].startswith("/login/")
    assert client.get("/readings/")["Location"].startswith("/login/")
    assert user.is_active
    assert user.check_password(page.context["slips"][0].password)


def test_a_reset_ends_the_sessions_of_the_account(team: Team, admin: Client) -> None:
    user = make_person(Role.READER)
    user.set_password("guifeng-2023")
    user.save()
    client = signed_in(user)

    page = admin.post(f"/accounts/{user.pk}/", {"do": "reset"})

    assert "密码已重置" in page.content.decode()
    assert client.get("/readings/")["Location"].startswith("/login/")


@pytest.mark.parametrize("do", ["disable", "reset", "enable"])
def test_what_is_refused_is_told(team: Team, do: str) -> None:
    own = make_person(Role.ADMINISTRATOR)
    other = make_person(Role.READER, is_active=do == "enable")
    pk = own.pk if do == "disable" else other.pk

    page = signed_in(own).post(f"/accounts/{pk}/", {"do": do}, follow=True)

    words = {"disable": "不能停用自己", "reset": "先启用", "enable": "没有停用"}[do]
    assert words in page.content.decode()


def test_looking_at_an_account_changes_nothing(team: Team, admin: Client) -> None:
    user = make_person(Role.READER)

    admin.get(f"/accounts/{user.pk}/", {"do": "disable"})

    user.refresh_from_db()
    assert user.is_active


def test_an_account_that_is_not_there_is_not_found(admin: Client) -> None:
    assert admin.get("/accounts/999999/").status_code == 404
