"""出征第一步: what headquarters does before the figures begin to move, each ticked when done."""

from dataclasses import dataclass

from django.urls import reverse

from tracker.access import Person
from tracker.progress import Holder, Progress
from tracker.progress.overview import Happenings

from .moment import Moment


@dataclass(frozen=True)
class FirstStep:
    """`url` is empty where this person is not the one to do it."""

    name: str
    detail: str
    done: bool
    url: str


def first_steps(result: Progress, moment: Moment, person: Person, facts: Happenings) -> list[FirstStep]:
    return [
        _accounts(person, facts),
        _allocation([holder for holder in result.teams if holder.team and not holder.team.is_service]),
        _signers(result, moment),
        _projects(moment, facts),
        _places(facts),
    ]


def _accounts(person: Person, facts: Happenings) -> FirstStep:
    detail = f"已开通 {facts.clerks} 人" if facts.clerks else "系统管理员按名单开通"
    url = reverse("accounts") if person.may_manage_accounts else ""
    return FirstStep("开通各队账号", detail, facts.clerks > 0, url)


def _allocation(recruiting: list[Holder]) -> FirstStep:
    drafts = sum(holder.awaits_targets for holder in recruiting)
    detail = f"{drafts} 队待下达，先核对合计" if drafts else "已全部下达"
    return FirstStep(f"下达 {len(recruiting)} 队任务", detail, not drafts, reverse("allocation"))


def _signers(result: Progress, moment: Moment) -> FirstStep:
    pledges = [holder.pledge for holder in result.teams if holder.pledge is not None]
    unfilled = sum(not pledge.signers for pledge in pledges)
    detail = f"{len(pledges)} 份中 {unfilled} 份未填" if unfilled else "已补齐"
    return FirstStep("补齐签状人、挂钩领导", detail, not unfilled, reverse("pledges") + moment.query())


def _projects(moment: Moment, facts: Happenings) -> FirstStep:
    detail = f"已有 {facts.projects} 个，其中 {moment.pending_projects} 个待认定"
    done = facts.projects > 0
    return FirstStep("登记第一个项目", detail if done else "签约当天登记", done, reverse("project_new"))


def _places(facts: Happenings) -> FirstStep:
    left = facts.places_unconfirmed
    detail = f"{left} 个镇街片区待核实" if left else "已核对"
    return FirstStep("核对镇街所属片区", detail, not left, reverse("admin:tracker_place_changelist"))
