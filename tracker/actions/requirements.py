"""What a milestone needs before it can be recognised: the table behind 还缺…"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from tracker.choices import AgreementKind, MilestoneKind, ProjectKind
from tracker.models import Definition, Evidence, Milestone, Project

Test = Callable[[Milestone], bool]


def _always(milestone: Milestone) -> bool:
    return True


@dataclass(frozen=True)
class Requirement:
    """A fact that should be there, and the word for it when it is not."""

    label: str
    advice: str
    is_met: Test
    asks_for_files: bool = False
    concerns: Test = _always


def standing(milestone: Milestone) -> list[Evidence]:
    """The files that prove a milestone, in the order they came; `evidence` should be prefetched."""
    return [row for row in milestone.evidence.all() if row.stands]


def _papers(label: str, advice: str) -> Requirement:
    """At least one file; whether it is the right one is for people to see."""
    return Requirement(
        label, f"至少附一份佐证材料：{advice}", lambda step: bool(standing(step)), asks_for_files=True
    )


_CODE = Requirement(
    "统一社会信用代码",
    "落地以企业在本区注册为准，请补填",
    lambda step: bool(step.project.enterprise.uscc),
)
_PLACE = Requirement(
    "落地镇街园区", "请写明落在哪个镇街或园区", lambda step: step.project.place_id is not None
)
_FORMAL = Requirement(
    "正式投资协议",
    "协议类型是框架协议；意向、框架不算签约",
    lambda step: step.project.agreement != AgreementKind.FRAMEWORK,
)
_EARLIER = Requirement(
    "原项目",
    "增资扩产请写明同一家企业的原项目编号，只算增量；原项目早于本系统的，写明理由",
    lambda step: _has_earlier(step.project),
    concerns=lambda step: step.project.kind == ProjectKind.EXPANSION,
)
_LAND = Requirement("用地亩数", "用地线上的节点请写明亩数", lambda step: step.project.land_mu is not None)


def _has_earlier(project: Project) -> bool:
    """Of the same enterprise: one that was corrected since is asked for again."""
    return project.earlier is not None and project.earlier.enterprise_id == project.enterprise_id


REQUIREMENTS: Mapping[str, Sequence[Requirement]] = {
    MilestoneKind.SIGNED: (
        _FORMAL,
        _EARLIER,
        _papers("投资协议扫描件", "正式协议的首页、金额页和签字盖章页"),
    ),
    MilestoneKind.REVIEWED: (_papers("过会材料", "市招商联席会议的纪要或批复"),),
    MilestoneKind.LISTED: (_LAND, _papers("挂网公告", "土地出让公告")),
    MilestoneKind.GRANTED: (_LAND, _papers("供地材料", "成交确认书或出让合同")),
    MilestoneKind.DELIVERED: (_LAND, _papers("交地材料", "交地确认书")),
    MilestoneKind.LANDED: (
        _FORMAL,
        _CODE,
        _PLACE,
        _EARLIER,
        _papers("营业执照和用地材料", "营业执照，土地成交确认书或厂房租赁合同"),
    ),
    MilestoneKind.STARTED: (_CODE, _PLACE, _papers("施工许可或现场照片", "施工许可证、桩基施工照片")),
    MilestoneKind.COMPLETED: (_CODE, _PLACE, _papers("竣工验收材料", "竣工验收备案表")),
    MilestoneKind.PRODUCING: (_CODE, _PLACE, _papers("投产材料", "生产现场照片、首批产品发票")),
    MilestoneKind.ENROLLED: (_CODE, _papers("入统材料", "入库审批表或系统截图")),
    MilestoneKind.AT_CAPACITY: (_CODE, _papers("达产材料", "产量或产值报表")),
}


def definitions() -> dict[str, str]:
    """What each kind of milestone means in this district; one query."""
    return dict(Definition.objects.values_list("kind", "text"))


def papers_wanted(kind: str) -> Requirement:
    """The files that should go with a step of this kind."""
    return next(need for need in REQUIREMENTS[kind] if need.asks_for_files)


def _concerning(milestone: Milestone) -> list[Requirement]:
    return [need for need in REQUIREMENTS.get(milestone.kind, ()) if need.concerns(milestone)]


def missing(milestone: Milestone) -> list[Requirement]:
    """What a milestone still lacks."""
    needed = _concerning(milestone)
    return [requirement for requirement in needed if not requirement.is_met(milestone)]


def facts_lacking(project: Project, kind: str) -> list[Requirement]:
    """What a step of this kind lacks apart from its files, entered or not."""
    step = Milestone(project=project, kind=kind)
    return [need for need in _concerning(step) if not need.asks_for_files and not need.is_met(step)]


def met(milestone: Milestone) -> list[Requirement]:
    """What a milestone has of what it needs."""
    needed = _concerning(milestone)
    return [requirement for requirement in needed if requirement.is_met(milestone)]
