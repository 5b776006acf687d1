"""`?export=xlsx|csv` on a list: the same rows in the same order, all pages of them, as a file."""

import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, BinaryIO

from django.http import FileResponse, HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.generic import TemplateView

from tracker.sheets.writing import Heading, csv_chunks, write_xlsx
from tracker.views.moment import Moment, app_request
from tracker.views.navigation import moment_for

from .noting import note_export

# Rows that are in memory at once; each chunk costs a query for what is prefetched.
CHUNK = 250


@dataclass(frozen=True)
class Column:
    """One column: its title, what it says of a row, and as which of `sheets.writing.KINDS`."""

    title: str
    value: Callable[[Any], Any]
    kind: str = "text"
    width: float | None = None


@dataclass(frozen=True)
class Export:
    """A list as it is shown: its name, its columns, its rows in their order, and what they are.

    `conditions` is the filter in words, empty for none; `basis` the 口径 where the list has one;
    `counted` the words about a number of rows; `notes` what the page says beside its figures.
    """

    name: str
    columns: Sequence[Column]
    rows: Iterable[Any]
    conditions: str = ""
    basis: str = ""
    counted: str = "共 {} 行"
    notes: Sequence[str] = ()


def amounts(title: str, wan: Callable[[Any], Decimal | int | None]) -> list[Column]:
    """Two columns of one amount: 万元 to reckon with, 亿元 to read."""
    return [
        Column(f"{title}（万元）", wan, "wan"),
        Column(f"{title}（亿元）", lambda row: in_yi(wan(row)), "yi"),
    ]


def in_yi(wan: Decimal | int | None) -> Decimal | None:
    return None if wan is None else Decimal(wan) / 10_000


def export_wanted(request: HttpRequest) -> bool:
    """Any other value of `export` is none, and shows the page."""
    return request.GET.get("export") in _FORMS


class ExportableList(TemplateView):
    """A list page that can be taken along."""

    def export(self) -> Export:
        raise NotImplementedError

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method in ("GET", "HEAD") and export_wanted(request):
            return exported(request, self.export())
        return super().dispatch(request, *args, **kwargs)


def exported(request: HttpRequest, export: Export) -> HttpResponseBase:
    """The answer to a request that `export_wanted` says yes to."""
    sheet = _Sheet(export, _Circumstances.of(request))
    form = _FORMS[request.GET["export"]]
    name = f"{sheet.title}.{request.GET['export']}"
    file = written(lambda file: form.write(sheet, file))
    note_export(request, name, sheet.words(), file)
    response = FileResponse(file, content_type=form.content_type)
    response.headers["Content-Disposition"] = str(content_disposition_header(True, name))
    response.headers["Cache-Control"] = "no-store"
    return response


@dataclass(frozen=True)
class _Circumstances:
    """Who takes the list along, and of which day."""

    moment: Moment
    who: str
    at: str

    @classmethod
    def of(cls, request: HttpRequest) -> "_Circumstances":
        person = app_request(request).person
        return cls(moment_for(request), person.name, f"{timezone.localtime():%Y-%m-%d %H:%M}")


class _Sheet:
    """An export while it is written: counts its rows for the line that closes it."""

    def __init__(self, export: Export, circumstances: _Circumstances) -> None:
        self.export = export
        self.circumstances = circumstances
        self.headings = [Heading(column.title, column.kind, column.width) for column in export.columns]
        self.number = 0

    @property
    def title(self) -> str:
        moment = self.circumstances.moment
        return f"{moment.campaign.year}年度{self.export.name}-{moment.as_of:%Y-%m-%d}"

    def rows(self) -> Iterator[list[Any]]:
        values = [column.value for column in self.export.columns]
        for row in self.export.rows:
            self.number += 1
            yield [value(row) for value in values]

    def words(self) -> str:
        """What was taken along, and how many rows of it, once they are written."""
        export = self.export
        parts = [
            f"筛选：{export.conditions or '全部'}",
            f"口径：{export.basis}" if export.basis else "",
            f"数据日：{self.circumstances.moment.as_of:%Y-%m-%d}",
            export.counted.format(self.number),
        ]
        return "　".join(part for part in parts if part)

    def closing(self) -> Iterator[str]:
        export, now = self.export, self.circumstances
        parts = [
            self.words(),
            *export.notes,
            "演示数据" if now.moment.campaign.is_demo else "",
            f"导出人：{now.who}",
            now.at,
        ]
        yield "　".join(part for part in parts if part)


def _xlsx(sheet: _Sheet, file: BinaryIO) -> None:
    write_xlsx(file, sheet.title, sheet.headings, sheet.rows(), closing=sheet.closing())


def _csv(sheet: _Sheet, file: BinaryIO) -> None:
    file.writelines(csv_chunks(sheet.headings, sheet.rows(), closing=sheet.closing()))


def written(write: Callable[[BinaryIO], None]) -> BinaryIO:
    """A file on disk without a name, whole before the first byte of it is sent; closed, it is gone."""
    file = tempfile.TemporaryFile()  # noqa: SIM115
    try:
        write(file)
    except BaseException:
        file.close()
        raise
    file.seek(0)
    return file


@dataclass(frozen=True)
class _Form:
    write: Callable[[_Sheet, BinaryIO], None]
    content_type: str


_FORMS = {
    "xlsx": _Form(_xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "csv": _Form(_csv, "text/csv; charset=utf-8"),
}
