"""Teams, groups, zones and towns of the district on an ordinary day."""

from collections.abc import Iterable
from typing import Any

Document = dict[str, Any]

PACE = 0.7068

CHAINS = (
    ("new-energy", "新能源", "新能源产业招商分队", 1.102, 19.2),
    ("equipment", "高端装备", "高端装备制造产业招商分队", 0.841, 19.2),
    ("new-materials", "新材料", "新材料产业招商分队", 0.833, 19.2),
    ("agriculture", "农业", "现代农业招商分队", 0.803, 19.2),
    ("electronics", "电子信息", "新一代电子信息产业招商分队", 0.762, 19.2),
    ("services", "服务业", "现代服务业招商分队", 0.731, 19.2),
    ("health", "大健康", "大健康产业招商分队", 0.682, 19.2),
    ("culture-tourism", "文旅体", "文化旅游体育产业招商分队", 0.581, 19.2),
    ("real-estate", "建筑地产", "建筑与房地产招商分队", 0.559, 19.2),
    ("edtech", "教育科技", "教育科技产业招商分队", 0.431, 19.2),
)

TOWNS = (
    ("yamen", "崖门", "崖门镇招商小分队", 0.934, 26.0),
    ("siqian", "司前", "司前镇招商小分队", 0.918, 20.0),
    ("huicheng", "会城", "会城街道招商小分队", 0.843, 36.0),
    ("guifeng", "圭峰", "圭峰新城招商分队", 0.831, 30.0),
    ("gujing", "古井", "古井镇招商小分队", 0.829, 24.0),
    ("shuangshui", "双水", "双水镇招商小分队", 0.751, 22.0),
    ("muzhou", "睦洲", "睦洲镇招商小分队", 0.728, 12.0),
    ("daze", "大泽", "大泽镇招商小分队", 0.719, 18.0),
    ("luokeng", "罗坑", "罗坑镇招商小分队", 0.612, 10.0),
    ("shadui", "沙堆", "沙堆镇招商小分队", 0.588, 14.0),
    ("sanjiang", "三江", "三江镇招商小分队", 0.523, 18.0),
    ("daao", "大鳌", "大鳌镇招商小分队", 0.379, 8.0),
)

PARKS = (
    ("park", "工业园区", "新会工业园区管委会招商分队", 0.878, 60.0),
    ("shenzhen", "驻深圳", "大湾区（驻深圳）招商分队", 0.776, 40.0),
    ("shanghai", "驻上海", "长三角（驻上海）招商分队", 0.641, 30.0),
    ("overseas", "海外", "海外招商分队", 0.463, 16.0),
)

SERVICE = (
    ("service-one", "为企一班", "为企服务第一专班", 0.964),
    ("service-two", "为企二班", "为企服务第二专班", 1.0),
)

ZONES = (
    ("guifeng", "圭峰会城", ("huicheng", "guifeng")),
    ("tanjiang", "潭江", ("siqian", "daze", "luokeng")),
    ("west", "银洲湖西岸", ("yamen", "shuangshui")),
    ("east", "银洲湖东岸", ("gujing", "muzhou", "shadui", "sanjiang", "daao")),
)


def tone_of(completion: float, pace: float = PACE) -> str:
    return "done" if completion >= 1 else "fast" if completion >= pace else "slow"


def state_words(tone: str) -> str:
    return {"done": "已完成", "fast": "快于序时", "slow": "慢于序时"}[tone]


def make_team(group: str, rank: int, row: tuple[str, str, str, float, float]) -> Document:
    code, short_name, name, completion, value = row
    tone = tone_of(completion)
    return {
        "code": code,
        "name": name,
        "short_name": short_name,
        "group": group,
        "rank": rank,
        "rise": 0,
        "completion": completion,
        "rate_text": f"{completion * 100:.1f}",
        "rate_whole": f"{completion * 100:.0f}",
        "landed_text": f"{completion * value:.1f}",
        "signed_ratio": completion + 0.11,
        "value_text": f"{value:g}",
        "tone": tone,
        "state_text": state_words(tone),
        "awaits": False,
        "is_service": False,
    }


def make_service(row: tuple[str, str, str, float]) -> Document:
    code, short_name, name, rate = row
    return {
        **make_team("service", 0, (code, short_name, name, rate, 0)),
        "rank": None,
        "completion": None,
        "landed_text": "",
        "value_text": "",
        "signed_ratio": None,
        "tone": "done" if rate >= 1 else "slow",
        "state_text": "",
        "is_service": True,
    }


def make_group(code: str, label: str, ranked: bool, rows: Iterable[tuple[Any, ...]]) -> Document:
    return {"code": code, "label": label, "ranked": ranked, "teams": [row[0] for row in rows]}


def make_zone(zone: tuple[str, str, tuple[str, ...]]) -> Document:
    code, name, towns = zone
    rows = [row for row in TOWNS if row[0] in towns]
    value, landed = sum(row[4] for row in rows), sum(row[3] * row[4] for row in rows)
    tone = tone_of(landed / value)
    return {
        "code": code,
        "name": name,
        "landed_text": f"{landed:.1f}",
        "value_text": f"{value:.1f}",
        "completion": landed / value,
        "rate_text": f"{landed / value * 100:.1f}",
        "signed_ratio": landed / value + 0.08,
        "tone": tone,
        "state_text": state_words(tone),
        "awaits": False,
        "projects": len(rows) * 2,
        "teams": [row[0] for row in rows],
    }


def make_town(row: tuple[str, str, str, float, float]) -> Document:
    landed = row[3] * row[4]
    flag = {"崖门": "huge", "司前": "big", "古井": "big", "会城": "big"}.get(row[1], "none")
    level = min(4, int(landed / 6))
    return {
        "name": row[1],
        "landed": landed,
        "landed_text": f"{landed:.1f}",
        "level": level,
        "tone": tone_of(row[3]),
        "flag": flag,
    }
