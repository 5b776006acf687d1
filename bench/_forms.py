"""Pages as the storm reads them: the forms that a browser would send."""

import io
from html.parser import HTMLParser
from typing import Any


class Forms(HTMLParser):
    """The forms of a page that are sent by POST: where to, and what a browser would send."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, Any]]] = []
        self._into: dict[str, Any] | None = None
        self._select = self._text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        facts = dict(attrs)
        name = facts.get("name") or ""
        if tag == "form":
            self._into = {}
            # Every page has one that ends the sign-in; a tenth of a storm would never get farther.
            if (facts.get("method") or "").lower() == "post" and "logout" not in (facts.get("action") or ""):
                self.found.append((facts.get("action") or "", self._into))
        elif self._into is None or not name:
            if tag == "option" and self._select and self._into is not None and "selected" in facts:
                self._into[self._select] = facts.get("value") or ""
        elif tag in ("input", "button"):
            kind = facts.get("type")
            if kind == "file":
                self._into[name] = io.BytesIO
            elif kind not in ("checkbox", "radio") or "checked" in facts:
                self._into[name] = facts.get("value") or ""
        elif tag == "select":
            self._select = name
            self._into.setdefault(name, "")
        elif tag == "textarea":
            self._text = name
            self._into[name] = ""

    def handle_data(self, data: str) -> None:
        if self._text and self._into is not None:
            self._into[self._text] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._into = None
        elif tag == "select":
            self._select = ""
        elif tag == "textarea":
            self._text = ""
