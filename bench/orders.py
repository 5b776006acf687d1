"""Six processes number orders and needs, and close the same answers, at the same moment.

    .venv/bin/python bench/orders.py [--sqlite | --postgres]

No number is given twice or left out, each answer is accepted once with one entry of history, everybody
else is told, and no process fails.
"""

import datetime
import json
import sys
import time
from typing import Any

import races
from _room import ROOT, address_of, on_both, own_database

PROCESSES, EACH, ANSWERS = 6, 8, 24
TODAY = datetime.date(2023, 9, 15)


def main(arguments: list[str]) -> int:
    if "--work" in arguments:
        return work(int(arguments[-1]))
    if "--here" not in arguments:
        return on_both(__file__, arguments)
    with own_database() as connection:
        stage()
        races.PROCESSES, races.STEPS, races.__file__ = PROCESSES, ANSWERS, __file__
        return report(connection.vendor, races.race(address_of(connection)))


def stage() -> None:
    """Directives that were answered by their 队长, and people of headquarters."""
    from django.contrib.auth.models import Group

    from tracker.actions.directives import Order, answer_directive, issue_directive
    from tracker.actions.seeding import seed
    from tracker.choices import Role
    from tracker.models import Campaign, Membership, User

    seed(ROOT / "fixtures" / "xinhui-2023")
    campaign = Campaign.objects.get()
    team = campaign.teams.get(code="chain-health")
    people = [User.objects.create(username=f"judge-{number}", name="测量员") for number in range(PROCESSES)]
    captain = User.objects.create(username="captain", name="队长")
    for user in people:
        user.groups.set(Group.objects.filter(name=Role.HEADQUARTERS))
    captain.groups.set(Group.objects.filter(name=Role.CAPTAIN))
    Membership.objects.create(user=captain, team=team)
    for number in range(ANSWERS):
        order = Order(campaign, team, f"第{number}件", "限期", TODAY)
        row = issue_directive(order, by=people[0], today=TODAY)
        answer_directive(row, "已办", [], by=captain, today=TODAY)


def work(number: int) -> int:
    sys.path.insert(0, str(ROOT))
    import django

    django.setup()
    from django.utils import timezone

    from tracker.actions.directives import Order, accept_answer, issue_directive
    from tracker.actions.refusal import Refused
    from tracker.actions.requests import Need, raise_request
    from tracker.models import Campaign, DirectiveAnswer, User

    judge = User.objects.get(username=f"judge-{number}")
    campaign = Campaign.objects.get()
    team = campaign.teams.get(code="chain-health")
    answers = list(DirectiveAnswer.objects.order_by("-pk" if number % 2 else "pk"))
    now = timezone.now()
    acts: list[Any] = [lambda row=row: accept_answer(row, by=judge, today=TODAY) for row in answers]
    for index in range(EACH):
        order = Order(campaign, team, f"{number}-{index}", "限期", TODAY)
        need = Need(campaign, f"第{index}厂", "land", f"{number}-{index}", now, team)
        acts.insert(index * 3, lambda order=order: issue_directive(order, by=judge, today=TODAY))
        acts.insert(index * 3, lambda need=need: raise_request(need, by=judge, now=now))
    outcome = {"won": 0, "told": 0, "failed": 0}
    print("ready", flush=True)
    sys.stdin.readline()
    for act in acts:
        time.sleep(0.02)
        try:
            act()
            outcome["won"] += 1
        except Refused:
            outcome["told"] += 1
        except Exception as fault:
            print(repr(fault), file=sys.stderr)
            outcome["failed"] += 1
    print(json.dumps(outcome))
    return 0


def report(vendor: str, outcomes: list[dict[str, Any]]) -> int:
    from tracker.models import Directive, Enterprise, Ownership, ServiceRequest

    won, told, failed = (sum(outcome[name] for outcome in outcomes) for name in ("won", "told", "failed"))
    orders = sorted(Directive.objects.values_list("number", flat=True))
    needs = sorted(ServiceRequest.objects.values_list("number", flat=True))
    closed = Directive.history.filter(status="closed").count()
    made = PROCESSES * EACH
    print(
        f"{vendor:10}  {PROCESSES} processes: {len(orders)} orders, {len(needs)} needs, {closed} closings; "
        f"{told} told, {failed} failed",
        flush=True,
    )
    expected = (
        list(range(1, ANSWERS + made + 1)), list(range(1, made + 1)), ANSWERS, ANSWERS + 2 * made,
        ANSWERS * (PROCESSES - 1), 0, made, EACH,
    )  # fmt: skip
    owners, enterprises = Ownership.objects.count(), Enterprise.objects.count()
    return int((orders, needs, closed, won, told, failed, owners, enterprises) != expected)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
