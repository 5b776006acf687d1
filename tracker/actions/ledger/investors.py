"""Which enterprise a row means, and what the file says of enterprises: one answer for each of them."""

from collections.abc import Iterator, Sequence
from typing import Any

from tracker.models import Enterprise

from ..naming import folded
from .facts import ENTERPRISE_KEYS
from .known import Alike, Known, Rights
from .plan import Change, Fault, Order, RowPlan

_LABELS = {"uscc": "统一社会信用代码", "origin": "来源地", "ownership": "企业性质"}


class Investors:
    """Finds enterprises by code or name, makes new ones once, and gathers their changed fields."""

    def __init__(self, known: Known, order: Order, rights: Rights) -> None:
        self.known = known
        self.order = order
        self.rights = rights
        # What rows say of an enterprise, and which row said it first.
        self.said: dict[tuple[int, str], tuple[Any, int]] = {}
        self.edits: dict[int, list[tuple[RowPlan, Change]]] = {}
        self.by_id: dict[int, Enterprise] = {}
        self.clashes: list[tuple[RowPlan, Enterprise]] = []
        self.new: list[tuple[RowPlan, Enterprise]] = []
        self.faults: list[Fault] = []
        self.names_by_code: dict[str, tuple[str, int]] = {}

    def of(self, plan: RowPlan) -> Enterprise | None:
        """The enterprise of a row; None where it names none that can be."""
        held = plan.project.enterprise if plan.project is not None else None
        name = plan.row.get("enterprise")
        if not name:
            return held
        if not self._agrees_on_code(plan, name):
            return held
        found = self._found(plan, name, held)
        if found is None:
            return held
        if held is not None and found is not held:
            plan.changes.append(Change("enterprise", held.name, found.name))
        elif held is None:
            plan.changes.append(Change("enterprise", None, found.name))
        self._take_fields(plan, found, corrects=held is found)
        return found

    def _agrees_on_code(self, plan: RowPlan, name: str) -> bool:
        """One code under two names in one file is a fault of the second row."""
        code = plan.row.get("uscc")
        if not code:
            return True
        first, number = self.names_by_code.setdefault(code, (name, plan.row.number))
        if folded(first) == folded(name):
            return True
        self._fault(plan, "uscc", f"第 {number} 行把这个代码写在“{first}”名下，一个代码只能有一个名称。")
        return False

    def _found(self, plan: RowPlan, name: str, held: Enterprise | None) -> Enterprise | None:
        key, code = folded(name), plan.row.get("uscc") or ""
        by_code = self.known.by_uscc.get(code) if code else None
        if by_code is not None and folded(by_code.name) != key:
            self.clashes.append((plan, by_code))
            return None
        if held is not None and folded(held.name) == key:
            return held
        found = by_code or self.known.by_name.get(key)
        if found is None:
            found = self.known.register(Enterprise(name=name, uscc=code))
            self.new.append((plan, found))
        return found

    def _take_fields(self, plan: RowPlan, enterprise: Enterprise, *, corrects: bool) -> None:
        """A row corrects its project's own enterprise; of any other it fills what is blank."""
        for key in ENTERPRISE_KEYS:
            if key not in plan.row.values:
                continue
            value = plan.row.values[key]
            before = self.order.as_read(key, getattr(enterprise, key)) if enterprise.pk else ""
            if not value and (not corrects or not before):
                continue
            if before and before != value and not corrects:
                self._differs(plan, key, enterprise, before)
            elif self._says(plan, enterprise, key, value) and (value != before or not enterprise.pk):
                self._edit(plan, enterprise, Change(key, before if corrects else before or None, value))

    def _differs(self, plan: RowPlan, key: str, enterprise: Enterprise, before: Any) -> None:
        if key == "uscc":
            words = f"“{enterprise.name}”已登记的统一社会信用代码与所填不同，请核对。"
            self._fault(plan, key, words)
        else:
            plan.warnings.append(f"“{enterprise.name}”已登记了另一个{_LABELS[key]}，没有改动。")

    def _says(self, plan: RowPlan, enterprise: Enterprise, key: str, value: Any) -> bool:
        said, number = self.said.setdefault((id(enterprise), key), (value, plan.row.number))
        if said == value:
            return True
        words = f"与第 {number} 行同一家企业的{_LABELS[key]}不同，请写成一样。"
        self._fault(plan, key, words)
        return False

    def _edit(self, plan: RowPlan, enterprise: Enterprise, change: Change) -> None:
        plan.changes.append(change)
        self.by_id[id(enterprise)] = enterprise
        self.edits.setdefault(id(enterprise), []).append((plan, change))

    def settle(self, rows: Sequence[RowPlan]) -> Iterator[Fault]:
        """After all rows: whose names may be said, which enterprises are not this person's, likeness."""
        told = self.rights.told(enterprise for _, enterprise in self.clashes)
        for plan, enterprise in self.clashes:
            known_as = f"已登记为“{enterprise.name}”" if enterprise.pk in told else "已登记在另一个名称下"
            self._fault(plan, "uscc", f"这个代码{known_as}。请改用那个名称，或核对代码。")
        self._keep_to_own()
        if self.new:
            alike = Alike(self.order.person)
            for plan, enterprise in self.new:
                other = alike.to(enterprise.name)
                if other is not None:
                    plan.warnings.append(f"“{enterprise.name}”与“{other}”名称相近，请核对是不是同一家企业。")
        yield from self.faults

    def _keep_to_own(self) -> None:
        known = [enterprise for enterprise in self.by_id.values() if enterprise.pk]
        closed = self.rights.untouchable(known)
        for enterprise in known:
            for plan, change in self.edits[id(enterprise)] if enterprise.pk in closed else ():
                words = "这家企业还有别队的或已认定的项目，由指挥部更正。"
                if change.before:
                    self._fault(plan, change.key, words)
                else:
                    plan.changes.remove(change)
                    plan.warnings.append(f"{_LABELS[change.key]}没有补填：{words}")

    def _fault(self, plan: RowPlan, key: str, reason: str) -> None:
        self.faults.append(Fault(plan.row.number, key, plan.row.texts.get(key, ""), reason))
