"""The back office: Django's own admin, entered and grouped by the rules of this product."""

from collections.abc import Callable
from functools import update_wrapper
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from tracker.access import Person

GROUPS = (
    (
        "organisation",
        "组织",
        (
            "Campaign",
            "Brigade",
            "Team",
            "Place",
            "IndustryChain",
            "Department",
            "Policy",
            "Baseline",
            "Definition",
            "Exclusion",
            "Holiday",
        ),
    ),
    ("tasks", "任务", ("Pledge", "Target", "Reading")),
    ("projects", "项目", ("Project", "Enterprise")),
    ("accounts", "账号", ("User",)),
)
GROUP_OF = {model: label for _, label, models in GROUPS for model in models}

Respond = Callable[..., HttpResponseBase]


def person_on(request: HttpRequest) -> Person:
    """The person whom the middleware put on every request behind the log-in."""
    return request.person  # type: ignore[attr-defined,no-any-return]


class BackOffice(admin.AdminSite):
    """One log-in, one password page and one set of permissions: those of the site."""

    site_title = "后台管理"
    site_header = "后台管理"
    index_title = "后台管理"
    empty_value_display = "—"

    def has_permission(self, request: HttpRequest) -> bool:
        person: Person | None = getattr(request, "person", None)
        return person is not None and person.may_enter_admin

    def admin_view(self, view: Respond, cacheable: bool = False) -> Any:
        """Whoever may not enter is told so, not asked to log in again."""
        guarded = super().admin_view(view, cacheable)

        def respond(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not hasattr(request, "person"):
                return redirect("admin:index")
            if not self.has_permission(request):
                raise PermissionDenied("后台由指挥部、系统管理员和队伍的联络员、队长使用。")
            return guarded(request, *args, **kwargs)

        return update_wrapper(respond, view)

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return redirect("admin:index")

    def logout(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        return redirect("logout", preserve_request=True)

    def password_change(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        return redirect("password")

    def app_index(
        self, request: HttpRequest, app_label: str, extra_context: dict[str, Any] | None = None
    ) -> Any:
        """All models are of one app: its index is the index."""
        return redirect("admin:index")

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        apps = self._build_app_dict(request).values()
        entries = {entry["object_name"]: entry for app in apps for entry in app["models"]}
        groups = [
            {
                "name": label,
                "app_label": slug,
                "app_url": f"{reverse('admin:index')}#{slug}",
                "has_module_perms": True,
                "models": [entries[model] for model in models if model in entries],
            }
            for slug, label, models in GROUPS
        ]
        return [group for group in groups if group["models"]]
