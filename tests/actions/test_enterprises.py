"""One enterprise under one name, found again however it is typed."""

import datetime

import pytest

from tests.factories import EnterpriseFactory, TeamFactory, UserFactory
from tracker.actions.enterprises import change_enterprise, obtain_enterprise
from tracker.actions.naming import core, folded, initials
from tracker.actions.refusal import Refused
from tracker.models import Enterprise, Team

from .traces import every_change_is_recorded

pytestmark = pytest.mark.django_db
DAY = datetime.date(2023, 9, 1)
CODE, OTHER_CODE = "91440700MA4W1E2X3P", "91440705MA5ABCDE1X"


def obtain(name: str, team: Team | None = None, **facts: str) -> Enterprise:
    return obtain_enterprise(name, by=None, team=team, on=DAY, **facts)


def test_a_new_enterprise_knows_who_came_first_and_how_it_is_searched() -> None:
    team = TeamFactory()

    found = obtain("广东珠西储能科技有限公司", team, uscc=CODE, origin="深圳")

    assert (found.first_team, found.first_recorded_on, found.uscc, found.origin) == (team, DAY, CODE, "深圳")
    assert (found.name_key, found.initials) == ("广东珠西储能科技有限公司", "gdzxcnkjyxgs")


@pytest.mark.parametrize("typed", [" 广东珠西储能科技（有限）公司", "广东 珠西储能科技 有限公司"])
def test_width_brackets_and_spaces_make_no_second_enterprise(typed: str) -> None:
    held = obtain("广东珠西储能科技有限公司")

    assert obtain(typed) == held


def test_blanks_are_filled_and_nothing_is_overwritten() -> None:
    held = obtain("甲公司", origin="深圳")

    obtain("甲公司", origin="上海", ownership="foreign", uscc=CODE)

    held.refresh_from_db()
    assert (held.origin, held.ownership, held.uscc) == ("深圳", "foreign", CODE)


def test_one_code_under_two_names_is_refused_both_ways() -> None:
    obtain("甲公司", uscc=CODE)

    with pytest.raises(Refused, match="已登记为“甲公司”"):
        obtain("乙公司", uscc=CODE)
    with pytest.raises(Refused, match=f"已登记的统一社会信用代码是 {CODE}") as refusal:
        obtain("甲公司", uscc=OTHER_CODE)

    assert refusal.value.field == "uscc"
    assert Enterprise.objects.count() == 1


def test_a_renamed_enterprise_is_searched_by_its_new_name_and_leaves_its_trace() -> None:
    held, clerk = EnterpriseFactory(name="甲公司"), UserFactory()

    with every_change_is_recorded(clerk) as touched:
        assert change_enterprise(held, {"name": "江门乙公司"}, clerk, "更名")

    assert touched == {"Enterprise"}
    assert (held.name_key, held.initials) == ("江门乙公司", "jmygs")
    assert not change_enterprise(held, {"name": "江门乙公司"}, clerk)


def test_names_as_keys() -> None:
    assert folded("广东（ＡＢＣ）有限公司 ") == "广东abc有限公司"
    assert core("广东珠西储能科技股份有限公司") == "珠西储能科技"
    assert core("广东有限公司") == "广东"
    assert core("公司") == "公司"
    assert initials("储能电芯Ａ３") == "cndxa3"
