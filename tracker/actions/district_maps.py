"""官方地图: an uploaded geojson in place of the drawn map, its twelve towns found by their names."""

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import transaction

from tracker.models import Campaign, DistrictMap, Place, User
from tracker.models.display import LARGEST_MAP
from tracker.models.place import short_place

from .displays import refuse_outsider
from .recording import delete, save
from .refusal import Refused

Point = tuple[float, float]
Ring = list[Point]
_NAMES = ("name", "NAME", "Name", "名称", "镇名", "XZQMC")
_CODES = ("code", "adcode", "id")
WIDTH, HEIGHT = 50.0, 42.0
_NO_MAP = "这份文件不是 GeoJSON 地图。"


def replace_map(
    campaign: Campaign, geojson: str, *, source: str, approval: str, towns: Sequence[Place], by: User
) -> DistrictMap:
    """Put an official map in place of what is shown; refused unless every town is on it."""
    outlines(geojson, towns)
    if not source or not approval:
        raise Refused("来源和审图号都要写，印在地图下方。", "source" if not source else "approval")
    with transaction.atomic():
        list(Campaign.objects.select_for_update().filter(pk=campaign.pk))
        refuse_outsider(by)
        row = DistrictMap.objects.filter(campaign=campaign).first() or DistrictMap(campaign=campaign)
        row.geojson, row.source, row.approval, row.uploaded_by = geojson, source, approval, by
        save(row, by, "换官方地图")
    return row


def remove_map(campaign: Campaign, *, by: User) -> None:
    """Back to the drawn map."""
    with transaction.atomic():
        row = DistrictMap.objects.select_for_update().filter(campaign=campaign).first()
        refuse_outsider(by)
        if row is None:
            raise Refused("现在用的就是示意图。")
        delete(row, by, "改回示意图")


def drawn(geojson: str, towns: Sequence[Place]) -> dict[str, Any]:
    """As the wall draws it: outlines by town, x to the east and y to the south, and where its name stands."""
    rings = outlines(geojson, towns)
    fitted = _fitted(rings)
    labels = {name: _middle(ring) for name, ring in fitted.items()}
    return {
        "polygons": fitted,
        "labels": labels,
        "flags": {name: (round(x + 1.6, 2), round(y - 2.4, 2)) for name, (x, y) in labels.items()},
        "water": [],
    }


def outlines(geojson: str, towns: Sequence[Place]) -> dict[str, Ring]:
    """The largest outline of each town, by the town's short name; raises Refused in words."""
    if len(geojson.encode()) > LARGEST_MAP:
        raise Refused("地图文件最大 200 KB，请先简化边界。", "geojson")
    found: dict[str, Ring] = {}
    for feature in _features(geojson):
        town = _town_of(feature, towns)
        rings = _rings(feature.get("geometry"))
        if town is not None and rings:
            found[town.short_name] = max(rings, key=lambda ring: abs(_area(ring)))
    missing = [town.name for town in towns if town.short_name not in found]
    if missing:
        raise Refused(
            f"地图里缺 {len(missing)} 个：{'、'.join(missing)}。按名称对应，补齐后再传。", "geojson"
        )
    return found


def _features(geojson: str) -> list[Mapping[str, Any]]:
    try:
        document = json.loads(geojson, parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise Refused(_NO_MAP, "geojson") from None
    features = document.get("features") if isinstance(document, dict) else None
    if not isinstance(features, list):
        raise Refused(_NO_MAP, "geojson")
    return [feature for feature in features if isinstance(feature, dict)]


def _no_number(text: str) -> float:
    raise ValueError(text)


def _town_of(feature: Mapping[str, Any], towns: Sequence[Place]) -> Place | None:
    held = feature.get("properties")
    properties: Mapping[str, Any] = held if isinstance(held, dict) else {}
    named = {short_place(str(properties[key]).strip()) for key in _NAMES if properties.get(key)}
    coded = {str(properties[key]).strip() for key in _CODES if properties.get(key)}
    return next((town for town in towns if town.short_name in named or town.code in coded), None)


def _rings(geometry: Any) -> list[Ring]:
    """The outer rings of a polygon or of several."""
    shape = geometry if isinstance(geometry, dict) else {}
    parts = shape.get("coordinates")
    if shape.get("type") == "Polygon":
        parts = [parts]
    elif shape.get("type") != "MultiPolygon":
        return []
    return [ring for part in _list(parts) for ring in [_ring(part)] if len(ring) >= 3]


def _ring(part: Any) -> Ring:
    outer = _list(part)[:1]
    return [
        (float(point[0]), float(point[1]))
        for point in (_list(outer[0]) if outer else [])
        if isinstance(point, list) and len(point) >= 2 and all(_is_number(number) for number in point[:2])
    ]


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e9


def _area(ring: Ring) -> float:
    pairs = zip(ring, [*ring[1:], ring[0]], strict=True)
    return sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairs) / 2


def _fitted(rings: Mapping[str, Ring]) -> dict[str, Ring]:
    """Degrees to the units of the drawn map; a degree of longitude is shorter away from the equator."""
    points = [point for ring in rings.values() for point in ring]
    west, east = _ends(x for x, _ in points)
    south, north = _ends(y for _, y in points)
    # Metres of a projected map are as long in either direction.
    shrink = math.cos(math.radians((south + north) / 2)) if abs(north) <= 90 else 1.0
    scale = min(WIDTH / max((east - west) * shrink, 1e-9), HEIGHT / max(north - south, 1e-9))
    return {
        name: [(round((x - west) * shrink * scale, 2), round((north - y) * scale, 2)) for x, y in ring]
        for name, ring in rings.items()
    }


def _ends(values: Iterable[float]) -> tuple[float, float]:
    held = list(values)
    return min(held), max(held)


def _middle(ring: Ring) -> Point:
    """The centre of the outline's area, or of its points where it has none."""
    area = _area(ring)
    if abs(area) < 1e-9:
        xs, ys = zip(*ring, strict=True)
        return round(sum(xs) / len(ring), 2), round(sum(ys) / len(ring), 2)
    x = y = 0.0
    for (x1, y1), (x2, y2) in zip(ring, [*ring[1:], ring[0]], strict=True):
        cross = x1 * y2 - x2 * y1
        x, y = x + (x1 + x2) * cross, y + (y1 + y2) * cross
    return round(x / (6 * area), 2), round(y / (6 * area), 2)
