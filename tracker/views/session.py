"""Log-in, own password and health answers."""

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.forms import PasswordChangeForm
from django.contrib.auth.views import LoginView, PasswordChangeView
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse_lazy

from tracker.actions.accounts import change_own_password
from tracker.models import Campaign


class LogIn(LoginView):
    """The log-in page shows what is promised in public, and nothing of what is reached."""

    redirect_authenticated_user = True

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        campaign = Campaign.objects.filter(is_current=True).first()
        return super().get_context_data(**kwargs) | {"login_campaign": campaign and _cover(campaign)}


def _cover(campaign: Campaign) -> dict[str, object]:
    district = campaign.pledges.filter(brigade=None, team=None).first()
    issued = district.targets.filter(is_draft=False) if district is not None else None
    return {
        "district": campaign.district,
        "year": campaign.year,
        "team_count": campaign.teams.count(),
        "slogan": campaign.slogan,
        "target": issued.order_by("position").first() if issued is not None else None,
    }


class OwnPassword(PasswordChangeView):
    """改密码, which also ends the duty to change a one-time password."""

    template_name = "registration/password.html"
    success_url = reverse_lazy("overview")

    def form_valid(self, form: PasswordChangeForm) -> HttpResponse:
        change_own_password(form.user, form.cleaned_data["new_password1"])
        update_session_auth_hash(self.request, form.user)
        messages.success(self.request, "密码已改。")
        return HttpResponseRedirect(self.get_success_url())


def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return HttpResponse("ok", content_type="text/plain")


def readyz(request: HttpRequest) -> HttpResponse:
    """The database answers and is migrated."""
    executor = MigrationExecutor(connection)
    missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if missing:
        return HttpResponse("数据库尚未迁移", status=503, content_type="text/plain; charset=utf-8")
    return HttpResponse("ok", content_type="text/plain")
