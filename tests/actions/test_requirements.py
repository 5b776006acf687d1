"""What recognition asks for: every kind of step wants at least one file, each under its own name."""

import pytest
from django.utils import timezone

from tests.factories import EvidenceFactory, MilestoneFactory, ProjectFactory
from tracker.actions.requirements import REQUIREMENTS, met, missing
from tracker.choices import MilestoneKind

pytestmark = pytest.mark.django_db
PAPERS = {
    "signed": "投资协议扫描件",
    "reviewed": "过会材料",
    "listed": "挂网公告",
    "granted": "供地材料",
    "delivered": "交地材料",
    "landed": "营业执照和用地材料",
    "started": "施工许可或现场照片",
    "completed": "竣工验收材料",
    "producing": "投产材料",
    "enrolled": "入统材料",
    "at_capacity": "达产材料",
}


@pytest.mark.parametrize("kind", MilestoneKind.values)
def test_one_file_is_what_a_step_wants(kind: str) -> None:
    milestone = MilestoneFactory(kind=kind)
    assert PAPERS[kind] in [need.label for need in missing(milestone)]

    EvidenceFactory(milestone=milestone)

    assert PAPERS[kind] in [need.label for need in met(milestone)]
    asked = [need for need in REQUIREMENTS[kind] if need.label != "原项目"]
    assert len(met(milestone)) + len(missing(milestone)) == len(asked)


def test_a_withdrawn_file_proves_nothing() -> None:
    milestone = MilestoneFactory(kind="reviewed")

    EvidenceFactory(milestone=milestone, withdrawn_at=timezone.now(), withdrawn_reason="传错了")

    assert [need.label for need in missing(milestone)] == ["过会材料"]


def test_facts_of_the_project_are_asked_for_too() -> None:
    milestone = MilestoneFactory(project__agreement="framework")

    assert [need.label for need in missing(milestone)] == [
        "正式投资协议",
        "统一社会信用代码",
        "落地镇街园区",
        "营业执照和用地材料",
    ]


@pytest.mark.parametrize("kind", ["signed", "landed"])
def test_an_increment_says_what_it_adds_to(kind: str) -> None:
    earlier = ProjectFactory()
    same = {"enterprise": earlier.enterprise, "kind": "expansion"}
    projects = {
        "no increment": ProjectFactory(),
        "nothing": ProjectFactory(**same),
        "another's": ProjectFactory(kind="expansion", earlier=earlier),
        "its own": ProjectFactory(**same, earlier=earlier),
    }

    lacking = {
        name: "原项目" in [need.label for need in missing(MilestoneFactory(project=project, kind=kind))]
        for name, project in projects.items()
    }

    assert lacking == {"no increment": False, "nothing": True, "another's": True, "its own": False}
