"""Which files of the npm packages are served, and under what names."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.contrib.staticfiles.storage import HashedFilesMixin
from django.contrib.staticfiles.utils import matches_patterns
from django.core.files.storage import FileSystemStorage
from whitenoise.storage import CompressedManifestStaticFilesStorage

NPM_FILES = {
    "npm/tabler.min.css": "@tabler/core/dist/css/tabler.min.css",
    "npm/htmx.min.js": "htmx.org/dist/htmx.min.js",
    "npm/barlow-condensed-latin-500-normal.woff2": (
        "@fontsource/barlow-condensed/files/barlow-condensed-latin-500-normal.woff2"
    ),
    "npm/barlow-condensed-latin-600-normal.woff2": (
        "@fontsource/barlow-condensed/files/barlow-condensed-latin-600-normal.woff2"
    ),
    "npm/barlow-condensed-latin-700-normal.woff2": (
        "@fontsource/barlow-condensed/files/barlow-condensed-latin-700-normal.woff2"
    ),
}


class NpmStorage(FileSystemStorage):
    """node_modules, seen through the short names of NPM_FILES."""

    def path(self, name: str) -> str:
        return str(Path(self.location) / NPM_FILES[Path(name).as_posix()])


class NpmFinder(BaseFinder):
    """Offers the files of NPM_FILES and nothing else: whole packages hold thousands that no page uses."""

    def __init__(self, app_names: Iterable[str] | None = None, *args: Any, **kwargs: Any) -> None:
        self.storage = NpmStorage(location=settings.BASE_DIR / "node_modules")

    def check(self, **kwargs: Any) -> list[Any]:
        return []

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        name = Path(path).as_posix()
        found = [self.storage.path(name)] if name in NPM_FILES and self.storage.exists(name) else []
        return found if find_all else next(iter(found), None)

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, NpmStorage]]:
        patterns = [*(ignore_patterns or [])]
        return ((name, self.storage) for name in NPM_FILES if not matches_patterns(name, patterns))


def _without_source_maps(patterns: Any) -> Any:
    """Published files name source maps that are not shipped; following these names would fail the build."""
    return tuple(
        (extension, tuple(rule for rule in rules if "sourceMappingURL" not in str(rule)))
        for extension, rules in patterns
    )


class ManifestStorage(CompressedManifestStaticFilesStorage):
    """Names by content, compressed, source maps left out."""

    patterns = _without_source_maps(HashedFilesMixin.patterns)
