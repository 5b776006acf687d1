"""账号: opened, changed and disabled by the same actions as on the accounts page."""

from collections.abc import Callable, Collection
from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Prefetch, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse

from tracker.access import Person
from tracker.actions.accounts import (
    AccountEntry,
    Slip,
    account_histories,
    change_account,
    clean_username,
    disable_account,
    enable_account,
    open_accounts,
    reset_password,
    roles_of,
)
from tracker.actions.recording import delete
from tracker.actions.refusal import Refused
from tracker.choices import Role
from tracker.forms.fields import RowsField
from tracker.models import Membership, Team, User
from tracker.models.user import USERNAME_HELP

from .asking import Choices
from .base import FactAdmin, FactForm, worded
from .site import person_on


class UserForm(FactForm):
    roles = forms.MultipleChoiceField(
        label="角色",
        choices=[(role.value, role.value) for role in Role],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "至少选一个角色。"},
    )
    teams = RowsField(
        Team.objects.all(),
        label="队伍",
        required=False,
        help_text="联络员、队长要选至少一支队伍。",
        error_messages={"invalid_choice": "没有这支队伍。", "invalid_pk_value": "没有这支队伍。"},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        teams = cast(Any, self.fields["teams"])
        teams.widget = Choices(Membership._meta.get_field("team"), admin.site, choices=teams.choices)
        if self.instance.pk:
            self.initial["roles"] = sorted(roles_of(self.instance))
            self.initial["teams"] = [row.team_id for row in self.instance.memberships.all()]

    def clean_username(self) -> str:
        try:
            return clean_username(self.cleaned_data["username"])
        except Refused as refusal:
            raise ValidationError(refusal.message) from None


class RoleFilter(admin.SimpleListFilter):
    title = "角色"
    parameter_name = "role"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(role.value, role.value) for role in Role]

    def queryset(self, request: HttpRequest, queryset: QuerySet[User]) -> QuerySet[User]:
        role = self.value()
        return queryset.filter(groups__name=role) if role in Role.values else queryset


@admin.register(User)
class UserAdmin(FactAdmin):
    form = UserForm
    change_form_template = "admin/accounts/change_form.html"
    list_display = ("username", "name", "roles_in_words", "teams_in_words", "in_use", "last_login")
    list_filter = ("is_active", RoleFilter)
    search_fields = ("username", "name")
    search_help_text = "账号、姓名"
    spelt_by = "name"
    readonly_fields = ("in_use", "owes_password", "last_login", "date_joined")
    in_use = worded("is_active", "在用")
    owes_password = worded("must_change_password", "须改密码")
    settled_fields = ("username",)

    def may_change(self, person: Person, row: Any | None) -> bool:
        return person.may_manage_accounts

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        held = Prefetch("memberships", Membership.objects.select_related("team"))
        return super().get_queryset(request).prefetch_related("groups", held)

    def get_fieldsets(self, request: HttpRequest, obj: Any | None = None) -> Any:
        typed = (None, {"fields": ("username", "name", "roles", "teams")})
        shown = ("状态", {"fields": self.readonly_fields})
        return [typed] if obj is None else [typed, shown]

    def get_form(
        self, request: HttpRequest, obj: Any | None = None, change: bool = False, **kwargs: Any
    ) -> type[FactForm]:
        form = super().get_form(request, obj, change, **kwargs)
        if "username" in form.base_fields:
            form.base_fields["username"].label = "账号"
            form.base_fields["username"].help_text = USERNAME_HELP
        return form

    @admin.display(description="角色")
    def roles_in_words(self, row: User) -> str:
        return "、".join(group.name for group in row.groups.all()) or "未分配"

    @admin.display(description="队伍")
    def teams_in_words(self, row: User) -> str:
        return "、".join(membership.team.short_name for membership in row.memberships.all())

    def histories(self, row: User) -> list[QuerySet[Any]]:
        return account_histories(row)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        data, by = form.cleaned_data, person_on(request).user
        if change:
            _change(User.objects.get(pk=obj.pk), data["name"], data["roles"], data["teams"], by)
            return
        entry = AccountEntry(data["username"], data["name"], frozenset(data["roles"]), tuple(data["teams"]))
        slip = open_accounts([entry], by=by)[0]
        obj.pk = slip.user.pk
        obj.refresh_from_db()
        request.slip = slip  # type: ignore[attr-defined]

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Roles and teams are written with the account."""

    def response_add(
        self, request: HttpRequest, obj: Any, post_url_continue: str | None = None
    ) -> HttpResponse:
        return self._show_once(request, request.slip, "账号已开通")  # type: ignore[attr-defined]

    def get_urls(self) -> list[URLPattern]:
        acts: dict[str, Callable[..., HttpResponse]] = {
            "reset": self.reset_view,
            "disable": self.disable_view,
            "enable": self.enable_view,
        }
        own = [
            path(f"<int:pk>/{name}/", self.admin_site.admin_view(view), name=f"tracker_user_{name}")
            for name, view in acts.items()
        ]
        return [*own, *super().get_urls()]

    def reset_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self._act(request, pk, reset_password, "密码已重置")

    def disable_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self._act(request, pk, disable_account, "账号已停用")

    def enable_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self._act(request, pk, enable_account, "账号已启用")

    def _act(
        self, request: HttpRequest, pk: int, action: Callable[..., Slip | None], done: str
    ) -> HttpResponse:
        if not self.has_change_permission(request):
            raise PermissionDenied("账号由系统管理员管理。")
        user = User.objects.filter(pk=pk).first()
        if user is None:
            raise Http404("没有这个账号。")
        address = reverse("admin:tracker_user_change", args=[pk])
        if request.method != "POST":
            return redirect(address)
        try:
            slip = action(user, by=person_on(request).user)
        except Refused as refusal:
            messages.error(request, refusal.message)
            return redirect(address)
        if slip is not None:
            return self._show_once(request, slip, done)
        messages.success(request, f"{done}：{user}。")
        return redirect(address)

    def _show_once(self, request: HttpRequest, slip: Slip, title: str) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "title": title,
            "slip": slip,
            "opts": self.opts,
            "group_name": "账号",
        }
        return TemplateResponse(request, "admin/accounts/slip.html", context)


def _change(user: User, name: str, roles: Collection[str], teams: Collection[Team], by: User) -> None:
    """Change an account in every campaign that it has teams in, or is to have."""
    wanted: dict[Any, list[Team]] = {}
    for team in teams:
        wanted.setdefault(team.campaign, []).append(team)
    if not wanted:
        _leave(user.memberships.all(), by)
        change_account(user, name=name, roles=roles, teams=(), campaign=None, by=by)
    for campaign, own in wanted.items():
        change_account(user, name=name, roles=roles, teams=own, campaign=campaign, by=by)
    if wanted:
        _leave(user.memberships.exclude(team__campaign__in=wanted), by)


def _leave(memberships: QuerySet[Membership], by: User) -> None:
    for membership in memberships:
        delete(membership, by)
