"""Small files of every kind that proves something, and some that only seem to."""

import io
import zipfile
import zlib

from django.core.files.uploadedfile import SimpleUploadedFile

PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
)
TYPES = b'<?xml version="1.0"?><Types><Override ContentType="application/vnd.%s"/></Types>'
WORD = b"openxmlformats-officedocument.wordprocessingml.document.main+xml"
SHEET = b"openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
MACROS = b"ms-excel.sheet.macroEnabled.main+xml"


def pdf(text: str = "") -> bytes:
    """A page; `text` makes the content another."""
    return PDF.replace(b"\n", f"\n% {text}\n".encode(), 1)


def chunk(name: bytes, body: bytes = b"") -> bytes:
    return len(body).to_bytes(4) + name + body + zlib.crc32(name + body).to_bytes(4)


def png() -> bytes:
    size = (1).to_bytes(4) * 2 + bytes([8, 2, 0, 0, 0])
    pixels = zlib.compress(b"\x00\xff\x00\x00")
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", size) + chunk(b"IDAT", pixels) + chunk(b"IEND")


def jpg(comment: bytes = b"") -> bytes:
    note = b"\xff\xfe" + (len(comment) + 2).to_bytes(2) + comment if comment else b""
    frame = b"\xff\xc0\x00\x0b\x08\x00\x01\x00\x01\x01\x01\x11\x00"
    scan = b"\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00\x7f"
    return (
        b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"
        + note
        + frame
        + scan
        + b"\xff\xd9"
    )


def archive(**members: bytes) -> bytes:
    """`archive(**{"word/document.xml": b"…"})`"""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in members.items():
            file.writestr(name, content)
    return out.getvalue()


def docx(**more: bytes) -> bytes:
    return archive(**{"[Content_Types].xml": TYPES % WORD, "word/document.xml": b"<w/>", **more})


def xlsx(**more: bytes) -> bytes:
    return archive(**{"[Content_Types].xml": TYPES % SHEET, "xl/workbook.xml": b"<x/>", **more})


def ofd() -> bytes:
    root = b'<ofd:OFD xmlns:ofd="http://www.ofdspec.org/2016"/>'
    return archive(**{"OFD.xml": root, "Doc_0/Document.xml": b"<d/>"})


def upload(name: str, content: bytes | None = None) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, pdf(name) if content is None else content)
