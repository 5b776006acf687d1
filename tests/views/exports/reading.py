"""Reads exports back, as whoever opens them does."""

import csv
import datetime
import io
from dataclasses import dataclass
from typing import Any

from django.test import Client
from openpyxl import load_workbook


@dataclass(frozen=True)
class Sheet:
    """Rows by heading, the closing line, and every cell as (value, type)."""

    rows: list[dict[str, Any]]
    closing: str
    cells: list[tuple[Any, str]]

    def column(self, title: str) -> list[Any]:
        return [row[title] for row in self.rows]


def content_of(client: Client, path: str, **query: Any) -> bytes:
    response = client.get(path, query)
    assert response.status_code == 200
    assert response.headers["Content-Disposition"].startswith("attachment")
    content: bytes = response.getvalue()
    return content


def xlsx_of(client: Client, path: str, **query: Any) -> Sheet:
    content = content_of(client, path, export="xlsx", **query)
    sheet = load_workbook(io.BytesIO(content)).worksheets[0]
    lines = [[_plain(cell.value) for cell in row] for row in sheet.iter_rows()]
    cells = [(cell.value, cell.data_type) for row in sheet.iter_rows() for cell in row]
    return Sheet(_rows(lines, None), str(lines[-1][0]), cells)


def csv_of(client: Client, path: str, **query: Any) -> Sheet:
    text = content_of(client, path, export="csv", **query).decode("utf-8-sig")
    lines = list(csv.reader(io.StringIO(text, newline="")))
    return Sheet(_rows(lines, ""), lines[-1][0], [(cell, "s") for line in lines for cell in line])


def _rows(lines: list[list[Any]], empty: Any) -> list[dict[str, Any]]:
    """What stands between the headings and the empty row before the last."""
    headings, *rows, gap, _ = lines
    assert set(gap) <= {empty}
    return [dict(zip(headings, row, strict=True)) for row in rows]


def _plain(value: Any) -> Any:
    """Days come back with an hour of nought."""
    midnight = isinstance(value, datetime.datetime) and value.time() == datetime.time()
    return value.date() if midnight else value
