"""Recognition by a file: the operator's, and that of a person of headquarters."""

import datetime
from typing import Any

import pytest

from tests.actions.ledger.recognised import PENDING, held, steps
from tests.actions.ledger.rows import (
    ABSENT,
    OPERATOR,
    World,
    imported,
    kinds,
    make_world,
    refused,
)
from tests.actions.traces import every_change_is_recorded
from tests.factories import (
    CreditFactory,
    EvidenceFactory,
    MilestoneFactory,
    ProjectFactory,
    recognise,
)
from tests.people import make_person
from tracker.actions.checking import breaches
from tracker.actions.ledger import Share
from tracker.actions.recording import save
from tracker.choices import Role
from tracker.models import Milestone, User

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_world()


class TestVerified:
    def test_new_rows_arrive_recognised_without_a_recogniser(self, world: World) -> None:
        by = make_person(Role.LIAISON)
        given = world.row(signed="3-1", landed="6-30", recognised_wan=None)

        with every_change_is_recorded(by):
            imported(world.order(by=by, verified=True, source=OPERATOR), given)

        assert steps() == {"signed": ("verified", 10_000, True), "landed": ("verified", 10_000, True)}
        for step in Milestone.objects.all():
            assert (step.verified_by, step.entered_by, step.reason) == (None, by, OPERATOR)
            assert step.decided_at is not None
        assert set(Milestone.history.values_list("history_change_reason", flat=True)) == {OPERATOR}

    @pytest.mark.parametrize(
        ("said", "expected"), [(None, 10_000), (8_000, 8_000), (10_000, 10_000), (ABSENT, 10_000)]
    )
    def test_the_recognised_amount(self, world: World, said: Any, expected: int) -> None:
        given = world.row(landed="6-30", recognised_wan=said)

        imported(world.order(verified=True), given)

        assert steps() == {"landed": ("verified", expected, True)}
        assert kinds(imported(world.order(verified=True), given)) == (0, 0, 1)

    def test_more_than_was_declared_is_a_fault(self, world: World) -> None:
        assert refused(world.order(verified=True), world.row(landed="6-30", recognised_wan=10_001)) == [
            (2, "recognised_wan", "认定额不能高于投资总额。")
        ]

    def test_an_amount_without_any_day_is_nothing_to_repeat(self, world: World) -> None:
        given = world.row(recognised_wan=8_000)
        imported(world.order(verified=True), given)

        assert kinds(imported(world.order(verified=True), given)) == (0, 0, 1)

    def test_waiting_and_returned_steps_become_recognised(self, world: World) -> None:
        project = held(world)
        MilestoneFactory(project=project, kind="signed", happened_on=datetime.date(2023, 3, 1))
        MilestoneFactory(project=project, kind="landed", status="returned", reason="缺")

        plan = imported(world.order(verified=True), world.row(code=project.code))

        assert plan.rows[0].effects == ["签约：待认定 → 已认定", "落地：退回 → 已认定"]
        assert {status for status, _, _ in steps().values()} == {"verified"}

    @pytest.mark.parametrize(
        "change",
        [
            {"investment_wan": 12_000},
            {"partners": "town"},
            {"enterprise": "别的公司", "uscc": ""},
            {"landed": "6-29"},
            {"uscc": "91440705MA4UYYYY6R"},
        ],
    )
    def test_changed_facts_stay_recognised_as_the_operators(
        self, world: World, change: dict[str, Any]
    ) -> None:
        """Also where who enters it is who had recognised it: the operator's act has no recogniser."""
        recogniser = make_person(Role.HEADQUARTERS)
        project = held(world)
        recognise(project, "landed", "6-30", verified_by=recogniser)
        if "partners" in change:
            change = {"partners": (Share(world.town, 30),)}

        with every_change_is_recorded(recogniser):
            imported(
                world.order(by=recogniser, verified=True, source=OPERATOR),
                world.row(code=project.code, **change),
            )

        step = Milestone.objects.get()
        assert (step.status, step.verified_by, step.reason) == ("verified", None, OPERATOR)
        assert step.recognised_wan == change.get("investment_wan", 10_000)
        assert list(breaches()) == []

    def test_a_person_s_recognition_stays_where_nothing_changes(self, world: World) -> None:
        recogniser = make_person(Role.HEADQUARTERS)
        project = held(world)
        recognise(project, "landed", "6-30", verified_by=recogniser)

        imported(world.order(verified=True), world.row(code=project.code, note="新"))

        assert Milestone.objects.get().verified_by == recogniser

    def test_what_is_not_counted_stays_so(self, world: World) -> None:
        project = held(world)
        recognise(project, "landed", "6-30", counted=False, reason="框架协议")

        imported(
            world.order(verified=True), world.row(code=project.code, investment_wan=9_000, landed="6-29")
        )

        assert steps() == {"landed": ("verified", 9_000, False)}

    def test_steps_with_amounts_of_their_own_keep_them(self, world: World) -> None:
        project = held(world)
        recognise(project, "signed", "3-1", recognised=7_000)
        recognise(project, "landed", "6-30", recognised=8_000)

        plan = imported(
            world.order(verified=True), world.row(code=project.code, recognised_wan=8_000, note="新")
        )

        assert kinds(plan) == (0, 1, 0)
        assert {kind: amount for kind, (_, amount, _) in steps().items()} == {
            "signed": 7_000,
            "landed": 8_000,
        }

    def test_a_lower_declared_amount_takes_the_recognised_one_down(self, world: World) -> None:
        project = held(world, signed="3-1", landed="6-30")

        given = world.row(code=project.code, investment_wan=5_000, recognised_wan=None)
        imported(world.order(verified=True), given)

        assert set(steps().values()) == {("verified", 5_000, True)}
        assert kinds(imported(world.order(verified=True), given)) == (0, 0, 1)

    def test_a_cleared_step_does_not_decide_the_amount(self, world: World) -> None:
        project = held(world)
        recognise(project, "signed", "3-1", recognised=10_000)
        recognise(project, "landed", "6-30", recognised=8_000)
        given = world.row(code=project.code, recognised_wan=8_000, landed=None)

        imported(world.order(verified=True), given)

        assert steps() == {"signed": ("verified", 8_000, True)}
        assert kinds(imported(world.order(verified=True), given)) == (0, 0, 1)


class TestRecognising:
    """A person of headquarters recognises with a file what others entered."""

    @pytest.fixture
    def by(self) -> User:
        return make_person(Role.HEADQUARTERS)

    def waiting(self, world: World, **facts: Any) -> Milestone:
        project = held(world)
        step: Milestone = MilestoneFactory(project=project, kind="landed", **facts)
        EvidenceFactory(milestone=step)
        return step

    def order(self, world: World, by: User) -> Any:
        return world.order(by, recognising=True)

    def test_others_untouched_steps_are_recognised(self, world: World, by: User) -> None:
        step = self.waiting(world, entered_by=make_person(Role.LIAISON))

        with every_change_is_recorded(by) as touched:
            plan = imported(self.order(world, by), world.row())

        step.refresh_from_db()
        assert (step.status, step.verified_by, step.recognised_wan, touched) == (
            "verified",
            by,
            10_000,
            {"Milestone"},
        )
        assert (kinds(plan), plan.rows[0].effects) == ((0, 1, 0), ["落地：待认定 → 已认定"])

    @pytest.mark.parametrize("field", ["entered_by", "submitted_by", "edited_by"])
    def test_own_ones_are_left(self, world: World, by: User, field: str) -> None:
        self.waiting(world, **{field: by})

        plan = imported(self.order(world, by), world.row())

        assert (steps(), kinds(plan)) == ({"landed": PENDING}, (0, 0, 1))
        assert plan.warnings == [(2, "落地是你录入或改动过的，仍为待认定，须由指挥部另一人认定。")]

    @pytest.mark.parametrize("what", ["project", "credit", "enterprise"])
    def test_what_they_changed_before_is_left(self, world: World, by: User, what: str) -> None:
        step = self.waiting(world)
        row = {
            "project": step.project,
            "credit": step.project.credits.get(),
            "enterprise": step.project.enterprise,
        }[what]
        save(row, by)

        imported(self.order(world, by), world.row())

        assert steps() == {"landed": PENDING}

    @pytest.mark.parametrize(
        "change",
        [
            {"note": "新"},
            {"investment_wan": 9_000},
            {"origin": "广州"},
            {"agreement": "framework"},
            {"landed": "2-2"},
        ],
    )
    def test_what_they_change_with_this_file_is_left(
        self, world: World, by: User, change: dict[str, Any]
    ) -> None:
        self.waiting(world)

        imported(self.order(world, by), world.row(**change))

        assert steps() == {"landed": PENDING}

    def test_also_when_another_row_changes_the_enterprise(self, world: World, by: User) -> None:
        step = self.waiting(world)
        sister = ProjectFactory(enterprise=step.project.enterprise, name="二期", chain=world.chain)
        CreditFactory(project=sister, team=world.lead)

        imported(self.order(world, by), world.row(2), world.row(3, name="二期", origin="广州"))

        assert steps() == {"landed": PENDING}

    def test_what_is_missing_keeps_a_step_waiting(self, world: World, by: User) -> None:
        MilestoneFactory(project=held(world), kind="landed")

        plan = imported(self.order(world, by), world.row())

        assert steps() == {"landed": PENDING}
        assert plan.warnings == [(2, "落地仍为待认定，还缺营业执照和用地材料。")]

    def test_a_new_row_is_never_recognised_by_its_importer(self, world: World, by: User) -> None:
        imported(self.order(world, by), world.row(landed="6-30"))

        assert steps() == {"landed": PENDING}

    def test_a_lower_amount_needs_the_page(self, world: World, by: User) -> None:
        self.waiting(world)

        assert refused(self.order(world, by), world.row(recognised_wan=9_000)) == [
            (2, "recognised_wan", "认定额与投资总额不同要写理由，请到认定页办理。")
        ]
