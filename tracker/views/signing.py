"""登记签约项目, and what the server answers while somebody types it."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from tracker.access import Person
from tracker.actions.collisions import Alike
from tracker.actions.evidence import add_evidence
from tracker.actions.projects import log_project
from tracker.actions.refusal import Refused
from tracker.actions.requirements import definitions
from tracker.choices import MilestoneKind
from tracker.forms.earlier import readable_project
from tracker.forms.parsing import clean_text, parse_amount, parse_day
from tracker.forms.projects import LARGE_WAN, PARTNER_ROWS
from tracker.forms.signing import SigningForm
from tracker.models import Project
from tracker.tables.projects import recognised_of

from .doubles import Answer, check_doubles, tell_of_doubles
from .entries import kept_files, signing_entry
from .moment import Moment, app_request
from .navigation import moment_for


def project_new(request: HttpRequest) -> HttpResponse:
    """`/projects/new/`: one form makes the project, its credits and its 签约 (待认定)."""
    person = app_request(request).person
    moment = moment_for(request)
    if not person.may_log_projects:
        raise PermissionDenied("登记项目由各队联络员、队长或指挥部办理。")
    form = SigningForm(
        request.POST or None,
        request.FILES or None,
        campaign=moment.campaign,
        person=person,
        today=moment.today,
    )
    if request.method == "POST" and form.is_valid():
        logged = _logged(form, person, moment)
        if logged is not None:
            messages.success(request, f"已登记并提交认定。{logged.name}，编号 {logged.code}。")
            tell_of_doubles(request, logged, person)
            return redirect(reverse("project", args=[logged.code]) + moment.query(basis=None))
    meaning = definitions()[MilestoneKind.SIGNED]
    status = 422 if form.errors else 200
    return render(request, "projects/form.html", {"form": form, "meaning": meaning}, status=status)


def _logged(form: SigningForm, person: Person, moment: Moment) -> Project | None:
    try:
        files = kept_files(form)
        with transaction.atomic():
            logged = log_project(signing_entry(form), by=person.user, today=moment.today)
            if files:
                add_evidence(logged.milestones.get(kind=MilestoneKind.SIGNED), files, by=person.user)
        return logged
    except Refused as refusal:
        form.refuse(refusal.message, refusal.field)
    return None


def project_check(request: HttpRequest, what: str) -> HttpResponse:
    """`/projects/check/<what>/`: an answer beside a field while it is filled in."""
    person = app_request(request).person
    if not person.may_log_projects:
        raise PermissionDenied
    answers: dict[str, Answer] = {
        "enterprise": check_doubles(Alike.CODE, Alike.NAME, Alike.NEAR),
        "code": check_doubles(Alike.CODE),
        "phone": check_doubles(Alike.PHONE),
        "title": check_doubles(Alike.PROJECT),
        "earlier": _check_earlier,
        "amount": _check_amount,
        "day": _check_day,
        "shares": _check_shares,
    }
    answer = answers.get(what)
    if answer is None:
        raise Http404
    template, context = answer(request, person, moment_for(request))
    return render(request, f"projects/{template}.html", context)


def _check_earlier(request: HttpRequest, person: Person, moment: Moment) -> tuple[str, dict[str, Any]]:
    code = clean_text(request.GET.get("earlier", ""))[:20]
    earlier = readable_project(code, person) if code else None
    recognised = recognised_of(earlier, moment.as_of) if earlier is not None else None
    return "check_earlier", {"code": code, "earlier": earlier, "recognised_wan": recognised}


def _check_amount(request: HttpRequest, person: Person, moment: Moment) -> tuple[str, dict[str, Any]]:
    text = request.GET.get("investment_wan", "")[:60]
    if not text.strip():
        return "check_amount", {}
    try:
        amount = parse_amount(text)
    except ValueError as fault:
        return "check_amount", {"fault": str(fault)}
    return "check_amount", {"amount": amount, "large": amount > LARGE_WAN}


def _check_day(request: HttpRequest, person: Person, moment: Moment) -> tuple[str, dict[str, Any]]:
    text = request.GET.get("signed_on", "")[:20]
    if not text.strip():
        return "check_day", {}
    try:
        day = parse_day(text)
    except ValueError as fault:
        return "check_day", {"fault": str(fault)}
    campaign = moment.campaign
    outside = not campaign.starts_on <= day <= campaign.ends_on
    return "check_day", {"day": day, "future": day > moment.today, "outside": outside}


def _check_shares(request: HttpRequest, person: Person, moment: Moment) -> tuple[str, dict[str, Any]]:
    shares = [request.GET.get(f"share_{number}", "").strip() for number in range(1, PARTNER_ROWS + 1)]
    numbers = [int(text) for text in shares if text.isascii() and text.isdigit() and len(text) < 4]
    return "check_shares", {"rest": 100 - sum(numbers), "given": sum(numbers)}
