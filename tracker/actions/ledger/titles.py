"""Two projects of one enterprise do not bear the same name, in the file and beside it."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from .known import Known
from .plan import NEW, RowPlan

Title = tuple[int, str]


def title_clashes(plans: Sequence[RowPlan], known: Known) -> Iterator[tuple[RowPlan, str]]:
    """Rows that make a project or rename one to what another is called; names held so long may stay."""
    rows: dict[Title, list[RowPlan]] = defaultdict(list)
    for plan in plans:
        if plan.enterprise is not None and plan.facts.get("name"):
            rows[_title(plan)].append(plan)
    leaving = {plan.project.pk for plan in plans if plan.project is not None and _is_titled_anew(plan)}
    for plans_of_title in rows.values():
        for plan in plans_of_title:
            if not _is_titled_anew(plan):
                continue
            first = next(other for other in plans_of_title if other is not plan or other is plans_of_title[0])
            other = _beside(plan, known, leaving)
            if other:
                yield plan, f"这家企业已有同名项目，编号 {other}。另一个项目，请换个名称。"
            elif first is not plan:
                yield plan, f"与第 {first.row.number} 行是同一家企业的同名项目，请换个名称。"


def _is_titled_anew(plan: RowPlan) -> bool:
    return plan.kind == NEW or bool(plan.changed_keys & {"name", "enterprise"})


def _title(plan: RowPlan) -> Title:
    return id(plan.enterprise), plan.facts["name"]


def _beside(plan: RowPlan, known: Known, leaving: set[int]) -> str:
    assert plan.enterprise is not None
    for project in known.titled(plan.enterprise, plan.facts["name"]):
        if project is not plan.project and project.pk not in leaving:
            return project.code
    return ""
