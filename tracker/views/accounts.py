"""账号: the administrator opens, changes, disables them, one by one or from a sheet."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from tracker.access import Person
from tracker.actions.accounts import (
    AccountEntry,
    Slip,
    account_version,
    change_account,
    disable_account,
    enable_account,
    open_accounts,
    reset_password,
    roles_of,
    taken,
)
from tracker.actions.refusal import Refused
from tracker.forms.accounts import AccountForm, AccountSearch, AccountSheetForm, NewAccountForm
from tracker.models import Campaign, Membership, Team, User
from tracker.sheets.accounts import COLUMNS, account_template, read_accounts
from tracker.sheets.faults import Fault
from tracker.sheets.reading import Unreadable
from tracker.tables.accounts import AccountTable
from tracker.tables.paging import CountedPaginator

from . import account_access
from .exports.accounts import account_export
from .exports.sending import Export, ExportableList
from .moment import app_request
from .navigation import moment_for

Result = TypeVar("Result")
PER_PAGE = 30
_WITH_TEAM = Membership.objects.select_related("team").order_by("team__position", "team_id")
_SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class AccountList(ExportableList):
    """`/accounts/`: everybody who may log in or once could."""

    template_name = "accounts/list.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        _administrator(request)
        return super().dispatch(request, *args, **kwargs)

    def export(self) -> Export:
        search = AccountSearch(self.request.GET)
        return account_export(self._table(search).data.data, search.words())

    def _table(self, search: AccountSearch) -> AccountTable:
        """All rows of the list in their order."""
        return AccountTable(
            _narrowed(search).prefetch_related("groups", Prefetch("memberships", _WITH_TEAM)),
            order_by=self.request.GET.getlist("sort"),
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        search = AccountSearch(self.request.GET)
        table = self._table(search)
        total = len(table.rows)
        page = self.request.GET.get("page", "1")
        table.paginate(paginator_class=CountedPaginator, page=page, per_page=PER_PAGE, total=total)
        narrowed = any(search.condition(name) for name in search.fields)
        moment = moment_for(self.request)
        return super().get_context_data(**kwargs) | {
            "search": search,
            "table": table,
            "total": total,
            "narrowed": narrowed,
            "clear_url": self.request.path + moment.query(basis=None),
        }


def account_new(request: HttpRequest) -> HttpResponse:
    """`/accounts/new/`: one account; its one-time password is shown once."""
    person = _administrator(request)
    form = NewAccountForm(moment_for(request).campaign, request.POST or None)
    if form.is_valid():
        data = form.cleaned_data
        roles, teams = frozenset(data["roles"]), tuple(data["teams"])
        entry = AccountEntry(data["username"], data["name"], roles, teams)
        slips = _attempt(form, lambda: open_accounts([entry], by=person.user))
        if slips is not None:
            return _slips(request, slips, "账号已开通")
    return render(request, "accounts/new.html", {"form": form}, status=422 if form.errors else 200)


def account_sheet(request: HttpRequest) -> HttpResponse:
    """`/accounts/sheet/`: all accounts of a sheet, or none and every fault in it."""
    person = _administrator(request)
    form = AccountSheetForm(request.POST or None, request.FILES or None)
    if request.method == "POST":
        form = AccountSheetForm(request.POST, request.FILES)
    faults: list[Fault] = []
    if form.is_valid():
        try:
            entries, faults = read_accounts(form.cleaned_data["sheet"], _teams(request), taken)
        except Unreadable as unreadable:
            form.add_error("sheet", str(unreadable))
        else:
            slips = _attempt(form, lambda: open_accounts(entries, by=person.user)) if not faults else None
            if slips is not None:
                return _slips(request, slips, f"{len(slips)} 个账号已开通")
    context = {"form": form, "faults": faults, "columns": COLUMNS}
    return render(request, "accounts/sheet.html", context, status=422 if faults or form.errors else 200)


def account_sheet_template(request: HttpRequest) -> HttpResponse:
    """`/accounts/template/`: the empty sheet with this campaign's teams."""
    _administrator(request)
    response = HttpResponse(account_template(_teams(request)), content_type=_SPREADSHEET)
    response["Content-Disposition"] = "attachment; filename*=UTF-8''%E8%B4%A6%E5%8F%B7%E5%90%8D%E5%8D%95.xlsx"
    return response


def account(request: HttpRequest, pk: int) -> HttpResponse:
    """`/accounts/<pk>/`: change it, reset its password, disable it or enable it again."""
    person = _administrator(request)
    found = get_object_or_404(User, pk=pk)
    campaign = moment_for(request).campaign
    do = _DOINGS.get(request.POST.get("do", ""))
    if do is not None:
        return do(request, found, person)
    form = AccountForm(campaign, request.POST or None, initial=_initial(found, campaign))
    if form.is_valid():
        standing = _initial(found, campaign)
        changed = _attempt(form, lambda: _change(found, form, campaign, person))
        if changed is None and form.cleaned_data["version"] not in ("", standing["version"]):
            form.meet(standing)
        if changed is not None:
            messages.success(request, "账号已改，下一次打开页面就生效。" if changed else "账号没有改动。")
            return redirect(_address("account", request, found.pk))
    return render(
        request,
        "accounts/account.html",
        {
            "account": found,
            "form": form,
            "own": found.pk == person.user.pk,
            "changes": _changes(found),
            **account_access.access_of(found),
            "others": found.memberships.exclude(team__campaign=campaign).select_related("team__campaign"),
        },
        status=422 if form.errors else 200,
    )


def _administrator(request: HttpRequest) -> Person:
    person = app_request(request).person
    if not person.may_manage_accounts:
        raise PermissionDenied("账号由系统管理员开通和停用。")
    return person


def _narrowed(search: AccountSearch) -> QuerySet[User]:
    accounts = User.objects.all()
    text, role, active = (search.condition(name) for name in ("q", "role", "active"))
    if text:
        accounts = accounts.filter(Q(name__icontains=text) | Q(username__icontains=text))
    if role:
        accounts = accounts.filter(groups__name=role)
    if active:
        accounts = accounts.filter(is_active=active == "yes")
    return accounts


def _teams(request: HttpRequest) -> Sequence[Team]:
    return list(moment_for(request).campaign.teams.order_by("position", "code"))


def _address(name: str, request: HttpRequest, *args: object) -> str:
    return reverse(name, args=args) + moment_for(request).query(basis=None)


def _initial(user: User, campaign: Campaign) -> dict[str, Any]:
    teams = user.memberships.filter(team__campaign=campaign).values_list("team_id", flat=True)
    return {
        "name": user.name,
        "roles": sorted(roles_of(user)),
        "teams": list(teams),
        "version": account_version(user),
    }


def _attempt(form: Any, act: Callable[[], Result]) -> Result | None:
    """What the action gives, or None with the refusal beside its field."""
    try:
        return act()
    except Refused as refused:
        shown = refused.field in form.fields and refused.field != "version"
        form.add_error(refused.field if shown else None, refused.message)
        return None


def _change(user: User, form: AccountForm, campaign: Campaign, person: Person) -> bool:
    data = form.cleaned_data
    return change_account(
        user,
        name=data["name"],
        roles=data["roles"],
        teams=list(data["teams"]),
        campaign=campaign,
        by=person.user,
        version=data["version"],
    )


def _slips(request: HttpRequest, slips: Sequence[Slip], done: str) -> HttpResponse:
    """Passwords are in this one answer and nowhere else; the browser is told not to keep it."""
    response = render(request, "accounts/slips.html", {"slips": slips, "done": done})
    response["Cache-Control"] = "no-store"
    return response


def _reset(request: HttpRequest, user: User, person: Person) -> HttpResponse:
    return _renew(request, user, lambda: reset_password(user, by=person.user), "密码已重置")


def _enable(request: HttpRequest, user: User, person: Person) -> HttpResponse:
    return _renew(request, user, lambda: enable_account(user, by=person.user), "账号已启用")


def _renew(request: HttpRequest, user: User, act: Callable[[], Slip], done: str) -> HttpResponse:
    try:
        return _slips(request, [act()], done)
    except Refused as refused:
        messages.error(request, refused.message)
        return redirect(_address("account", request, user.pk))


def _disable(request: HttpRequest, user: User, person: Person) -> HttpResponse:
    try:
        disable_account(user, by=person.user)
    except Refused as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, f"{user.name}的账号已停用，做过的事仍记在名下。")
    return redirect(_address("account", request, user.pk))


_DOINGS: dict[str, Callable[[HttpRequest, User, Person], HttpResponse]] = {
    "reset": _reset,
    "enable": _enable,
    "disable": _disable,
    **account_access.DOINGS,
}


def _changes(user: User) -> list[Any]:
    """Accounts and memberships, newest first."""
    accounts = user.history.exclude(history_change_reason=None).select_related("history_user")[:50]
    memberships = user.memberships.model.history.filter(user_id=user.pk).select_related(
        "history_user", "team"
    )
    entries = [(row.history_date, row.history_user, row.history_change_reason) for row in accounts]
    verbs = {"+": "加入", "-": "离开"}
    entries += [
        (row.history_date, row.history_user, f"{verbs[row.history_type]}{row.team.name}")
        for row in memberships[:50]
        if row.history_type in verbs
    ]
    return sorted(entries, key=lambda entry: entry[0], reverse=True)
