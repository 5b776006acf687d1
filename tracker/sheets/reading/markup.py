"""XML in one pass and without a tree: what a part may contain is bounded by what is kept of it."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Protocol
from xml.parsers import expat

from .archive import BROKEN
from .shapes import MEGABYTE, Unreadable

_LONGEST_TAG = MEGABYTE
_DEEPEST = 64
# Besides those of filled cells: a hundred thousand blank rows, sixty thousand styles.
_SPARE_ELEMENTS = 1_500_000
_ELEMENTS_A_CELL = 4
_NAMESPACES = (
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    "http://purl.oclc.org/ooxml/spreadsheetml/main",
    "http://schemas.openxmlformats.org/package/2006/relationships",
)


class Handler(Protocol):
    """Told of elements of workbooks by their bare names; others do not reach it."""

    def start(self, tag: str, attributes: dict[str, str]) -> None: ...
    def end(self, tag: str) -> None: ...
    def text(self, data: str) -> None: ...


def parse(pieces: Iterable[bytes], tags: Iterable[str], handler: Handler, cells: int = 0) -> Iterator[None]:
    """Feeds the elements named in `tags` to the handler, and returns to the caller after each piece.

    The more filled `cells` are allowed, the more elements are.
    """
    most = _SPARE_ELEMENTS + _ELEMENTS_A_CELL * cells
    parser = _parser({f"{space}|{tag}": tag for space in _NAMESPACES for tag in tags}, handler, most)
    fed = 0
    try:
        for piece in pieces:
            fed += len(piece)
            parser.Parse(piece, False)
            # A tag without an end is read from its beginning again with every piece.
            if fed - parser.CurrentByteIndex > _LONGEST_TAG:
                raise Unreadable(BROKEN)
            yield
        parser.Parse(b"", True)
    except (expat.ExpatError, LookupError, ValueError) as fault:
        raise Unreadable(BROKEN) from fault
    yield


def read(pieces: Iterable[bytes], tags: Iterable[str], handler: Handler, cells: int = 0) -> None:
    """Parses a part to its end."""
    for _ in parse(pieces, tags, handler, cells):
        pass


def _parser(tags: dict[str, str], handler: Handler, most: int) -> expat.XMLParserType:
    parser = expat.ParserCreate(namespace_separator="|")
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = _counted(tags, handler, most)
    parser.CharacterDataHandler = handler.text
    parser.StartDoctypeDeclHandler = _refuse_declaration
    return parser


def _counted(
    tags: dict[str, str], handler: Handler, most: int
) -> tuple[Callable[[str, dict[str, str]], None], Callable[[str], None]]:
    depth = elements = 0
    begin, finish = handler.start, handler.end

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth, elements
        depth += 1
        elements += 1
        if depth > _DEEPEST or elements > most:
            raise Unreadable("Excel 里空格子或样式太多，请把数据复制到新表再选。")
        if name in tags:
            begin(tags[name], attributes)

    def end(name: str) -> None:
        nonlocal depth
        depth -= 1
        if name in tags:
            finish(tags[name])

    return start, end


def _refuse_declaration(*_: Any) -> None:
    raise Unreadable("Excel 里有不该有的声明，请把数据复制到新表再选。")
