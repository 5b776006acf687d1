"""A workbook: which of its sheets is read, and what its cells refer to."""

import posixpath
from collections.abc import Iterator

from . import markup
from .archive import BROKEN, Archive
from .shapes import MEGABYTE, Bounds, Sheet, Unreadable
from .values import BUILT_IN, Kind, format_kind, refuse_long, unescaped
from .worksheet import Surroundings, find_extent, hidden_columns, read_lines

_LARGEST_INDEX = 8 * MEGABYTE
_SMALLEST_TABLE = 32 * MEGABYTE
_MOST_SHEETS = 500
_MOST_FORMATS = 20_000
_FEWEST_STRINGS = 500_000
_TRUE = ("1", "true")


def read_workbook(archive: Archive, bounds: Bounds) -> Sheet:
    """The first visible worksheet that holds values, or an empty one where none does."""
    index = _Index(archive, bounds)
    for title, part in index.worksheets():
        extent = find_extent(archive.pieces(part))
        if extent.rows != 0:
            lines = read_lines(archive.pieces(part), extent, index.surroundings(), bounds)
            hidden = hidden_columns(archive.pieces(part), bounds.columns)
            return Sheet(title, lines, hidden, extent.last_row)
    return Sheet("", iter(()), frozenset(), 0)


class _Index:
    """workbook.xml and the parts it leads to."""

    def __init__(self, archive: Archive, bounds: Bounds) -> None:
        self._archive = archive
        self._bounds = bounds
        self._path = _first(_targets(archive, ""), "officeDocument") or "xl/workbook.xml"
        self._targets = _targets(archive, self._path)
        self._book = _Book()
        markup.read(archive.pieces(self._path, _LARGEST_INDEX), ("sheet", "workbookPr"), self._book)
        if not self._book.sheets:
            raise Unreadable(BROKEN)

    def worksheets(self) -> Iterator[tuple[str, str]]:
        """Titles and parts; sheets of charts and hidden ones are passed over."""
        for title, reference in self._book.sheets:
            kind, part = self._targets.get(reference, ("", ""))
            if kind == "worksheet" and part in self._archive:
                yield title, part

    def surroundings(self) -> Surroundings:
        strings, styles = _Strings(max(_FEWEST_STRINGS, self._bounds.cells)), _Styles()
        self._read("sharedStrings", ("si", "t", "rPh"), strings)
        self._read("styles", ("numFmt", "cellXfs", "xf"), styles)
        return Surroundings(strings.all, bytes(styles.kinds), self._book.from_1904)

    def _read(self, kind: str, tags: tuple[str, ...], handler: markup.Handler) -> None:
        part = _first(self._targets, kind) or f"{posixpath.dirname(self._path)}/{kind}.xml"
        if part in self._archive:
            most = max(_SMALLEST_TABLE, self._bounds.unpacked_bytes // 8)
            markup.read(self._archive.pieces(part, most), tags, handler, self._bounds.cells)


def _targets(archive: Archive, part: str) -> dict[str, tuple[str, str]]:
    """Kind and path of every part that this one leads to, by the name it calls them."""
    folder, name = posixpath.split(part)
    relations = _Relations(folder)
    path = posixpath.join(folder, "_rels", f"{name}.rels")
    if path in archive:
        markup.read(archive.pieces(path, _LARGEST_INDEX), ("Relationship",), relations)
    return relations.targets


def _first(targets: dict[str, tuple[str, str]], kind: str) -> str:
    return next((path for found, path in targets.values() if found == kind), "")


class _Book:
    def __init__(self) -> None:
        self.sheets: list[tuple[str, str]] = []
        self.from_1904 = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "workbookPr":
            self.from_1904 = attributes.get("date1904") in _TRUE
        elif attributes.get("state", "visible") == "visible":
            references = [value for name, value in attributes.items() if name.endswith("relationships|id")]
            self.sheets.append((attributes.get("name", ""), "".join(references)))
            if len(self.sheets) > _MOST_SHEETS:
                raise Unreadable("Excel 里的表太多，请只留要用的一张表。")

    def end(self, tag: str) -> None: ...
    def text(self, data: str) -> None: ...


class _Relations:
    def __init__(self, folder: str) -> None:
        self._folder = folder
        self.targets: dict[str, tuple[str, str]] = {}

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if attributes.get("TargetMode") == "External":
            return
        kind = attributes.get("Type", "").rpartition("/")[2]
        path = posixpath.join("/", self._folder, attributes.get("Target", "").replace("\\", "/"))
        self.targets[attributes.get("Id", "")] = kind, posixpath.normpath(path).lstrip("/")

    def end(self, tag: str) -> None: ...
    def text(self, data: str) -> None: ...


class _Strings:
    """The texts that cells share: runs of rich text in one, readings (rPh) left out."""

    def __init__(self, most: int) -> None:
        self._most = most
        self.all: list[str] = []
        self._runs: list[str] = []
        self._length = 0
        self._in_text = self._in_reading = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "rPh":
            self._in_reading = True
        elif tag == "t":
            self._in_text = not self._in_reading
        else:
            self._runs, self._length = [], 0

    def end(self, tag: str) -> None:
        if tag == "rPh":
            self._in_reading = False
        elif tag == "t":
            self._in_text = False
        else:
            self.all.append(unescaped("".join(self._runs)))
            if len(self.all) > self._most:
                raise Unreadable("Excel 里的文字太多，请只留要用的一张表。")

    def text(self, data: str) -> None:
        if self._in_text:
            self._runs.append(data)
            self._length += len(data)
            refuse_long(self._length)


class _Styles:
    """What each cell format makes of a number, in the order by which cells refer to it."""

    def __init__(self) -> None:
        self.kinds = bytearray()
        self._formats: dict[str, Kind] = {str(number): kind for number, kind in BUILT_IN.items()}
        self._in_cells = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "numFmt":
            self._formats[attributes.get("numFmtId", "")] = format_kind(attributes.get("formatCode", ""))
            if len(self._formats) > _MOST_FORMATS:
                raise Unreadable("Excel 里的样式太多，请把数据复制到新表再选。")
        elif tag == "cellXfs":
            self._in_cells = True
        elif self._in_cells:
            self.kinds.append(self._formats.get(attributes.get("numFmtId", ""), Kind.NUMBER))

    def end(self, tag: str) -> None:
        if tag == "cellXfs":
            self._in_cells = False

    def text(self, data: str) -> None: ...
