"""不是同一个: what looked like a double and is none."""

from django.db import transaction

from tracker.models import Distinction, Enterprise, Project, User

from .recording import save
from .refusal import Refused
from .rights import refuse_unless


def tell_apart(project: Project, other: Project | Enterprise, *, by: User) -> Distinction:
    """Keep that a project is not `other`, or its enterprise not that one; said twice, it stands once."""
    if isinstance(other, Enterprise):
        one, two = sorted((project.enterprise_id, other.pk))
        pair = {"enterprise_id": one, "other_enterprise_id": two}
    else:
        one, two = sorted((project.pk, other.pk))
        pair = {"project_id": one, "other_project_id": two}
    if one == two:
        raise Refused("这里写的是同一个，没有可分的。")
    with transaction.atomic():
        # Whoever says the same at the same moment waits here.
        list(Project.objects.select_for_update().filter(pk=project.pk))
        _refuse_outsider(by)
        held = Distinction.objects.filter(**pair).first()
        if held is None:
            held = Distinction(**pair, decided_by=by)
            save(held, by, "不是同一个")
    return held


def _refuse_outsider(by: User) -> None:
    refuse_unless(lambda person: person.may_merge_enterprises, by, "是不是同一个，由指挥部说。")
