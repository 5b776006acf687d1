"""预警: what is late, by team and by kind."""

from typing import Any

from tracker.choices import AlarmKind
from tracker.forms.warnings import WarningSearch
from tracker.tables.paging import paged
from tracker.tables.warnings import WarningTable, team_words
from tracker.warnings import Alarm

from .alarms import alarm_url, alarms_for
from .exports.sending import Export, ExportableList
from .exports.warnings import warning_export
from .moment import app_request
from .navigation import moment_for

PER_PAGE = 30
# What the form of the filter carries along.
_KEPT = ("campaign", "as_of", "kind")


class WarningList(ExportableList):
    """`/warnings/`: of own teams for whoever has some, of all teams for everybody else."""

    template_name = "warnings/list.html"

    def setup(self, request: Any, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.moment = moment_for(request)
        self.person = app_request(request).person
        teams = list(self.moment.campaign.teams.order_by("position", "code"))
        self.team_names = {team.pk: team.short_name for team in teams}
        self.search = WarningSearch(request.GET, teams=teams, own=self.person.own_scope)

    def export(self) -> Export:
        words = self.search.words()
        kind = self._kind()
        words += [f"类别 {AlarmKind(kind).label}"] if kind else []
        return warning_export(self._of_kind(self._found()), self.team_names, "　".join(words))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = self._found()
        shown = self._of_kind(found)
        rows = [(alarm, alarm_url(alarm, self.moment)) for alarm in shown]
        table = WarningTable(rows, team_names=self.team_names)
        paged(table, number=self.request.GET.get("page", "1"), per_page=PER_PAGE, total=len(rows))
        return super().get_context_data(**kwargs) | {
            "search": self.search,
            "table": table,
            "total": len(rows),
            "segments": self._segments(found),
            "narrowed": "　".join(self.search.words()),
            "kept": {
                name: self.request.GET[name] for name in ("campaign", "as_of") if self.request.GET.get(name)
            },
            "clear_url": self.request.path + self.moment.query(basis=None),
            "limits": self.moment.campaign,
        }

    def _found(self) -> list[Alarm]:
        alarms = alarms_for(self.person, self.moment, team_ids=self.search.team_ids())
        text = self.search.condition("q")
        return [alarm for alarm in alarms if self._says(alarm, text)]

    def _says(self, alarm: Alarm, text: str) -> bool:
        parts = (alarm.title, alarm.code, alarm.reason, alarm.owner, team_words(alarm, self.team_names))
        return text in " ".join(parts)

    def _kind(self) -> str:
        wanted = self.request.GET.get("kind", "")
        return wanted if wanted in AlarmKind else ""

    def _of_kind(self, found: list[Alarm]) -> list[Alarm]:
        kind = self._kind()
        return [alarm for alarm in found if kind in ("", alarm.kind)]

    def _segments(self, found: list[Alarm]) -> list[dict[str, Any]]:
        kinds = [("", "全部"), *AlarmKind.choices]
        numbers = {code: sum(code in ("", alarm.kind) for alarm in found) for code, _ in kinds}
        return [
            {
                "url": self._with_kind(code),
                "label": label,
                "number": numbers[code],
                "current": code == self._kind(),
            }
            for code, label in kinds
            if numbers[code] or code in ("", self._kind())
        ]

    def _with_kind(self, kind: str) -> str:
        query = self.request.GET.copy()
        query.pop("page", None)
        query.pop("kind", None)
        if kind:
            query["kind"] = kind
        return f"?{query.urlencode()}"
