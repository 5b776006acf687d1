"""Reads files made to exhaust a server, each in a process of its own: CPU seconds and growth of memory.

    .venv/bin/python bench/hostile_files.py [WORD …]

Only files whose names hold one of the words are read. Fails where one takes more than 10 seconds or
150 MB, or ends otherwise than it should: read (how many rows), or refused (in which words).
"""

import io
import os
import resource
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.sheets.workbooks import MAIN, inline, package, row, sheet, strings, workbook  # noqa: E402

MEGABYTE = 1024 * 1024
MOST_SECONDS = 10
MOST_GROWTH = 150
START = f'<worksheet xmlns="{MAIN}"><sheetData>'.encode()
END = b"</sheetData></worksheet>"
HEADER = row(inline("项目名称"), inline("投资企业")).encode()
LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
COLUMNS = 45


def blank_rows(count: int, columns: int = COLUMNS) -> Iterator[bytes]:
    for number in range(2, count + 2):
        cells = (f'<c r="{place}{number}" s="1"/>' for place in PLACES[:columns])
        yield f'<row r="{number}" spans="1:{columns}">{"".join(cells)}</row>'.encode()


def letters(column: int) -> str:
    text = ""
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text


PLACES = [letters(column) for column in range(1, 16_385)]


def around(*middle: Iterator[bytes] | list[bytes]) -> Iterator[bytes]:
    yield START + HEADER
    for pieces in middle:
        yield from pieces
    yield END


def noughts(size: int) -> Iterator[bytes]:
    for _ in range(size // MEGABYTE):
        yield b"0" * MEGABYTE


def repeated(piece: bytes, size: int) -> Iterator[bytes]:
    """About `size` bytes of the same."""
    block = piece * (MEGABYTE // len(piece))
    for _ in range(size // len(block)):
        yield block


def table(tag: str, inside: Iterator[bytes], before: str = "", after: str = "") -> Iterator[bytes]:
    yield f'<{tag} xmlns="{MAIN}">{before}'.encode()
    yield from inside
    yield f"{after}</{tag}>".encode()


def filled_rows(count: int, columns: int) -> Iterator[bytes]:
    for number in range(2, count + 2):
        cells = (f'<c r="{place}{number}"><v>{number}</v></c>' for place in PLACES[:columns])
        yield f'<row r="{number}">{"".join(cells)}</row>'.encode()


def ledger_rows(count: int) -> Iterator[bytes]:
    for number in range(2, count + 2):
        texts = (inline(f"新会区第 {number} 个项目的第 {n} 项内容") for n in range(COLUMNS - 5))
        yield row(*texts, *[f"<c><v>{number}.5</v></c>"] * 5, number=number).encode()


def shared(count: int) -> Iterator[bytes]:
    for number in range(count):
        yield f"<si><t>{number:07}</t></si>".encode()


def one_text_everywhere() -> bytes:
    cells = row(*["<c t='s'><v>0</v></c>"] * 60).encode()
    return workbook(around(iter([cells] * 5_000)), strings=strings("文😀" * 10_000))


def many_members() -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for number in range(200_000):
            archive.writestr(zipfile.ZipInfo(str(number)), b"")
    return target.getvalue()[-20 * MEGABYTE :]


def csv_text(line: bytes, size: int = 20 * MEGABYTE) -> bytes:
    header = "项目名称,投资企业\n".encode()
    return header + line * ((size - len(header)) // len(line))


LAST = [b"<row><c><v>1</v></c></row>"]
XF = (
    '<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0" applyAlignment="1">'
    '<alignment vertical="center"/></xf>'
)
READ, REFUSED = "读到", "拒绝"
ZOO: dict[str, tuple[str, Callable[[], bytes]]] = {
    "9,999 rows × 45 of text and numbers": (READ, lambda: workbook(around(ledger_rows(9_999)))),
    "100,000 formatted blank rows": (READ, lambda: workbook(around(blank_rows(100_000)))),
    "100,000 formatted blank rows and a sum": (READ, lambda: workbook(around(blank_rows(100_000), LAST))),
    "lying dimension": (READ, lambda: workbook(sheet(row(inline("项目名称")), dimension="A1:XFD1048576"))),
    "60,000 cellXfs": (
        READ,
        lambda: workbook(
            around(),
            styles=table("styleSheet", iter([XF.encode()] * 60_000), "<cellXfs>", "</cellXfs>"),
        ),
    ),
    "31 MB of cell formats": (
        REFUSED,
        lambda: workbook(
            around(), styles=table("styleSheet", repeated(b"<xf/>", 31 * MEGABYTE), "<cellXfs>", "</cellXfs>")
        ),
    ),
    "499,999 shared texts": (READ, lambda: workbook(around(), strings=table("sst", shared(499_999)))),
    "31 MB of shared texts": (
        REFUSED,
        lambda: workbook(around(), strings=table("sst", repeated(b"<si/>", 31 * MEGABYTE))),
    ),
    "300,000 cells with one text of 20,000": (READ, one_text_everywhere),
    "far cell XFD1048576": (
        REFUSED,
        lambda: workbook(sheet('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')),
    ),
    "a million rows": (REFUSED, lambda: workbook(around(filled_rows(1_000_000, 1)))),
    "16,384 columns × 200, filled": (REFUSED, lambda: workbook(around(filled_rows(200, 16_384)))),
    "16,384 columns × 250, formatted": (READ, lambda: workbook(around(blank_rows(250, 16_384), LAST))),
    "20 million blank cells without places": (
        REFUSED,
        lambda: workbook(around(repeated(b"<row>" + b"<c/>" * 50 + b"</row>", 110 * MEGABYTE), LAST)),
    ),
    "tags that are never finished": (
        REFUSED,
        lambda: workbook(around([b"<row><c><v>1</v></c></row>"], repeated(b"<v ", 100 * MEGABYTE))),
    ),
    "zip bomb: sheet": (REFUSED, lambda: workbook(around(noughts(1024 * MEGABYTE)))),
    "zip bomb: shared texts": (
        REFUSED,
        lambda: workbook(around(), strings=table("sst", noughts(1024 * MEGABYTE))),
    ),
    "zip bomb: styles": (
        REFUSED,
        lambda: workbook(around(), styles=table("styleSheet", noughts(1024 * MEGABYTE))),
    ),
    "zip bomb within the bounds: one text of 100 MB": (
        REFUSED,
        lambda: workbook(
            around([b'<row><c t="inlineStr"><is><t>'], noughts(100 * MEGABYTE), [b"</t></is></c></row>"])
        ),
    ),
    "tag of 100 MB": (
        REFUSED,
        lambda: workbook(around([b'<row x="'], noughts(100 * MEGABYTE), [b'"/>'], LAST)),
    ),
    "remark of 100 MB": (
        REFUSED,
        lambda: workbook(around([b"<row><!--"], noughts(100 * MEGABYTE), [b"--></row>"], LAST)),
    ),
    "tags in tags": (REFUSED, lambda: workbook(around(repeated(b"<a>", 100 * MEGABYTE), LAST))),
    "bzip2 bomb": (
        REFUSED,
        lambda: package({"xl/worksheets/sheet1.xml": around(noughts(100 * MEGABYTE))}, zipfile.ZIP_BZIP2),
    ),
    "200,000 members": (REFUSED, many_members),
    "billion laughs": (
        REFUSED,
        lambda: workbook(around(), strings=f'<!DOCTYPE x [<!ENTITY l0 "lol">{LAUGHS}]><sst>&l9;</sst>'),
    ),
    "billion laughs far below": (
        REFUSED,
        lambda: workbook(
            around(),
            strings=table(
                "!--", noughts(MEGABYTE), after=f'--><!DOCTYPE x [<!ENTITY l0 "lol">{LAUGHS}]><x>&l9;'
            ),
        ),
    ),
    "10 million rare signs": (
        REFUSED,
        lambda: workbook(around(iter([row(inline("😀" * 30_000)).encode()] * 335))),
    ),
    "csv: 10,000 rows × 45": (
        READ,
        lambda: csv_text(("一项内容," * 44 + "1.5\n").encode(), 10_000 * 44 * 13),
    ),
    "csv: 20 MB of hidden signs": (REFUSED, lambda: csv_text(("\u200b," * 50 + "\n").encode())),
    "csv: 20 MB of commas": (REFUSED, lambda: csv_text(b",")),
    "csv: lines of 900,000 commas": (READ, lambda: csv_text(b"," * 900_000 + b"\n")),
    "csv: 20 MB in one cell": (REFUSED, lambda: csv_text(b"x")),
    "csv: 20 MB of cells over lines": (REFUSED, lambda: csv_text(b'"ab\n",')),
    "csv: 20 MB of blank lines": (REFUSED, lambda: csv_text(b"\n")),
    "csv: 20 MB of signs of four bytes": (REFUSED, lambda: csv_text("😀,\n".encode())),
}


def main(arguments: list[str]) -> int:
    if arguments[:1] == ["--read"]:
        return read(Path(arguments[1]))
    print(f"{'秒':>6}  {'+MB':>5}  {'文件 MB':>7}  文件  结果")
    chosen = [name for name in ZOO if not arguments or any(word in name for word in arguments)]
    with tempfile.TemporaryDirectory() as folder:
        return int(sum(not passes(name, Path(folder) / "file") for name in chosen) > 0)


def passes(name: str, path: Path) -> bool:
    wanted, make = ZOO[name]
    path.write_bytes(make())
    done = subprocess.run(
        [sys.executable, __file__, "--read", str(path)], cwd=ROOT, capture_output=True, text=True
    )
    seconds, growth, *rest = done.stdout.split(maxsplit=2) or ["999", "999", done.stderr[-300:]]
    result = "".join(rest).strip()
    good = float(seconds) <= MOST_SECONDS and float(growth) <= MOST_GROWTH and result.startswith(wanted)
    size = path.stat().st_size / MEGABYTE
    print(f"{seconds:>6}  {growth:>5}  {size:7.2f}  {name}  {result}{'' if good else '  ✗'}", flush=True)
    return good


def read(path: Path) -> int:
    """The ledger's bounds; all lines are kept, as the worst of readers would."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tracker.settings")
    import django

    django.setup()
    from tracker.sheets.reading import Bounds, Unreadable, open_sheet

    bounds = Bounds(20 * MEGABYTE, 120 * MEGABYTE, rows=10_000)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = time.process_time()
    try:
        result = f"{READ} {len(list(open_sheet(path, bounds).lines))} 行"
    except Unreadable as fault:
        result = f"{REFUSED}：{fault}"
    seconds = time.process_time() - start
    growth = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    print(f"{seconds:.2f} {growth:.0f} {result}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
