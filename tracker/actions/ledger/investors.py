"""Which enterprise a row means, and what the file says of enterprises: one answer for each of them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from tracker.models import Enterprise, Project

from .facts import ENTERPRISE_KEYS
from .known import Known, chunks, name_key
from .likeness import Alike
from .plan import Change, Fault, Order, RowPlan
from .rights import Rights

_LABELS = {"uscc": "统一社会信用代码", "origin": "来源地", "ownership": "企业性质"}


@dataclass(frozen=True)
class _Edit:
    """A field that rows want changed; `rows` are those that say `after`."""

    enterprise: Enterprise
    key: str
    before: Any
    after: Any
    rows: list[RowPlan]


class Investors:
    """Finds enterprises by code or name, makes new ones once, and gathers what rows say of them.

    All rows of one enterprise speak together, so that the order of rows, and importing them twice,
    make no difference: a filled cell goes before blank ones, and blank ones clear a field only where
    every project of the enterprise is in the file.
    """

    def __init__(self, known: Known, order: Order, rights: Rights) -> None:
        self.known = known
        self.order = order
        self.rights = rights
        self.rows: dict[int, list[RowPlan]] = {}
        self.by_id: dict[int, Enterprise] = {}
        self.clashes: list[tuple[RowPlan, Enterprise]] = []
        self.new: list[tuple[RowPlan, Enterprise]] = []
        self.faults: list[Fault] = []
        self.names_by_code: dict[str, tuple[str, int]] = {}

    def of(self, plan: RowPlan) -> Enterprise | None:
        """The enterprise of a row; None where it names none that can be."""
        held = plan.project.enterprise if plan.project is not None else None
        name = plan.row.get("enterprise")
        if name and not self._agrees_on_code(plan, name):
            return held
        found = self._found(plan, name, held) if name else held
        if found is None:
            return held
        if found is not held:
            plan.changes.append(Change("enterprise", held.name if held is not None else None, found.name))
        self.by_id[id(found)] = found
        self.rows.setdefault(id(found), []).append(plan)
        return found

    def _agrees_on_code(self, plan: RowPlan, name: str) -> bool:
        """One code under two names in one file is a fault of the second row."""
        code = plan.row.get("uscc")
        if not code:
            return True
        first, number = self.names_by_code.setdefault(code, (name, plan.row.number))
        if name_key(first) == name_key(name):
            return True
        self._fault(plan, "uscc", f"第 {number} 行把这个代码写在“{first}”名下，一个代码只能有一个名称。")
        return False

    def _found(self, plan: RowPlan, name: str, held: Enterprise | None) -> Enterprise | None:
        key, code = name_key(name), plan.row.get("uscc") or ""
        by_code = self.known.by_uscc.get(code) if code else None
        named = self.known.by_name.get(key)
        if by_code is not None and named is not by_code and name_key(by_code.name) != key:
            self.clashes.append((plan, by_code))
            return None
        if held is not None and name_key(held.name) == key:
            return held
        found = by_code or named
        if found is None:
            found = self.known.register(Enterprise(name=name))
            self.new.append((plan, found))
        return found

    def settle(self) -> list[Fault]:
        """After all rows: changes of enterprises go to the rows that say them; every fault comes back."""
        self._tell_clashes()
        edits = [edit for key, rows in self.rows.items() for edit in self._edits(self.by_id[key], rows)]
        held = [edit.enterprise for edit in edits if edit.enterprise.pk]
        closed = self.rights.untouchable(held)
        told = self.rights.told(held)
        beyond = self._beyond_the_file(edit.enterprise for edit in edits if not edit.after)
        for edit in edits:
            if not edit.after and edit.enterprise.pk in beyond:
                self._keep_shared(edit)
            elif edit.enterprise.pk in closed:
                self._keep_closed(edit, told=edit.enterprise.pk in told)
            elif not self._is_another(edit):
                self._carry_out(edit)
        self._warn_of_likeness()
        return self.faults

    def _tell_clashes(self) -> None:
        told = self.rights.told(enterprise for _, enterprise in self.clashes)
        for plan, enterprise in self.clashes:
            known_as = f"已登记为“{enterprise.name}”" if enterprise.pk in told else "已登记在另一个名称下"
            self._fault(plan, "uscc", f"这个代码{known_as}。请改用那个名称，或核对代码。")

    def _edits(self, enterprise: Enterprise, rows: Sequence[RowPlan]) -> Iterator[_Edit]:
        for key in ENTERPRISE_KEYS:
            saying = [plan for plan in rows if key in plan.row.values]
            before = self.order.as_read(key, getattr(enterprise, key)) if enterprise.pk else ""
            filled = [plan for plan in saying if plan.row.values[key]]
            after = filled[0].row.values[key] if filled else ""
            for plan in filled[1:]:
                if plan.row.values[key] != after:
                    words = f"与第 {filled[0].row.number} 行同一家企业的{_LABELS[key]}不同，请写成一样。"
                    self._fault(plan, key, words)
            if saying and after != before:
                yield _Edit(enterprise, key, before, after, filled or saying)

    def _beyond_the_file(self, enterprises: Iterator[Enterprise]) -> set[int]:
        """Ids of enterprises with a project that no row of the file means."""
        wanted = {enterprise.pk for enterprise in enterprises if enterprise.pk}
        found: set[int] = set()
        for part in chunks(wanted):
            pairs = Project.objects.filter(enterprise__in=part).values_list("enterprise", "pk")
            found |= {investor for investor, pk in pairs if pk not in self._projects_in_file}
        return found

    @property
    def _projects_in_file(self) -> set[int]:
        return {plan.project.pk for rows in self.rows.values() for plan in rows if plan.project is not None}

    def _keep_shared(self, edit: _Edit) -> None:
        """Blank cells of a part of an enterprise's projects say nothing."""
        for plan in edit.rows:
            if plan.project is not None and plan.project.enterprise is edit.enterprise:
                plan.warnings.append(
                    f"{_LABELS[edit.key]}没有清空：“{edit.enterprise.name}”还有不在表里的项目。"
                )

    def _keep_closed(self, edit: _Edit, *, told: bool) -> None:
        words = "这家企业还有别队的或已认定的项目，由指挥部更正。"
        for plan in edit.rows:
            if edit.key == "uscc" and edit.before:
                self._fault(plan, edit.key, words)
            elif told:
                plan.warnings.append(f"{_LABELS[edit.key]}没有改动：{words}")

    def _is_another(self, edit: _Edit) -> bool:
        """A code is corrected in the rows of its own projects; on a new one it is another investor's."""
        if edit.key != "uscc" or not edit.before or not edit.after:
            return False
        if any(plan.project and plan.project.enterprise is edit.enterprise for plan in edit.rows):
            return False
        for plan in edit.rows:
            words = f"“{edit.enterprise.name}”已登记的统一社会信用代码与所填不同，请核对。"
            self._fault(plan, edit.key, words)
        return True

    def _carry_out(self, edit: _Edit) -> None:
        change = Change(edit.key, edit.before if edit.enterprise.pk else None, edit.after)
        for plan in edit.rows:
            plan.changes.append(change)
        if edit.key == "uscc" and edit.before:
            for plan in self.rows[id(edit.enterprise)]:
                plan.doubts.append("企业代码")

    def _warn_of_likeness(self) -> None:
        alike = Alike(self.order.person) if self.new else None
        for plan, enterprise in self.new if alike is not None else ():
            other = alike.to(enterprise.name) if alike is not None else None
            if other is not None:
                plan.warnings.append(f"“{enterprise.name}”与“{other}”名称相近，请核对是不是同一家企业。")

    def _fault(self, plan: RowPlan, key: str, reason: str) -> None:
        self.faults.append(Fault(plan.row.number, key, plan.row.texts.get(key, ""), reason))
