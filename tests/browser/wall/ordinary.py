"""An ordinary day: the middle of September."""

import copy
import datetime
from typing import Any

from .holders import (
    CHAINS,
    PACE,
    PARKS,
    SERVICE,
    TOWNS,
    ZONES,
    Document,
    make_group,
    make_service,
    make_team,
    make_town,
    make_zone,
)

ON = "2023-09-15"

NOW = datetime.datetime.fromisoformat("2023-09-15T14:32:05+08:00")


def _goals() -> list[Document]:
    shared = {"pending_text": "", "as_of_text": "", "exactly_text": "", "over": False, "is_done": False}
    money = {**shared, "unit": "亿元", "got": None, "want": None, "remaining_text": ""}
    counts = {
        **shared,
        "kind": "count",
        "goal_text": "",
        "unit": "个",
        "completion": None,
        "rate_text": "",
        "pace": None,
        "signed_ratio": None,
        "signed_text": "",
        "state_text": "",
        "points_text": "",
        "need_text": "",
    }
    return [
        {
            **money,
            "code": "landed-investment",
            "name": "落地总投资",
            "kind": "money",
            "over": True,
            "goal_text": "500",
            "value": 5000000,
            "actual": 3864000,
            "value_text": "500.0",
            "actual_text": "386.4",
            "completion": 0.7728,
            "rate_text": "77.3",
            "pace": PACE,
            "signed_ratio": 0.92,
            "signed_text": "460.2",
            "pending_text": "8.0",
            "tone": "fast",
            "state_text": "快于序时",
            "points_text": "6.6",
            "need_text": "32.3",
        },
        {
            **money,
            "code": "industrial-investment",
            "name": "工业投资",
            "kind": "reported",
            "goal_text": "320",
            "value": 3200000,
            "actual": 2016000,
            "value_text": "320.0",
            "actual_text": "201.6",
            "completion": 0.63,
            "rate_text": "63.0",
            "pace": 0.6658,
            "signed_ratio": None,
            "signed_text": "",
            "as_of_text": "截至8月",
            "tone": "slow",
            "state_text": "慢于序时",
            "points_text": "3.6",
            "need_text": "29.6",
        },
        {
            **counts,
            "code": "projects-over-10b",
            "name": "超100亿元项目",
            "goal_text": "1",
            "value": 1,
            "actual": 1,
            "value_text": "1",
            "actual_text": "1",
            "tone": "done",
            "remaining_text": "已完成",
            "got": 1,
            "want": 1,
            "is_done": True,
        },
        {
            **counts,
            "code": "projects-over-5b",
            "name": "超50亿元项目",
            "goal_text": "5",
            "value": 5,
            "actual": 3,
            "value_text": "5",
            "actual_text": "3",
            "tone": "open",
            "remaining_text": "还差 2 个",
            "exactly_text": "另有 1 个恰为50亿元，按“超”字未计入",
            "got": 3,
            "want": 5,
        },
    ]


def _pipeline() -> Document:
    steps = (
        ("在谈", 168, "1264.0", 1, ""),
        ("签约", 74, "612.8", 0.44, "44"),
        ("落地", 51, "386.4", 0.304, "69"),
        ("开工", 33, "243.1", 0.196, "65"),
        ("投产", 12, "68.9", 0.071, "36"),
    )
    keys = ("stage", "count", "amount_text", "part", "conversion_text")
    big = (
        ("动力电池南方总部基地", "崖门", "106.0", "huge", 3, False),
        ("高端装备智造城", "司前", "62.0", "big", 3, False),
        ("储能电芯及结构件基地", "新能源", "52.0", "big", 2, True),
        ("珠西枢纽商务城", "会城", "51.0", "big", 2, False),
        ("半导体材料园", "电子信息", "68.0", "talk", 0, True),
        ("生物制造基地", "大健康", "55.0", "talk", 0, False),
    )
    ends: list[list[float]] = [[0, 0], [0.085, 0.02], [0.162, 0.045], [0.247, 0.115], [0.329, 0.16]]
    ends += [[0.414, 0.24], [0.496, 0.33], [0.581, 0.45], [0.666, 0.66], [0.7068, 0.7728]]
    return {
        "funnel": [dict(zip(keys, step, strict=True)) for step in steps],
        "big": [
            dict(zip(("name", "team", "amount_text", "tier", "reached", "pending"), row, strict=True))
            for row in big
        ],
        "trend": {
            "ends": ends,
            "signed": [[x, min(y * 1.19, 1)] for x, y in ends],
            "goal_text": "500",
            "actual_text": "386.4",
            "signed_text": "460.2",
            "need": [[0.7068, 0.7728], [1, 1]],
            "pace": [[0, 0], [1, 1]],
            "top": 1.0,
            "ticks": [{"at": at, "text": f"{at * 500:g}"} for at in (0, 0.5, 1)],
        },
    }


def _news() -> Document:
    latest = (
        ("落地", "fast", "储能电芯及结构件基地", "新能源", "9/14", "52.0"),
        ("签约", "none", "高端医用敷料产业园", "大健康", "9/12", "8.6"),
        ("落地", "fast", "轨道交通装备配套园二期", "工业园区", "9/11", "12.5"),
        ("签约", "none", "预制菜中央厨房总部", "农业", "9/8", "6.2"),
    )
    blockers = (
        ("新型显示模组项目", "卡在供地 · 责任单位 区自然资源局", 42),
        ("滨海文旅综合体", "卡在用海审批 · 责任单位 崖门镇", 31),
        ("绿色船舶修造基地", "卡在环评 · 责任单位 生态环境分局", 19),
        ("精密模具产业园", "卡在用电增容 · 责任单位 供电局", 16),
    )
    keys = ("label", "tone", "project", "team", "day_text", "amount_text")
    return {
        "latest": [dict(zip(keys, row, strict=True)) for row in latest],
        "added_text": "64.5",
        "blockers": [
            {"title": title, "detail": detail, "days": days, "kind": "silent"}
            for title, detail, days in blockers
        ],
        "blocked": 4,
        "events": [],
    }


def _frame() -> Document:
    scenes = (("overview", 40), ("pledges", 30), ("zones", 20), ("projects", 30))
    return {
        "schema": 1,
        "app_version": "1",
        "etag": '"one"',
        "campaign": {
            "code": "xinhui-2023",
            "district": "新会区",
            "year": 2023,
            "title": "新会区全员全产业链招商作战图",
            "slogan": "行动要快、方向要准、机制要活、作风要实",
            "headquarters": "新会区全员全产业链招商作战指挥部",
            "starts_on": "2023-01-01",
            "ends_on": "2023-12-31",
            "is_demo": False,
            "months": [
                {"label": f"{month + 1}月", "at": round((month + 0.5) / 12, 6)} for month in range(12)
            ],
        },
        "audience": "internal",
        "phase": "assessed",
        "as_of": ON,
        "as_of_text": "9月15日 星期五",
        "lookback": False,
        "server_now": NOW.isoformat(),
        "facts_at": "2023-09-15T09:30:00+08:00",
        "data_at": "2023-09-15T14:30:00+08:00",
        "pace": PACE,
        "pace_text": "70.7",
        "days_left": 107,
        "settings": {
            "theme": "dark",
            "scheme": "honor",
            "scenes": [{"code": code, "seconds": seconds} for code, seconds in scenes],
            "poll_seconds": 30,
            "dim_from": "22:00",
            "dim_to": "07:00",
            "xibao_wan": 100000,
            "map_by": "landed",
            "map": None,
        },
    }


def ordinary(**changes: Any) -> Document:
    """The fifteenth of September: ahead with landings, behind with the industry's investment."""
    teams = [make_team("chain", rank, row) for rank, row in enumerate(CHAINS, 1)]
    teams += [make_team("town", rank, row) for rank, row in enumerate(TOWNS, 1)]
    teams += [make_team("parks", rank, row) for rank, row in enumerate(PARKS, 1)]
    teams += [make_service(row) for row in SERVICE]
    recruiting = [team for team in teams if not team["is_service"]]
    document = {
        **_frame(),
        "goals": _goals(),
        "groups": [
            make_group("chain", "产业链分队", True, CHAINS),
            make_group("town", "镇（街、区）分队", True, TOWNS),
            make_group("parks", "园区及驻外", True, PARKS),
            make_group("service", "服务专班", False, SERVICE),
        ],
        "teams": teams,
        "fast": sum(team["tone"] != "slow" for team in recruiting),
        "slow": sum(team["tone"] == "slow" for team in recruiting),
        "awaiting": 0,
        "movers": [
            {"code": code, "rise": rise}
            for code, rise in (("electronics", 2), ("siqian", 2), ("new-materials", 1))
        ],
        "towns": [make_town(row) for row in TOWNS],
        "zones": [make_zone(zone) for zone in ZONES],
        **_pipeline(),
        **_news(),
    }
    return {**copy.deepcopy(document), **changes}


def event(number: int = 1, at: datetime.datetime = NOW, **changes: Any) -> Document:
    return {
        "id": number,
        "at": at.isoformat(),
        "label": "落地",
        "total_label": "全区落地总投资",
        "team": "新能源产业招商分队",
        "project": "储能电芯及结构件基地",
        "amount_text": "52.0",
        "total_before_text": "334.4",
        "total_text": "386.4",
        "rate_text": "77.3",
        "signature": "新会区全员全产业链招商作战指挥部",
        "day_text": "2023年9月14日",
        **changes,
    }
