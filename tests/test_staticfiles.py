"""Which files of the npm packages are offered."""

from pathlib import Path

import pytest
from django.contrib.staticfiles.finders import get_finder

from tracker.staticfiles import NPM_FILES, ManifestStorage, NpmFinder

CSS = "npm/tabler.min.css"


def test_the_listed_files_are_found_and_nothing_else() -> None:
    finder = get_finder("tracker.staticfiles.NpmFinder")

    assert Path(str(finder.find(CSS))).is_file()
    assert finder.find("npm/tabler.css") is None
    assert finder.find(CSS, find_all=True) == [finder.find(CSS)]
    assert finder.find("../package.json", find_all=True) == []


@pytest.mark.parametrize("name", NPM_FILES)
def test_every_listed_file_exists(name: str) -> None:
    assert NpmFinder().storage.exists(name)


def test_source_maps_are_not_followed() -> None:
    rules = str(ManifestStorage.patterns)

    assert "sourceMappingURL" not in rules
    assert "@import" in rules
