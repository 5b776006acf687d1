"""How each kind of ledger cell is read and written: one widget for both directions.

`clean` takes a cell's text and raises ValueError with a Chinese sentence; `render` gives what goes into
the cell: text, a number or a day. `clean(text of render(value))` is `value`.
"""

import datetime
import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.db.models import TextChoices
from import_export.widgets import Widget
from stdnum.cn import uscc
from stdnum.exceptions import ValidationError as BadNumber

from tracker.actions.credits import default_role
from tracker.actions.ledger import Share
from tracker.choices import CreditRole
from tracker.forms.parsing import clean_name, clean_text, parse_amount, parse_day, shortened
from tracker.models import Place

_YES = {"是", "√", "✓", "TRUE", "Y", "YES", "1"}
_NO = {"", "否", "×", "FALSE", "N", "NO", "0"}
_SHARE = re.compile(r"(.+?)\s*[:：]\s*([0-9]{1,3})\s*[%％]?\s*(承接|配合)?")
_BETWEEN = re.compile(r"[；;，,、\n]+")
_IN_A_NAME = re.compile(r"[；;，,、:：]")
_NUMBER = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?|[0-9]+(?:\.[0-9]+)?")
# What programs put behind a day that has no time.
_MIDNIGHT = re.compile(r"[ T]0?0:00(:00(\.0+)?)?$")


class TextCell(Widget):
    def __init__(self, longest: int, *, multiline: bool = False) -> None:
        super().__init__()
        self.longest = longest
        self.multiline = multiline

    def clean(self, value: str, row: Any = None, **kwargs: Any) -> str:
        text = clean_text(value, multiline=self.multiline)
        if len(text) > self.longest:
            raise ValueError(f"超过 {self.longest} 个字，现有 {len(text)} 个。")
        return text

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return value or ""


class NameCell(TextCell):
    """At least one letter or 汉字 to be seen; blank where that is allowed."""

    def clean(self, value: str, row: Any = None, **kwargs: Any) -> str:
        return super().clean(clean_name(value))


class CreditCodeCell(TextCell):
    """统一社会信用代码, as the standard writes it."""

    def __init__(self) -> None:
        super().__init__(30)

    def clean(self, value: str, row: Any = None, **kwargs: Any) -> str:
        text = super().clean(value).upper()
        try:
            return str(uscc.validate(text)) if text else ""
        except BadNumber:
            raise ValueError("统一社会信用代码不对：应为 18 位，末位是校验码。") from None


class FlagCell(Widget):
    def clean(self, value: str, row: Any = None, **kwargs: Any) -> bool:
        text = clean_text(value).upper()
        if text in _YES | _NO:
            return text in _YES
        raise ValueError(f"“{shortened(value)}”不是“是”或“否”。")

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return "是" if value else "否"


class AmountCell(Widget):
    """万元, whole; 亿 and 万 may be written."""

    def clean(self, value: str, row: Any = None, **kwargs: Any) -> int | None:
        return parse_amount(value) if clean_text(value) else None

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> Any:
        return value


class AreaCell(Widget):
    """亩, with up to two decimals."""

    def clean(self, value: str, row: Any = None, **kwargs: Any) -> Decimal | None:
        text = clean_text(value).removesuffix("亩").strip()
        if not text:
            return None
        if not _NUMBER.fullmatch(text):
            raise ValueError(f"“{shortened(value)}”认不出亩数，写数字，如 120.5。")
        area = Decimal(text.replace(",", ""))
        if area != round(area, 2) or area >= 10_000_000:
            raise ValueError("亩数最多两位小数，小于 1000 万亩。")
        return area

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> Any:
        return value


class DayCell(Widget):
    def clean(self, value: str, row: Any = None, **kwargs: Any) -> datetime.date | None:
        text = _MIDNIGHT.sub("", clean_text(value))
        if text.isascii() and text.isdigit() and len(text) == 5:
            raise ValueError(f"“{text}”是数字，不是日期：把这一列的单元格格式设成日期。")
        return parse_day(text) if text else None

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> Any:
        return value


class ChoiceCell(Widget):
    """One of a fixed list, by its Chinese label."""

    def __init__(self, choices: type[TextChoices]) -> None:
        super().__init__()
        self.labels = {str(label): code for code, label in choices.choices}
        self.codes: dict[str, str] = {code: str(label) for code, label in choices.choices}

    def clean(self, value: str, row: Any = None, **kwargs: Any) -> str:
        text = clean_text(value)
        if text and text not in self.labels:
            raise ValueError(f"“{shortened(value)}”不在可选之列：{'、'.join(self.labels)}。")
        return self.labels.get(text, "")

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return self.codes.get(value, "")


class NamedCell(Widget):
    """A row of another table by name, short name or code."""

    def __init__(self, what: str, rows: Sequence[Any] = ()) -> None:
        super().__init__()
        self.what = what
        self.offer(rows)

    def offer(self, rows: Sequence[Any]) -> None:
        """The rows that may be named; where two share a word, it names neither."""
        self.rows = list(rows)
        words: dict[str, set[Any]] = {}
        for row in self.rows:
            for word in (row.code, row.name, getattr(row, "short_name", "")):
                words.setdefault(clean_text(word), set()).add(row)
        self.found: Mapping[str, Any] = {
            word: next(iter(found)) for word, found in words.items() if word and len(found) == 1
        }

    def clean(self, value: str, row: Any = None, **kwargs: Any) -> Any:
        text = clean_text(value)
        if not text:
            return None
        found = self.found.get(text)
        if found is None:
            raise ValueError(f"没有叫“{shortened(text)}”的{self.what}，名称见模板的“可选名称”。")
        return found

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return self.word_for(value) if value is not None else ""

    def word_for(self, row: Any) -> str:
        """The first of its words that means this row and no other."""
        words = (row.name, getattr(row, "short_name", ""), row.code)
        named = (word for word in words if self.found.get(clean_text(word)) == row)
        return str(next((word for word in named if not _IN_A_NAME.search(word)), row.code))


class PartnersCell(Widget):
    """`司前镇招商小分队:30；新能源产业招商分队:20`; a trailing 承接 or 配合 says the role.

    A role is written only where it differs from what follows from the place, so that it follows when
    the place changes.
    """

    def __init__(self, teams: NamedCell) -> None:
        super().__init__()
        self.teams = teams

    def clean(self, value: str, row: Any = None, **kwargs: Any) -> tuple[Share, ...]:
        parts = [part.strip() for part in _BETWEEN.split(clean_text(value, multiline=True))]
        return tuple(self._share(part) for part in parts if part)

    def _share(self, part: str) -> Share:
        match = _SHARE.fullmatch(part)
        if match is None:
            raise ValueError(f"“{shortened(part)}”要写成 队名:份额，如 司前:30；几支队伍用分号隔开。")
        role = {"承接": CreditRole.HOST, "配合": CreditRole.PARTNER}.get(match[3] or "", "")
        return Share(self.teams.clean(match[1]), int(match[2]), role)

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        place: Place | None = (obj or {}).get("place")
        return "；".join(self._written(share, place) for share in value or ())

    def _written(self, share: Share, place: Place | None) -> str:
        follows = share.role in ("", default_role(share.team, place))
        role = "" if follows else str(CreditRole(share.role).label)
        return f"{self.teams.word_for(share.team)}:{share.percent}{role}"
