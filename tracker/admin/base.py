"""What every page of the back office does alike: rights, refusals, history and lists."""

from collections.abc import Iterable, Sequence
from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db import DataError, IntegrityError
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.safestring import SafeString
from django.utils.text import capfirst

from tracker.access import Person
from tracker.actions.naming import initials
from tracker.actions.recording import delete, save
from tracker.actions.refusal import Refused
from tracker.actions.versions import version_of
from tracker.forms.fields import TextField
from tracker.forms.parsing import shortened
from tracker.forms.wording import in_words
from tracker.story import story
from tracker.templatetags.figures import provenance

from .asking import Asking
from .rows import typed_in_words
from .site import GROUP_OF, person_on

_STALE = "你打开以后，别人改过这一条。有出入的各栏下写着现在的值，核对后再存一次。"
_LONGEST_SEARCH = 100
_LONGEST_WORD = 60
_RACE = "刚被别人改动过，请看最新情况再存。"


class FactForm(forms.ModelForm):  # type: ignore[type-arg]
    """A form that shows why an action was refused, with all that was typed still in it."""

    refused: Refused | None = None
    person: Person
    # Somebody changed the row after this person had opened it.
    is_stale = False

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if self.refused is not None:
            at = (self.refused.field or "").removeprefix(f"t{self.instance.pk}-")
            self.add_error(at if at in self.fields else None, self.refused.message)
        if self.is_stale:
            self.add_error(None, _STALE)
            self._show_both()
        return data

    def _show_both(self) -> None:
        """Beside each field that would change, what stands now; saving once more means it."""
        for name in self.changed_data:
            if name in self.cleaned_data and not self.fields[name].widget.is_hidden:
                stands = self.get_initial_for_field(self.fields[name], name)
                self.add_error(
                    name, f"现在是：{shortened(in_words(self.fields[name], stands), _LONGEST_WORD)}"
                )

    def changes(self, names: Iterable[str]) -> bool:
        return bool(set(self.changed_data) & set(names))


class ReasonedForm(FactForm):
    """A change that history keeps with its reason."""

    reason = TextField(label="更正原因", required=False, max_length=90, help_text="写进更正记录。")

    def demand_reason(self, message: str) -> None:
        if not self.cleaned_data.get("reason"):
            self.add_error("reason", message)


class FactAdmin(Asking, admin.ModelAdmin):  # type: ignore[type-arg]
    """Who may do what comes from `Person` by the four `may_…` questions; rows are saved with history.

    `spelt_by` is the name column whose pinyin initials are searched, in tables short enough for it.
    """

    form = FactForm
    actions = None
    list_per_page = 50
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    spelt_by = ""
    settled_fields: Sequence[str] = ()
    empty_value_display = "—"

    @property
    def group_name(self) -> str:
        return GROUP_OF[str(self.opts.object_name)]

    def may_view(self, person: Person, row: Any | None) -> bool:
        return self.may_change(person, row)

    def may_add(self, person: Person) -> bool:
        return self.may_change(person, None)

    def may_change(self, person: Person, row: Any | None) -> bool:
        return person.is_headquarters

    def may_delete(self, person: Person, row: Any | None) -> bool:
        return False

    def may_choose(self, person: Person) -> Q:
        """Which rows a person may choose on other pages; the page that lists them may show fewer."""
        return Q()

    def in_menu(self, person: Person) -> bool:
        return self.may_view(person, None)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.in_menu(person_on(request))

    def has_view_permission(self, request: HttpRequest, obj: Any | None = None) -> bool:
        return self.may_view(person_on(request), obj)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.may_add(person_on(request))

    def has_change_permission(self, request: HttpRequest, obj: Any | None = None) -> bool:
        return self.may_change(person_on(request), obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any | None = None) -> bool:
        return self.may_delete(person_on(request), obj)

    def get_readonly_fields(self, request: HttpRequest, obj: Any | None = None) -> list[str]:
        settled = self.settled_fields if obj is not None else ()
        return [*super().get_readonly_fields(request, obj), *settled]

    def get_fieldsets(self, request: HttpRequest, obj: Any | None = None) -> Any:
        """Whoever may only look is not shown what a change would be explained with."""
        sets = super().get_fieldsets(request, obj)
        if obj is None or self.has_change_permission(request, obj):
            return sets
        return [(title, options) for title, options in sets if options["fields"] != ("reason",)]

    def get_form(
        self, request: HttpRequest, obj: Any | None = None, change: bool = False, **kwargs: Any
    ) -> type[FactForm]:
        form = cast(type[FactForm], super().get_form(request, obj, change, **kwargs))
        form.person = person_on(request)
        form.refused = getattr(request, "refused", None)
        form.is_stale = self._is_stale(request, obj)
        return form

    def _is_stale(self, request: HttpRequest, row: Any | None) -> bool:
        """Asked with the row held, so that of two people who save at once the second is told."""
        if row is None or request.method != "POST":
            return False
        self.hold(row)
        if request.POST.get("seen") == version_of(self.histories(row)):
            return False
        row.refresh_from_db()
        request.is_stale = True  # type: ignore[attr-defined]
        return True

    def hold(self, row: Any) -> None:
        list(type(row)._base_manager.select_for_update().filter(pk=row.pk))

    def get_formset_kwargs(self, request: HttpRequest, obj: Any, inline: Any, prefix: str) -> dict[str, Any]:
        """Of a row that somebody else changed, the rows inside are shown as they stand now."""
        asked: Any = super()
        kwargs: dict[str, Any] = asked.get_formset_kwargs(request, obj, inline, prefix)
        if not getattr(request, "is_stale", False):
            return kwargs
        typed = typed_in_words(inline.get_formset(request, obj)(**kwargs))
        if typed:
            rows = inline.opts.verbose_name_plural
            messages.warning(request, f"{rows}已换成现在的行。你刚才填的是：{typed}。还要改的，再填一次。")
        return {name: value for name, value in kwargs.items() if name not in ("data", "files", "save_as_new")}

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        row = context.get("original")
        context["seen"] = version_of(self.histories(row)) if row is not None else ""
        return super().render_change_form(request, context, *args, **kwargs)

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """A refusal rolls everything back, then shows the form again with the refusal on it."""
        context = {"group_name": self.group_name, **(extra_context or {})}
        try:
            return super().changeform_view(request, object_id, form_url, context)
        except Refused as refusal:
            request.refused = refusal  # type: ignore[attr-defined]
        except IntegrityError:
            request.refused = Refused(_RACE)  # type: ignore[attr-defined]
        except (OverflowError, DataError):
            raise Http404("没有这一条。") from None
        return super().changeform_view(request, object_id, form_url, context)

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """An address that cannot be read shows the whole list."""
        if "e" in request.GET:
            return redirect(request.path)
        context = {"group_name": self.group_name, **(extra_context or {})}
        try:
            return super().changelist_view(request, context)
        except (OverflowError, DataError):
            return redirect(request.path)

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied("更正记录只对能看这一类的人开放。")
        row = self.get_object(request, unquote(object_id))
        if row is None:
            raise Http404("没有这一条。")
        context = {
            **self.admin_site.each_context(request),
            "title": f"更正记录：{row}",
            "entries": story(*self.histories(row)),
            "object": row,
            "opts": self.opts,
            "group_name": self.group_name,
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, "admin/history.html", context)

    def histories(self, row: Any) -> list[QuerySet[Any]]:
        """The histories that tell the story of a row, its own first."""
        return [row.history.all()]

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        save(obj, person_on(request).user, form.cleaned_data.get("reason", ""))

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        delete(obj, person_on(request).user, "后台删除")

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> tuple[Any, Any, Any, Any]:
        """A row goes only while nothing depends on it, not even what would go along."""
        going, counts, lacking, protected = super().get_deleted_objects(objs, request)
        along = [item for nested in going[1:] for item in nested if not str(item).startswith(self._ties())]
        return going, counts, lacking, [*protected, *along, *self._holders(objs)]

    def _ties(self) -> tuple[str, ...]:
        """Rows that only tie two others together have names of the library's making."""
        own = [field.remote_field.through for field in self.opts.many_to_many]
        relations: list[Any] = list(self.opts.related_objects)
        others = [relation.through for relation in relations if relation.many_to_many]
        return tuple(capfirst(str(tie._meta.verbose_name)) for tie in (*own, *others))

    def _holders(self, objs: Iterable[Any]) -> list[str]:
        """The rows that such ties lead to from elsewhere, as `队伍：新能源分队`."""
        relations: list[Any] = [relation for relation in self.opts.related_objects if relation.many_to_many]
        return [
            f"{relation.related_model._meta.verbose_name}：{row}"
            for relation in relations
            if not relation.related_model.__name__.startswith("Historical")
            for obj in objs
            for row in getattr(obj, relation.get_accessor_name()).all()
        ]

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        # A database refuses a pattern of many thousand signs; nobody looks for one.
        search_term = search_term[:_LONGEST_SEARCH]
        found, duplicates = super().get_search_results(request, queryset, search_term)
        word = search_term.strip().lower()
        if self.spelt_by and word.isascii() and word.isalpha():
            names = queryset.values_list("pk", self.spelt_by)
            found |= queryset.filter(pk__in=[pk for pk, name in names if word in initials(name)])
        return found, duplicates

    def _get_obj_does_not_exist_redirect(
        self, request: HttpRequest, opts: Any, object_id: str
    ) -> HttpResponse:
        raise Http404("没有这一条，可能已经删除。")

    @admin.display(description="出处", ordering="provenance")
    def provenance_mark(self, row: Any) -> SafeString:
        return provenance(row.provenance, row.note, end=True)


def worded(name: str, label: str) -> Any:
    """A yes-or-no column in words: Django's own pictures speak English to a screen reader."""

    @admin.display(description=label, ordering=name)
    def word(owner: Any, row: Any) -> str:
        value = getattr(row, name)
        return "—" if value is None else "是" if value else "否"

    return word
