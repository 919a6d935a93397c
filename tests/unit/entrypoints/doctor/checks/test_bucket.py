"""The doctor's checks of the bucket."""

from pathlib import Path

import pytest

from entrypoints.doctor.checks.bucket import check_folder, origin_of
from entrypoints.doctor.report import Level

pytestmark = pytest.mark.anyio

ORIGIN = "https://video.example.org"


@pytest.mark.parametrize("url", ["https://video.example.org", "https://video.example.org/telecine"])
def test_an_origin_has_no_path(url: str) -> None:
    """Browsers send none."""
    assert origin_of(url) == ORIGIN


def test_a_folder_is_checked_as_a_folder(tmp_path: Path) -> None:
    """Its URLs work only while the server runs."""
    assert check_folder(tmp_path / "bucket").level is Level.OK
    assert list(tmp_path.iterdir()) == []
    assert check_folder(tmp_path).level is Level.OK
