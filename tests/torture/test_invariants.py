"""The inspector finds each kind of violation: a check that cannot fail proves nothing."""

import asyncio
import json
import shutil
import sqlite3
from collections.abc import Callable, Generator
from contextlib import closing
from pathlib import Path

import pytest

from adapters.sql.database import sqlite_database
from tests.media import make
from tests.services.transcription_server import TranscriptionServer, running_transcription_server
from tests.torture.buckets import FolderBucket
from tests.torture.deployment import Deployment
from tests.torture.invariants import Broken, Inspector
from tests.torture.programs import Program
from tests.torture.rows import SqliteRows

RENDITION = "derived/ada/v1/2-rendition.mp4"
POSTER = "derived/ada/v1/2-poster.jpg"
DURATION_S = 1.0
NOW = "2026-11-22 10:00:00.000000"

# A video as its worker leaves it: published by the second attempt and transcribed.
_VIDEO = (
    "INSERT INTO videos (id, owner, status, source_key, filename, content_type, size_bytes, stages, warnings, "
    "created_at, updated_at, upload_expires_at, event_seq) VALUES "
    "('v1', 'ada', 'processing', 'videos/ada/v1.mp4', 'clip.mp4', 'video/mp4', 9, '[]', '[]', $now, $now, $now, 2)"
)
_EVENT = (
    "INSERT INTO events (video_id, owner, seq, type, occurred_at, data) VALUES "
    """('v1', 'ada', $seq, '$name', $now, '{"status":"$status"}')"""
)
_EVENTS = (
    ("upload.completed", "uploaded"),
    ("video.processing", "processing"),
    ("video.playable", "processing"),
    ("video.completed", "completed"),
)
_JOB = (
    "INSERT INTO jobs (id, video_id, kind, payload, state, attempt, max_attempts, run_after, fence) VALUES "
    "('j1', 'v1', 'process', '{}', 'running', 2, 12, $now, 2)"
)
_TRANSCRIPT = "INSERT INTO transcripts (video_id, text, cues) VALUES ('v1', '', '[]')"
_KEY = (
    "INSERT INTO idempotency_keys (owner, key, fingerprint, video_id, created_at) VALUES ('ada', 'k1', 'f', 'v1', $now)"
)
_USAGE = (
    "INSERT INTO usage (owner, videos_in_flight, stored_bytes, uploads, day) VALUES "
    "('ada', 0, json_extract($publication, '$.size_bytes'), 1, '2026-11-22')"
)
_PUBLISH = "UPDATE videos SET status = 'completed', publication = $publication, event_seq = 4 WHERE id = 'v1'"
_FAIL = "UPDATE videos SET status = 'failed'"


@pytest.fixture(scope="module")
def transcription() -> Generator[TranscriptionServer]:
    """A transcription server, which a deployment needs and these tests do not call."""
    with running_transcription_server() as server:
        yield server


@pytest.fixture(scope="module")
def perfect(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of an installation without violations."""
    folder = tmp_path_factory.mktemp("perfect")
    (folder / "state").mkdir()
    (folder / "objects" / RENDITION).parent.mkdir(parents=True)
    make.video(folder / "objects" / RENDITION, duration_s=DURATION_S, width=64, height=48, sound=None)
    (folder / "objects" / POSTER).write_bytes(b"poster")
    asyncio.run(_migrated(folder / "state" / "telecine.db"))
    return folder


async def _migrated(path: Path) -> None:
    async with sqlite_database(path):
        pass


@pytest.fixture
def inspector(tmp_path: Path, perfect: Path, transcription: TranscriptionServer) -> Inspector:
    """An inspector of a copy of the perfect installation."""
    folder = shutil.copytree(perfect, tmp_path / "installation")
    rows = SqliteRows(folder / "state" / "telecine.db")
    rows.audit()
    unused = Program((), folder / "log", {})
    deployment = Deployment(folder, unused, [], rows, FolderBucket(folder / "objects"), transcription, "")
    execute(deployment, _VIDEO, _KEY, _USAGE, _JOB, _TRANSCRIPT, _PUBLISH)
    execute(deployment, *(_event(seq, *event) for seq, event in enumerate(_EVENTS, start=1)))
    execute(deployment, "UPDATE jobs SET state = 'done' WHERE id = 'j1'")
    inspector = Inspector(deployment, stuck_after_s=0.0)
    inspector.accept("v1", DURATION_S)
    return inspector


def execute(deployment: Deployment, *statements: str) -> None:
    """Change the database directly, bypassing the programs."""
    size_bytes = (deployment.bucket.objects / RENDITION).stat().st_size
    publication = {"key": RENDITION, "size_bytes": size_bytes, "poster_key": POSTER}
    with closing(sqlite3.connect(deployment.folder / "state" / "telecine.db")) as connection:
        for statement in statements:
            connection.execute(statement, {"now": NOW, "publication": json.dumps(publication)})
        connection.commit()


def _event(seq: int, name: str, status: str) -> str:
    return _EVENT.replace("$seq", str(seq)).replace("$name", name).replace("$status", status)


def remove(key: str) -> Callable[[Deployment], object]:
    """Delete an object."""
    return lambda deployment: (deployment.bucket.objects / key).unlink()


def sql(*statements: str) -> Callable[[Deployment], object]:
    """Run statements on the database."""
    return lambda deployment: execute(deployment, *statements)


def write(key: str) -> Callable[[Deployment], object]:
    """Replace an object's content by zeros."""

    def overwrite(deployment: Deployment) -> None:
        path = deployment.bucket.objects / key
        path.write_bytes(bytes(path.stat().st_size if path.exists() else 9))

    return overwrite


def leave_folder(deployment: Deployment) -> None:
    """Leave the folder of an attempt behind."""
    (deployment.folder / "state" / "work" / "1" / "job-left").mkdir(parents=True)


def leave_upload(deployment: Deployment) -> None:
    """Leave a multipart upload that no video waits for."""
    deployment.bucket.begin("videos/ada/v1.mp4")


def test_perfect_order_has_no_violations(inspector: Inspector) -> None:
    """The inspector reports nothing for an intact installation."""
    assert inspector.check() == []


@pytest.mark.parametrize(
    ("sabotage", "broken"),
    [
        (sql("DELETE FROM videos"), Broken.LOST),
        (sql("DELETE FROM audit WHERE what = 'transcribed'"), Broken.LOST),
        (sql("UPDATE videos SET status = 'processing'"), Broken.STUCK),
        (sql("UPDATE jobs SET state = 'running'"), Broken.STUCK),
        (sql("""UPDATE videos SET status = 'failed', failure = '{"stage": "compress"}'"""), Broken.FAILED),
        (remove(RENDITION), Broken.ORIGINAL_LOST),
        (write(RENDITION), Broken.BAD_RENDITION),
        (remove(POSTER), Broken.MISSING_OBJECT),
        (write("derived/ada/v1/1-rendition.mp4"), Broken.ORPHAN_OBJECT),
        (sql("UPDATE videos SET publication = NULL", _PUBLISH), Broken.DOUBLE_PUBLISH),
        (sql("UPDATE transcripts SET text = 'again'"), Broken.DOUBLE_PUBLISH),
        (sql("UPDATE jobs SET fence = 3", "UPDATE videos SET publication = NULL", _PUBLISH), Broken.STALE_WRITE),
        (sql("UPDATE jobs SET fence = 1"), Broken.FENCE),
        (sql("UPDATE jobs SET state = 'dead'"), Broken.FENCE),
        (sql("UPDATE jobs SET attempt = 13"), Broken.ATTEMPTS),
        (leave_folder, Broken.LEFTOVER),
        (leave_upload, Broken.ORPHAN_UPLOAD),
        (sql("UPDATE usage SET videos_in_flight = 1"), Broken.USAGE),
        (sql("UPDATE usage SET stored_bytes = stored_bytes - 1"), Broken.USAGE),
        (sql("UPDATE usage SET uploads = 2"), Broken.USAGE),
        (sql("DELETE FROM idempotency_keys"), Broken.SECOND_VIDEO),
        (sql(_FAIL, "UPDATE videos SET status = 'uploaded'"), Broken.FENCE),
        (sql("UPDATE jobs SET state = 'dead'", "UPDATE jobs SET state = 'queued', attempt = 0"), Broken.FENCE),
        (sql("DELETE FROM events"), Broken.EVENT_MISSING),
        (sql("DELETE FROM events WHERE seq = 2"), Broken.EVENT_MISSING),
        (sql("DELETE FROM events WHERE seq = 4", "UPDATE videos SET event_seq = 3"), Broken.EVENT_MISSING),
        (sql("UPDATE events SET type = 'captions.removed' WHERE seq = 3"), Broken.EVENT_MISSING),
        (sql("""UPDATE events SET data = '{"status":"failed"}' WHERE seq = 4"""), Broken.EVENT_MISSING),
        (sql("UPDATE videos SET status = 'uploaded'", "UPDATE videos SET status = 'completed'"), Broken.EVENT_MISSING),
        (sql("DELETE FROM videos"), Broken.EVENT_MISSING),
        (sql(_event(4, "video.completed", "completed")), Broken.EVENT_DOUBLED),
        (sql(_event(5, "video.completed", "completed"), "UPDATE videos SET event_seq = 5"), Broken.EVENT_DOUBLED),
        (sql(_event(5, "video.playable", "completed"), "UPDATE videos SET event_seq = 5"), Broken.EVENT_DOUBLED),
    ],
)
def test_every_violation_is_found(
    inspector: Inspector, sabotage: Callable[[Deployment], object], broken: Broken
) -> None:
    """Each sabotage causes its own kind of violation."""
    sabotage(inspector.deployment)
    assert broken in {violation.kind for violation in inspector.check()}


def test_a_retry_may_reopen_a_video(inspector: Inspector) -> None:
    """A retry that the client requested is no violation."""
    execute(inspector.deployment, _FAIL, "DELETE FROM audit WHERE what = 'video_reopened'")
    inspector.retried.add("v1")
    execute(inspector.deployment, "UPDATE videos SET status = 'uploaded'")
    assert Broken.FENCE not in {violation.kind for violation in inspector.check()}


def test_a_deleted_video_stays_in_the_upload_count(inspector: Inspector) -> None:
    """It counts among the uploads of its day only; foreign objects in the bucket are no violation."""
    execute(
        inspector.deployment, "UPDATE videos SET etag = 'e'", "DELETE FROM videos", "UPDATE usage SET stored_bytes = 0"
    )
    execute(inspector.deployment, _event(5, "video.deleted", "completed"))
    remove(RENDITION)(inspector.deployment)
    remove(POSTER)(inspector.deployment)
    inspector.deployment.bucket.plant("backups/a.tar")
    inspector.planted.add("backups/a.tar")
    inspector.forget("v1")
    assert inspector.check() == []
