import pytest

from tests.factories import EnterpriseFactory, ProjectFactory
from tests.models.refusals import assert_refused
from tracker.models import Distinction

pytestmark = pytest.mark.django_db

PAIR = "查重结论写两家企业或两个项目，先登记的在前。"


@pytest.mark.parametrize("wrong", ["backwards", "same", "half", "none", "both"])
def test_distinction_of_one_pair(wrong: str) -> None:
    one, other = EnterpriseFactory(), EnterpriseFactory()
    mine, yours = ProjectFactory(enterprise=one), ProjectFactory(enterprise=one)
    rows = {
        "backwards": {"enterprise": other, "other_enterprise": one},
        "same": {"project": mine, "other_project": mine},
        "half": {"enterprise": one},
        "none": {},
        "both": {
            "enterprise": one,
            "other_enterprise": other,
            "project": mine,
            "other_project": yours,
        },
    }

    assert_refused(Distinction(**rows[wrong]), "distinction_of_one_pair", PAIR)


def test_distinction_enterprises_once() -> None:
    pair = {"enterprise": EnterpriseFactory(), "other_enterprise": EnterpriseFactory()}
    Distinction.objects.create(**pair)

    assert_refused(Distinction(**pair), "distinction_enterprises_once", "这两家企业已有结论。")


def test_distinction_projects_once() -> None:
    pair = {"project": ProjectFactory(), "other_project": ProjectFactory()}
    Distinction.objects.create(**pair)

    assert_refused(Distinction(**pair), "distinction_projects_once", "这两个项目已有结论。")
