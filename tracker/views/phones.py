"""联系电话 in full: for those who may read it, when they ask, and never unrecorded."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from tracker.actions.audit import note
from tracker.choices import Deed

from .moment import app_request
from .projects import find_project, project


@require_POST
def project_phone(request: HttpRequest, code: str) -> HttpResponse:
    """`/projects/<code>/phone/`: the number in place of its mask, or the whole page with it."""
    person, found = app_request(request).person, find_project(code)
    if not person.reads_phone(found):
        raise PermissionDenied("联系电话只给这个项目的队伍和指挥部看。")
    if found.contact_phone:
        note(Deed.PHONE, by=person.user, kind="项目", reference=found.code)
    if "HX-Request" not in request.headers:
        return project(request, code, phone_shown=True)
    shown = {"project": found, "phone": found.contact_phone, "phone_shown": True}
    return render(request, "projects/_phone.html", shown)
