from datetime import date
from pathlib import Path

import pytest
from scripts.release import (
    CLIENT_VERSIONS,
    ReleaseError,
    dated_changelog,
    parse_version,
    released_versions,
    require_newer,
    with_version,
)

HEAD = "# Changelog\n\nChanges that users can see.\n"
RELEASED = (
    "\n## [0.2.0] - 2026-10-01\n\n### Added\n\n- Captions.\n\n## [0.1.0] - 2026-09-01\n\n### Added\n\n- Uploads.\n"
)
NEWS = "\n### Fixed\n\n- Captions end with their sentence.\n"
CHANGELOG = f"{HEAD}\n## [Unreleased]\n{NEWS}{RELEASED}"


def test_a_version_has_three_numbers() -> None:
    """They compare as numbers, not as text."""
    assert parse_version("0.10.2") > parse_version("0.9.11")


@pytest.mark.parametrize("text", ["", "1", "1.2", "1.2.3.4", "v1.2.3", "1.2.3rc1", "01.2.3", "1.2.x", "1.2.3\n"])
def test_another_text_is_no_version(text: str) -> None:
    """The text is quoted in the error."""
    with pytest.raises(ReleaseError, match="three numbers") as caught:
        parse_version(text)
    assert repr(text) in str(caught.value)


def test_unreleased_is_not_a_released_version() -> None:
    """Only sections of versions count."""
    assert released_versions(CHANGELOG) == [(0, 2, 0), (0, 1, 0)]


@pytest.mark.parametrize("version", ["0.2.1", "0.3.0", "1.0.0"])
def test_a_newer_version_is_accepted(version: str) -> None:
    """It may skip numbers."""
    require_newer(version, "0.2.0", CHANGELOG)


def test_the_first_release_may_have_the_version_of_the_project() -> None:
    """That version was never released."""
    require_newer("0.1.0", "0.1.0", f"{HEAD}\n## [Unreleased]\n{NEWS}")


@pytest.mark.parametrize(
    ("version", "current", "reason"),
    [
        ("0.2.0", "0.2.0", "not newer than 0.2.0"),
        ("0.1.9", "0.1.0", "not newer than 0.2.0"),
        ("0.2.1", "0.3.0", "older than 0.3.0"),
        ("newest", "0.2.0", "three numbers"),
    ],
)
def test_a_version_that_is_not_newer_is_refused(version: str, current: str, reason: str) -> None:
    """Neither than the last release nor than the project."""
    with pytest.raises(ReleaseError, match=reason):
        require_newer(version, current, CHANGELOG)


def test_unreleased_changes_become_the_section_of_the_version() -> None:
    """An empty section "Unreleased" stays above it, and older sections stay as they are."""
    dated = dated_changelog(CHANGELOG, "0.3.0", date(2026, 11, 30))
    assert dated == f"{HEAD}\n## [Unreleased]\n\n## [0.3.0] - 2026-11-30\n{NEWS}{RELEASED}"


def test_a_changelog_without_unreleased_changes_is_refused() -> None:
    """A release that changes nothing has no notes."""
    with pytest.raises(ReleaseError, match="lists no change"):
        dated_changelog(dated_changelog(CHANGELOG, "0.3.0", date(2026, 11, 30)), "0.3.1", date(2026, 12, 1))


def test_a_changelog_without_the_section_is_refused() -> None:
    """Nothing says what the release changes."""
    with pytest.raises(ReleaseError, match="no section"):
        dated_changelog(f"{HEAD}{RELEASED}", "0.3.0", date(2026, 11, 30))


@pytest.mark.parametrize(("path", "count"), [(path, 2 if "lock" in path else 1) for path in CLIENT_VERSIONS])
def test_the_clients_get_the_version(path: str, count: int) -> None:
    """In every place of the file that states the version of the client, and nowhere else."""
    text = (Path(__file__).parents[3] / path).read_text(encoding="utf-8")
    changed = with_version(text, CLIENT_VERSIONS[path], "9.8.7").splitlines()
    lines = [line for line, former in zip(changed, text.splitlines(), strict=True) if line != former]
    assert len(lines) == count
    assert all('"9.8.7"' in line for line in lines)


def test_a_file_without_a_version_stops_the_release() -> None:
    """A client with the version of the last release would be published otherwise."""
    with pytest.raises(ReleaseError, match="No version was found"):
        with_version("[project]\n", CLIENT_VERSIONS["clients/python/pyproject.toml"], "9.8.7")
