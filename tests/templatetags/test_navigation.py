from datetime import date
from types import SimpleNamespace

from django.core.paginator import Paginator

from tracker.templatetags import navigation


def test_nav_item_is_found_by_its_label() -> None:
    items = [
        SimpleNamespace(label="总览", url="/", active=True),
        SimpleNamespace(label="项目", url="/p/", active=False),
    ]

    found = navigation.nav_item(items, "项目")

    assert found is not None
    assert found.url == "/p/"
    assert navigation.nav_item(items, "认定") is None
    assert navigation.nav_item(None, "总览") is None


def test_more_gathers_what_stands_behind_it() -> None:
    items = [
        SimpleNamespace(label="总览", is_more=False, active=False, count=2),
        SimpleNamespace(label="预警", is_more=True, active=True, count=3),
        SimpleNamespace(label="分配", is_more=True, active=False, count=0),
    ]

    more = navigation.nav_more(items)

    assert [item.label for item in more["entries"]] == ["预警", "分配"]
    assert (more["active"], more["count"]) == (True, 3)
    assert navigation.nav_more(None) == {"entries": [], "active": False, "count": 0}


def test_month_ends_are_those_that_are_over() -> None:
    assert navigation.months_over(date(2023, 1, 1), date(2023, 4, 15)) == [
        date(2023, 1, 31),
        date(2023, 2, 28),
        date(2023, 3, 31),
    ]
    assert navigation.months_over(date(2023, 1, 1), date(2022, 12, 1)) == []
    assert len(navigation.months_over(date(2023, 1, 1), date(2025, 1, 1))) == 12
    assert navigation.months_over(date(2023, 11, 1), date(2024, 2, 1))[-1] == date(2024, 1, 31)


def test_elided_pages_keep_the_ends() -> None:
    pages = Paginator(range(90), 10)

    assert navigation.elided(pages.page(1)) == [1, 2, "…", 9]
    assert navigation.elided(pages.page(5)) == [1, "…", 4, 5, 6, "…", 9]
