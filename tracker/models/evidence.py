"""佐证材料: the files that prove a milestone, or what was done about a 督办单."""

from pathlib import Path

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Length
from django.db.models.lookups import Exact
from simple_history.models import HistoricalRecords

from tracker.choices import EvidenceKind

from .base import check, person_field, unique
from .directive import DirectiveAnswer
from .milestone import Milestone

LARGEST_FILE = 20 * 1024 * 1024
_STANDING = Q(withdrawn_at__isnull=True)
_ONE_MATTER = Q(milestone__isnull=False, answer__isnull=True) | Q(
    milestone__isnull=True, answer__isnull=False
)


class Evidence(models.Model):
    """One file of a milestone or of an answer, exactly one of the two.

    It may be withdrawn (撤下), with a reason; neither row nor bytes are deleted.

    The bytes lie under their own SHA-256, so no name that somebody chose ever becomes a path.
    """

    milestone = models.ForeignKey(
        Milestone,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="evidence",
        verbose_name="节点",
    )
    answer = models.ForeignKey(
        DirectiveAnswer,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="evidence",
        verbose_name="督办答复",
    )
    name = models.CharField("文件名", max_length=100)
    kind = models.CharField("种类", max_length=4, choices=EvidenceKind.choices)
    size = models.PositiveIntegerField("大小（字节）")
    sha256 = models.CharField("校验码", max_length=64)
    caption = models.CharField("说明", max_length=100, blank=True)
    uploaded_by = person_field("上传人")
    uploaded_at = models.DateTimeField("上传时刻", auto_now_add=True)
    withdrawn_by = person_field("撤下人")
    withdrawn_at = models.DateTimeField("撤下时刻", null=True, blank=True, editable=False)
    withdrawn_reason = models.CharField("撤下理由", max_length=90, blank=True, editable=False)

    history = HistoricalRecords()

    class Meta:
        verbose_name = "佐证材料"
        verbose_name_plural = "佐证材料"
        ordering = ["milestone", "answer", "id"]
        constraints = [
            check("evidence_one_matter", _ONE_MATTER, "材料须属于一个节点或一次督办答复，二者选一。"),
            unique(
                "evidence_content_once",
                "这一步已有内容相同的材料。",
                "milestone",
                "sha256",
                condition=_STANDING,
            ),
            unique(
                "evidence_answer_content_once",
                "这次答复已有内容相同的材料。",
                "answer",
                "sha256",
                condition=_STANDING,
            ),
            check(
                "evidence_size_bounded",
                Q(size__range=(1, LARGEST_FILE)),
                "每份材料应大于 0、不超过 20 MB。",
            ),
            check(
                "evidence_sha256_whole",
                Q(Exact(Length("sha256"), 64)),
                "校验码应为 64 位。",
            ),
            check(
                "evidence_withdrawn_explained",
                (_STANDING & Q(withdrawn_reason="", withdrawn_by__isnull=True))
                | (Q(withdrawn_at__isnull=False) & ~Q(withdrawn_reason="")),
                "撤下材料须写理由；没有撤下的不得有撤下人和理由。",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def stands(self) -> bool:
        return self.withdrawn_at is None

    @property
    def is_picture(self) -> bool:
        return self.kind in (EvidenceKind.JPG, EvidenceKind.PNG)

    @property
    def path(self) -> Path:
        return evidence_folder() / self.sha256[:2] / self.sha256


def evidence_folder() -> Path:
    """Outside of everything that is served as it lies."""
    return Path(settings.MEDIA_ROOT) / "evidence"
