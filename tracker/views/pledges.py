"""军令状: the list, the signed document with its figures, its changes and its printed form."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from tracker.access import Person
from tracker.actions.requirements import definitions
from tracker.choices import RankGroup, State
from tracker.models import Baseline, Pledge
from tracker.progress import Holder, Progress, progress
from tracker.progress.completed import INDUSTRIAL, CrossCheck, cross_check
from tracker.warnings import Alarm, loose_ends

from .changes import history_of
from .composition import composition
from .exports.pledges import pledge_export
from .exports.sending import Export, ExportableList
from .moment import Moment, app_request
from .navigation import moment_for
from .related import rated
from .standing import Line, Standing, holder_url, line_of, standings
from .trends import team_ids, trend_of

_FILTERS = (State.DONE, State.ON_TRACK, State.BEHIND, State.CRITICAL)


@dataclass(frozen=True)
class Group:
    """Pledges listed together."""

    label: str
    lines: tuple[Line, ...]


class PledgeList(ExportableList):
    """`/pledges/`: every pledge by group; `?state=critical` keeps the teams in one state."""

    template_name = "pledges/list.html"

    def export(self) -> Export:
        moment, wanted = moment_for(self.request), self._wanted()
        result = progress(moment.campaign, moment.as_of)
        groups = _groups(result, moment, app_request(self.request).person)
        word = str(State(wanted).label) if wanted else ""
        return pledge_export(_narrowed(groups, wanted) if wanted else groups, moment, word)

    def _wanted(self) -> str:
        moment, state = moment_for(self.request), self.request.GET.get("state", "")
        return state if state in _FILTERS and moment.assessed and not moment.other_basis else ""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        moment = moment_for(self.request)
        person = app_request(self.request).person
        result = progress(moment.campaign, moment.as_of)
        groups = _groups(result, moment, person)
        wanted = self._wanted()
        return super().get_context_data(**kwargs) | {
            "groups": _narrowed(groups, wanted) if wanted else groups,
            "segments": _segments(groups, moment, wanted),
            "wanted": State(wanted).label if wanted else "",
            "drafts": sum(holder.awaits_targets for holder in result.teams),
            "signed": sum(holder.status == "signed" for holder in result.teams),
            "team_count": len(result.teams),
            "all_url": reverse("pledges") + moment.query(),
        }


def pledge(request: HttpRequest, pk: int) -> HttpResponse:
    """`/pledges/<id>/`: the document, and `?target=code` for the projects behind one figure."""
    found = _found(pk)
    moment = moment_for(request)
    if found.campaign_id != moment.campaign.pk:
        return _in_its_campaign(request, found)
    person = app_request(request).person
    result = progress(moment.campaign, moment.as_of)
    holder = _holder(result, found)
    shown = standings(holder, moment, person)
    chosen = _chosen(shown, request.GET.get("target", ""))
    return render(
        request,
        "pledges/pledge.html",
        {
            "pledge": found,
            "holder": holder,
            "holder_url": holder_url(holder, moment) if holder.scope != "district" else "",
            "group": _group_label(holder),
            "standings": shown,
            "chosen": chosen,
            "awaits": bool(shown) and shown[0].figure.is_draft,
            "issued_on": shown[0].figure.issued_on if shown else None,
            "parts": composition(chosen, moment, person) if chosen else None,
            "rated": rated(chosen, holder, result, moment, person),
            "with_share": chosen is not None and chosen.figure.is_money and holder.scope != "district",
            "meaning": definitions().get(chosen.figure.basis, "") if chosen else "",
            "trend": trend_of(holder, shown, result, moment),
            "loose_ends": _loose_ends(holder, result, moment, person),
            "check": _check(chosen, moment),
            "baselines": _baselines(holder, moment),
            "printed_at": timezone.localtime(),
            "may_edit": person.is_headquarters,
            "may_log": person.may_log_projects and (holder.team is None or person.may_log_for(holder.team)),
        },
    )


def _check(chosen: Standing | None, moment: Moment) -> CrossCheck | None:
    """What projects say they built, beside the district's official figure of it."""
    if chosen is None or chosen.holder.scope != "district" or chosen.figure.code != INDUSTRIAL:
        return None
    return cross_check(moment.campaign, moment.as_of)


def pledge_history(request: HttpRequest, pk: int) -> HttpResponse:
    """`/pledges/<id>/history/`: 更正记录; what a placeholder said is headquarters' own."""
    found = _found(pk)
    moment = moment_for(request)
    if found.campaign_id != moment.campaign.pk:
        return _in_its_campaign(request, found)
    entries = history_of(found, sees_drafts=app_request(request).person.sees_drafts)
    return render(request, "pledges/history.html", {"pledge": found, "entries": entries})


def pledge_print(request: HttpRequest, pk: int) -> HttpResponse:
    """`/pledges/<id>/print/`: one A4 to sign; a placeholder prints 任务待下达 for everybody."""
    found = _found(pk)
    moment = moment_for(request)
    if found.campaign_id != moment.campaign.pk:
        return _in_its_campaign(request, found)
    targets = list(found.targets.order_by("position", "id"))
    meanings = definitions()
    context = {
        "pledge": found,
        "targets": [(target, meanings.get(target.basis, "")) for target in targets],
        "is_district": found.team_id is None and found.brigade_id is None,
        "awaits": any(target.is_draft for target in targets),
        "printed_at": timezone.localtime(),
    }
    return render(request, "pledges/print.html", context)


def _found(pk: int) -> Pledge:
    found = Pledge.objects.select_related("campaign", "team__brigade", "brigade").filter(pk=pk).first()
    if found is None:
        raise Http404("没有这份军令状。")
    return found


def _in_its_campaign(request: HttpRequest, found: Pledge) -> HttpResponse:
    """A pledge belongs to one campaign: the page's frame must say so too."""
    query = request.GET.copy()
    query["campaign"] = found.campaign.code
    return redirect(f"{request.path}?{query.urlencode()}")


def _holder(result: Progress, found: Pledge) -> Holder:
    return next(holder for holder in result.holders if holder.pledge and holder.pledge.pk == found.pk)


def _chosen(shown: Sequence[Standing], code: str) -> Standing | None:
    return next((each for each in shown if each.figure.code == code), shown[0] if shown else None)


def _group_label(holder: Holder) -> str:
    if holder.team is not None:
        return str(holder.team.rank_group.label)
    return "大队与专班" if holder.brigade is not None else "全区"


def _loose_ends(holder: Holder, result: Progress, moment: Moment, person: Person) -> list[Alarm]:
    return loose_ends(
        moment.campaign,
        moment.as_of,
        detailed=person.detailed_projects("project__"),
        team_ids=team_ids(holder, result),
    )


def _baselines(holder: Holder, moment: Moment) -> list[Baseline]:
    if holder.scope != "district":
        return []
    return list(Baseline.objects.filter(year__lt=moment.campaign.year))


def _groups(result: Progress, moment: Moment, person: Person) -> list[Group]:
    groups = [("全区", [result.district]), ("大队与专班", list(result.brigades))]
    groups += [(str(group.label), result.group(group)) for group in RankGroup]
    return [
        Group(label, tuple(_line(holder, moment, person) for holder in holders))
        for label, holders in groups
        if holders
    ]


def _line(holder: Holder, moment: Moment, person: Person) -> Line:
    return line_of(holder, moment, sees_drafts=person.sees_drafts, by_money=holder.scope != "team")


def _narrowed(groups: Sequence[Group], state: str) -> list[Group]:
    kept = [Group(group.label, tuple(line for line in group.lines if _is(line, state))) for group in groups]
    return [group for group in kept if group.lines]


def _is(line: Line, state: str) -> bool:
    return line.rank is not None and line.standing is not None and line.standing.state == state


def _segments(groups: Sequence[Group], moment: Moment, wanted: str) -> list[dict[str, Any]]:
    """How many ranked teams stand where; nothing to choose from while nobody is judged."""
    lines = [line for group in groups for line in group.lines if line.rank is not None]
    if not lines:
        return []
    page = reverse("pledges")
    entries = [{"url": page + moment.query(), "label": "全部", "number": None, "current": not wanted}]
    return entries + [
        {
            "url": page + moment.query(state=state),
            "label": state.label,
            "number": sum(_is(line, state) for line in lines),
            "current": state == wanted,
        }
        for state in _FILTERS
    ]
