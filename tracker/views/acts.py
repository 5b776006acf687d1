"""A page on which several things may be done, each with its own small form: one `do` at a time.

A form that was sent and refused stays on the page with all that was typed, even where by then nobody
may do it any more.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from tracker.actions.refusal import Refused


@dataclass(frozen=True)
class Act:
    """`form` names the form it is sent with; `run` does it and says what was done."""

    form: str
    allowed: bool
    refusal: str
    run: Callable[[Any], str]


@contextmanager
def meant_when_sent_again(form: Any, name: str, standing: Callable[[], Any]) -> Iterator[None]:
    """Refused for what the field `name` says was seen, the form means what stands when sent once more."""
    try:
        yield
    except Refused as refused:
        if refused.field != name:
            raise
        form.data = {**form.data.dict(), form.add_prefix(name): standing()}
        raise Refused(refused.message) from None


class Desk:
    """The forms of a page: those of `offered` empty, the one that was sent bound."""

    def __init__(
        self, request: HttpRequest, makers: Mapping[str, Callable[..., forms.Form]], acts: Mapping[str, Act]
    ) -> None:
        self.request = request
        self.acts = acts
        self.fault = ""
        self.forms: dict[str, forms.Form] = {}
        self.makers = makers
        self.sent = request.POST.get("do", "") if request.method == "POST" else ""

    def carried_out(self) -> bool:
        """Whether something was done; raises PermissionDenied for who never may."""
        if self.request.method != "POST":
            return False
        act = self.acts.get(self.sent)
        if act is None:
            self.fault = "请选要办的事。"
            return False
        if not act.allowed:
            raise PermissionDenied(act.refusal)
        form = self.forms[act.form] = self.made(act.form, self.request.POST, self.request.FILES)
        return form.is_valid() and self._ran(act, form)

    def _ran(self, act: Act, form: forms.Form) -> bool:
        try:
            words = act.run(form)
        except Refused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, refused.message)
            return False
        messages.success(self.request, words)
        return True

    def made(self, name: str, *args: Any, **kwargs: Any) -> forms.Form:
        return self.makers[name](*args, prefix=name, **kwargs)

    def offer(self, name: str, **kwargs: Any) -> None:
        """The empty form, unless the one that was sent has its place."""
        if name not in self.forms:
            self.forms[name] = self.made(name, **kwargs)

    @property
    def status(self) -> int:
        return 422 if self.request.method == "POST" else 200
