"""What a milestone needs before it can be recognised: the table behind 还缺…"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from tracker.choices import AgreementKind, MilestoneKind
from tracker.models import Definition, Milestone, Project

Test = Callable[[Project], bool]


@dataclass(frozen=True)
class Requirement:
    """A fact that should be there, and the word for it when it is not."""

    label: str
    advice: str
    is_met: Test


_CODE = Requirement(
    "统一社会信用代码", "落地以企业在本区注册为准，请补填", lambda project: bool(project.enterprise.uscc)
)
_PLACE = Requirement("落地镇街园区", "请写明落在哪个镇街或园区", lambda project: project.place_id is not None)
_FORMAL = Requirement(
    "正式投资协议",
    "协议类型是框架协议；意向、框架不算签约",
    lambda project: project.agreement != AgreementKind.FRAMEWORK,
)
_LAND = Requirement("用地亩数", "用地线上的节点请写明亩数", lambda project: project.land_mu is not None)

REQUIREMENTS: Mapping[str, Sequence[Requirement]] = {
    MilestoneKind.SIGNED: (_FORMAL,),
    MilestoneKind.LANDED: (_FORMAL, _CODE, _PLACE),
    MilestoneKind.STARTED: (_CODE, _PLACE),
    MilestoneKind.COMPLETED: (_CODE, _PLACE),
    MilestoneKind.PRODUCING: (_CODE, _PLACE),
    MilestoneKind.ENROLLED: (_CODE,),
    MilestoneKind.AT_CAPACITY: (_CODE,),
    MilestoneKind.LISTED: (_LAND,),
    MilestoneKind.GRANTED: (_LAND,),
    MilestoneKind.DELIVERED: (_LAND,),
}


def definitions() -> dict[str, str]:
    """What each kind of milestone means in this district; one query."""
    return dict(Definition.objects.values_list("kind", "text"))


def missing(milestone: Milestone) -> list[Requirement]:
    """What a milestone still lacks."""
    needed = REQUIREMENTS.get(milestone.kind, ())
    return [requirement for requirement in needed if not requirement.is_met(milestone.project)]


def met(milestone: Milestone) -> list[Requirement]:
    """What a milestone has of what it needs."""
    needed = REQUIREMENTS.get(milestone.kind, ())
    return [requirement for requirement in needed if requirement.is_met(milestone.project)]
