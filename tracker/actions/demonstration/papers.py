"""One page that says DEMO, attached wherever a demonstration step has its papers."""

from dataclasses import replace
from io import BytesIO

from tracker.actions.evidence import add_evidence, keep_file
from tracker.actions.requirements import papers_wanted
from tracker.choices import EvidenceKind
from tracker.models import Milestone, User

# Every so manieth step is logged without papers: 还缺… is part of real work.
_WITHOUT = 9


class Papers:
    """The same page for every step that has papers; content is kept once."""

    def __init__(self) -> None:
        content = BytesIO(page("DEMO - not a document"))
        self.paper = keep_file("demo.pdf", EvidenceKind.PDF, content)
        self.steps = 0

    def attach(self, milestone: Milestone, by: User) -> None:
        """As the team would right after logging the step."""
        self.steps += 1
        if self.steps % _WITHOUT:
            name = f"{papers_wanted(milestone.kind).label}（演示）.pdf"
            add_evidence(milestone, [replace(self.paper, name=name)], by=by)


def page(words: str) -> bytes:
    """A PDF of one page with a line of Latin text, with its table of offsets right."""
    text = f"BT /F1 36 Tf 72 720 Td ({words}) Tj ET"
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
        "/Resources << /Font << /F1 5 0 R >> >> >>",
        f"<< /Length {len(text)} >>\nstream\n{text}\nendstream",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    page, offsets = "%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        offsets.append(len(page))
        page += f"{number} 0 obj\n{body}\nendobj\n"
    table = "".join(f"{offset:010d} 00000 n \n" for offset in offsets)
    start = len(page)
    page += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}"
    page += f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n"
    return page.encode("ascii")
