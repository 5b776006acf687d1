"""佐证材料 as they are chosen: several at once, judged by content, all taken or none."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile

from tracker.choices import EvidenceKind
from tracker.models.evidence import LARGEST_FILE

from .contents import ENDINGS, Unfit, kind_of
from .fields import TextField
from .parsing import clean_text, shortened
from .receiving import LARGEST_REQUEST

MOST_FILES = 10
_LONGEST_NAME = 100
_NOT_IN_NAMES = re.compile(r'[<>:"|?*]')
_ACCEPT = ",".join([*(f".{ending}" for ending in ENDINGS), "application/pdf", "image/jpeg", "image/png"])


@dataclass(frozen=True)
class CheckedFile:
    """A file whose content is of `kind`; `name` is fit to be shown and saved under."""

    name: str
    kind: EvidenceKind
    file: "UploadedFile[Any]"


class FilesInput(forms.FileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Files that prove something; the value is a list of CheckedFile."""

    default_error_messages = {"required": "请选材料，PDF、照片、Word、Excel 或 OFD 都可以。"}

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", FilesInput(attrs={"accept": _ACCEPT}))
        super().__init__(**kwargs)

    def clean(self, data: Any, initial: Any = None) -> list[CheckedFile]:
        files = list(data or ())
        if self.required and not files:
            raise ValidationError(self.error_messages["required"], code="required")
        _refuse_number(files)
        checked, faults = list[CheckedFile](), list[str]()
        for file in files:
            try:
                checked.append(check_file(file))
            except Unfit as unfit:
                faults.append(f"“{shortened(_base(file.name), 40)}”{unfit}。")
        if faults:
            raise ValidationError([*faults, *_sound(checked)])
        return checked


def _refuse_number(files: Sequence["UploadedFile[Any]"]) -> None:
    if len(files) > MOST_FILES:
        raise ValidationError(f"一次最多 {MOST_FILES} 份，选了 {len(files)} 份，请分几次添加。")
    total = sum(file.size or 0 for file in files)
    if total > LARGEST_REQUEST:
        raise ValidationError(f"这些材料合计 {in_megabytes(total)}，一次最多 100 MB，请分几次添加。")


def _sound(checked: Sequence[CheckedFile]) -> list[str]:
    """Files without fault are named too: whoever chose them must choose them again."""
    names = "、".join(f"“{shortened(row.name, 40)}”" for row in checked)
    return [f"{names}没有问题，但要么全部存下、要么一份不存，请一并重选。"] if names else []


def check_file(file: "UploadedFile[Any]") -> CheckedFile:
    """Raises Unfit for what is too large, broken, of no accepted kind, or more than it seems."""
    if (file.size or 0) > LARGEST_FILE:
        raise Unfit(f"有 {in_megabytes(file.size or 0)}，超过 20 MB，请压缩或拆成几份")
    file.seek(0)
    kind = kind_of(file.read(LARGEST_FILE + 1))
    file.seek(0)
    return CheckedFile(safe_name(file.name or "", kind), kind, file)


def safe_name(given: str, kind: EvidenceKind) -> str:
    """The chosen name, without folders and signs that systems reserve, with the ending of its content."""
    base = _base(given)
    before, dot, ending = base.rpartition(".")
    stem = before if dot and ending.lower() in ENDINGS else base
    right = ending if ENDINGS.get(ending.lower()) == kind else kind.value
    stem = stem.strip(". ")[: _LONGEST_NAME - len(right) - 1].rstrip(". ") or "材料"
    return f"{stem}.{right}"


def _base(given: str | None) -> str:
    return _NOT_IN_NAMES.sub("_", re.split(r"[/\\]", clean_text(given or ""))[-1])


def in_megabytes(size: int) -> str:
    return f"{size / 1024 / 1024:.1f} MB"


class EvidenceFields(forms.Form):
    """The part of a form that takes files. A browser never sends them twice: `lost_files` says so."""

    evidence = FilesField(label="佐证材料", required=False)

    @property
    def lost_files(self) -> list[str]:
        """Names of what was chosen and has to be chosen again, since something is at fault."""
        if not (self.is_bound and self.errors):
            return []
        given = self["evidence"].data or ()
        return [shortened(_base(file.name), 40) for file in given]


class EvidenceForm(EvidenceFields):
    """添加材料 to a step that is logged already."""

    caption = TextField(label="材料说明", required=False, max_length=100)
    reason = TextField(
        label="更正原因",
        required=False,
        max_length=90,
        error_messages={"required": "这一步已认定，添加材料要写原因。"},
    )

    def __init__(self, *args: Any, recognised: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["evidence"].required = True
        if recognised:
            self.fields["reason"].required = True
        else:
            del self.fields["reason"]


class RemovalForm(forms.Form):
    """撤下 a file."""

    reason = TextField(label="撤下理由", max_length=90, error_messages={"required": "撤下材料要写理由。"})
