"""The documents keep their word: what they name is there."""

import dataclasses
import importlib.util
import re
from pathlib import Path
from typing import Any

import pytest
from django.core.management import get_commands

import run
from tracker import models

ROOT = Path(__file__).resolve().parent.parent
DOCS = sorted((ROOT / "docs").rglob("*.md"))
DOCUMENTS = [ROOT / "README.md", ROOT / "CHANGELOG.md", *DOCS]
LINK = re.compile(r"\]\((?P<target>[^)\s]+)\)|<img src=\"(?P<image>[^\"]+)\"")
ROOMS = "tracker|templates|static|fixtures|tests|docs|bench"
FILE = re.compile(rf"`((?:{ROOMS})/[\w./-]+)(?:::(\w+))?`")
MODELS, DERIVED = "## Glossary: facts", "## Glossary: what is derived"


def _text(path: str) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


def _glossary(heading: str) -> dict[str, str]:
    """Words of the pages by their code, from the table under a heading."""
    section = _text("docs/concepts.md").split(f"{heading}\n")[1].split("\n## ")[0]
    rows = re.findall(r"^\| ([^|`]+) \| `([\w.]+)` \|", section, re.MULTILINE)
    return {code: word for word, code in rows}


def _ids(document: Path) -> str:
    return document.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("document", DOCUMENTS, ids=_ids)
def test_links_lead_somewhere(document: Path) -> None:
    found = [link["target"] or link["image"] for link in LINK.finditer(document.read_text(encoding="utf-8"))]
    local = [target.partition("#")[0] for target in found if "://" not in target]

    assert [target for target in local if not (document.parent / target).exists()] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=_ids)
def test_files_and_the_names_in_them_exist(document: Path) -> None:
    named = FILE.findall(document.read_text(encoding="utf-8"))

    assert [(path, name) for path, name in named if not _is_there(path, name)] == []


def test_the_recipes_name_files() -> None:
    assert len(FILE.findall(_text("docs/adding.md"))) > 40


def _is_there(path: str, name: str) -> bool:
    file = ROOT / path
    if not name:
        return file.exists()
    defined = rf"^\s*(?:def|class) {name}\b|^\s*{name}\b[^=\n(]*="
    return file.is_file() and re.search(defined, file.read_text(encoding="utf-8"), re.MULTILINE) is not None


def test_every_call_of_the_front_door_exists() -> None:
    calls = set(re.findall(r"python3 run\.py ([a-z]+)", _text("README.md") + _text("CHANGELOG.md")))

    known = run.parser()._subparsers._group_actions[0].choices  # type: ignore[union-attr]
    assert known is not None
    assert calls - set(known) == set()
    assert {"admin", "demo", "test"} <= calls


def test_every_command_exists() -> None:
    managed = re.findall(
        r"run\.py manage ([a-z_]+)", "".join(document.read_text("utf-8") for document in DOCUMENTS)
    )
    listed = re.search(r"^- 命令：(.+)$", _text("CHANGELOG.md"), re.MULTILINE)

    assert listed is not None
    named = {*managed, *re.findall(r"`(\w+)`", listed[1])}
    assert named - set(get_commands()) == set()
    ours = {name for name, app in get_commands().items() if app == "tracker"}
    assert ours - named == set()


def test_the_settings_table_is_complete() -> None:
    table = _text("README.md").split("## Settings")[1].split("\n## ")[0]
    rows = re.findall(r"^\| (`[^|]+`) \|", table, re.MULTILINE)
    named = {name for row in rows for name in re.findall(r"[A-Z_]{4,}", row)}

    read = set(re.findall(r"environment\.\w+\(\"([A-Z_]+)\"", _text("tracker/settings.py")))
    assert named == read


def test_the_glossary_names_every_model_as_the_pages_do() -> None:
    words = {name: str(getattr(models, name)._meta.verbose_name) for name in models.__all__}

    assert _glossary(MODELS) == words


@pytest.mark.parametrize("code", _glossary(DERIVED))
def test_the_glossary_names_what_the_code_names(code: str) -> None:
    assert _resolves(code)


def test_the_settings_of_counting_are_fields() -> None:
    settings = set(re.findall(r"`((?:Campaign|Target)\.\w+)`", _text("docs/concepts.md")))

    for model, field in (setting.split(".") for setting in settings):
        getattr(models, model)._meta.get_field(field)
    assert len(settings) > 10


def _resolves(code: str) -> bool:
    parts = ["tracker", *code.split(".")]
    depth = max(depth for depth in range(1, len(parts) + 1) if _is_module(".".join(parts[:depth])))
    found: Any = importlib.import_module(".".join(parts[:depth]))
    for name in parts[depth:]:
        if not _has(found, name):
            return False
        found = getattr(found, name, None)
    return True


def _is_module(name: str) -> bool:
    try:
        return importlib.util.find_spec(name) is not None
    except ModuleNotFoundError:
        return False


def _has(owner: Any, name: str) -> bool:
    fields = dataclasses.fields(owner) if dataclasses.is_dataclass(owner) else ()
    return hasattr(owner, name) or name in {field.name for field in fields}


def test_pictures_are_light() -> None:
    sizes = {picture.name: picture.stat().st_size for picture in (ROOT / "docs").rglob("*.png")}

    assert [name for name, size in sizes.items() if size > 300_000] == []
