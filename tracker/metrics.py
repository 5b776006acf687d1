"""What can be promised: one entry a metric.

`source` says where a figure comes from: recognised milestones (`projects`), the newest reading
(`readings`) or requests answered in time (`requests`). Basis, threshold and kind are fields of the
target, so a new promise of a known metric needs no code.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType


class Source(Enum):
    PROJECTS = "projects"
    READINGS = "readings"
    REQUESTS = "requests"


class Measure(Enum):
    """What is taken of each counted project."""

    AMOUNT = "amount"
    COUNT = "count"


@dataclass(frozen=True)
class Metric:
    """One kind of figure. `unit` is the unit of its targets, or "" where the target sets it."""

    code: str
    label: str
    unit: str
    source: Source
    measure: Measure | None = None


METRICS: Mapping[str, Metric] = MappingProxyType(
    {
        metric.code: metric
        for metric in (
            Metric("investment", "总投资", "万元", Source.PROJECTS, Measure.AMOUNT),
            Metric("project_count", "项目数", "个", Source.PROJECTS, Measure.COUNT),
            Metric("reported", "统计数", "", Source.READINGS),
            Metric("service_response_rate", "24小时响应率", "%", Source.REQUESTS),
        )
    }
)

METRIC_CHOICES = [(metric.code, metric.label) for metric in METRICS.values()]
PROJECT_METRICS = [metric.code for metric in METRICS.values() if metric.source is Source.PROJECTS]
