"""Workbooks written by hand, part by part, as no library would write them."""

import io
import zipfile
from collections.abc import Iterable, Mapping

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"

Content = str | bytes | Iterable[bytes]


def workbook(sheet: Content = "", /, **parts: Content) -> bytes:
    """A workbook around one sheet; parts are named `strings`, `styles`, `book`, `links` and `roots`."""
    named = {"strings": "xl/sharedStrings.xml", "styles": "xl/styles.xml", "book": "xl/workbook.xml"}
    named |= {"links": "xl/_rels/workbook.xml.rels", "roots": "_rels/.rels"}
    return package({"xl/worksheets/sheet1.xml": sheet, **{named[name]: text for name, text in parts.items()}})


def package(parts: Mapping[str, Content], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip of these parts and of whatever else a workbook needs."""
    target = io.BytesIO()
    needed = {"_rels/.rels": roots(), "xl/workbook.xml": book("台账"), "xl/_rels/workbook.xml.rels": links(1)}
    with zipfile.ZipFile(target, "w", method, compresslevel=1) as archive:
        for name, content in {**needed, **parts}.items():
            with archive.open(name, "w") as part:
                pieces = [content] if isinstance(content, str | bytes) else content
                for piece in pieces:
                    part.write(piece.encode() if isinstance(piece, str) else piece)
    return target.getvalue()


def roots(target: str = "xl/workbook.xml") -> str:
    return _relations(("rId1", "officeDocument", target))


def links(sheets: int, *, absolute: bool = False, kind: str = "worksheet") -> str:
    """What leads from workbook.xml to its sheets (rId1 …), texts and styles."""
    start = "/xl/" if absolute else ""
    found = [(f"rId{n}", kind, f"{start}worksheets/sheet{n}.xml") for n in range(1, sheets + 1)]
    strings = ("rIdStrings", "sharedStrings", f"{start}sharedStrings.xml")
    return _relations(*found, strings, ("rIdStyles", "styles", f"{start}styles.xml"))


def book(*titles: str, states: Mapping[str, str] | None = None, properties: str = "") -> str:
    sheets = "".join(
        f'<sheet name="{title}" sheetId="{n}" state="{(states or {}).get(title, "visible")}" r:id="rId{n}"/>'
        for n, title in enumerate(titles, start=1)
    )
    return f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}">{properties}<sheets>{sheets}</sheets></workbook>'


def sheet(*rows: str, columns: str = "", dimension: str = "") -> str:
    size = f'<dimension ref="{dimension}"/>' if dimension else ""
    return f'<worksheet xmlns="{MAIN}">{size}{columns}<sheetData>{"".join(rows)}</sheetData></worksheet>'


def strings(*texts: str) -> str:
    """Shared texts; one that begins with `<` is taken as it is."""
    items = (text if text.startswith("<") else f"<t>{text}</t>" for text in texts)
    return f'<sst xmlns="{MAIN}">{"".join(f"<si>{item}</si>" for item in items)}</sst>'


def styles(*formats: str | int) -> str:
    """One cell format for each number format: a code, or the number of a built-in one."""
    codes = [code for code in formats if isinstance(code, str)]
    numbers = {code: 164 + index for index, code in enumerate(codes)}
    own = "".join(f'<numFmt numFmtId="{numbers[code]}" formatCode="{_quoted(code)}"/>' for code in codes)
    cells = "".join(f'<xf numFmtId="{numbers.get(str(code), code)}"/>' for code in formats)
    return (
        f'<styleSheet xmlns="{MAIN}"><numFmts>{own}</numFmts>'
        f'<cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs>{cells}</cellXfs></styleSheet>'
    )


def inline(text: str) -> str:
    return f'<c t="inlineStr"><is><t>{text}</t></is></c>'


def row(*cells: str, number: int | None = None) -> str:
    place = f' r="{number}"' if number else ""
    return f"<row{place}>{''.join(cells)}</row>"


def _relations(*relations: tuple[str, str, str]) -> str:
    items = "".join(
        f'<Relationship Id="{name}" Type="{OFFICE}/{kind}" Target="{target}"/>'
        for name, kind, target in relations
    )
    return f'<Relationships xmlns="{PACKAGE}">{items}</Relationships>'


def _quoted(text: str) -> str:
    return text.replace("&", "&amp;").replace('"', "&quot;")
