"""月末定格 from the server: for a timer on the first of each month."""

from typing import Any

from django.core.management.base import CommandError

from tracker import clock
from tracker.actions.month_ends import keep_month_end
from tracker.actions.refusal import Refused
from tracker.management.base import DayCommand
from tracker.progress.month_ends import ends_by, states_on


class Command(DayCommand):
    help = "把某天以前最近的一个月末定格：记下每份军令状当时的状态。"

    def handle(self, *args: Any, **options: Any) -> None:
        campaign = self.campaign(options["campaign"])
        ends = [end for end in ends_by(campaign, self.as_of(options["as_of"])) if end < clock.today()]
        if not ends:
            raise CommandError("还没有过完的月份")
        states = states_on(campaign, ends[-1])
        try:
            keep_month_end(campaign, ends[-1], states, by=None, today=clock.today())
        except Refused as refusal:
            raise CommandError(refusal.message) from None
        self.stdout.write(f"{ends[-1]:%Y-%m} 已定格，{len(states)} 份军令状")
