"""The invariants after every run, checked from outside: rows, objects, renditions, processes, folders."""

import json
import subprocess
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from time import monotonic, sleep
from typing import Any

from tests.torture.deployment import Deployment
from tests.torture.programs import ffmpeg_left
from tests.torture.rows import Row

STUCK_AFTER_S = 90.0
TERMINAL = frozenset({"completed", "failed"})


class Broken(StrEnum):
    """The kinds of violations."""

    LOST = "lost"
    STUCK = "stuck"
    FAILED = "failed"
    ORIGINAL_LOST = "original lost"
    BAD_RENDITION = "bad rendition"
    DOUBLE_PUBLISH = "double publish"
    STALE_WRITE = "stale write"
    ORPHAN_OBJECT = "orphan object"
    MISSING_OBJECT = "missing object"
    LEFTOVER = "leftover process or folder"
    ATTEMPTS = "attempts over the cap"
    FENCE = "fence or state went back"
    ORPHAN_UPLOAD = "orphan multipart upload"
    USAGE = "usage does not add up"
    SECOND_VIDEO = "second video of a request"
    DRY_RUN = "dry run was wrong"
    CONTRACT = "answer other than the document says"
    EVENT_MISSING = "event missing"
    EVENT_DOUBLED = "event doubled"
    EVENT_ORDER = "event out of order"
    BAD_SIGNATURE = "bad signature"
    SECRET = "secret outside of its place"
    NOT_HELD = "hostile input was not held"


@dataclass(frozen=True)
class Violation:
    """One violated invariant, with details."""

    kind: Broken
    detail: str


@dataclass
class Inspector:
    """Checks one deployment.

    `accepted` maps the videos whose client got the answer `uploaded` to the duration of their clip in seconds. Every
    request that creates a video has an idempotency key; the keys of the `keyless` videos have been deleted since.
    Clients have uploaded captions for the `captioned` videos. Objects and uploads under the `planted` keys must stay in
    the bucket.
    """

    deployment: Deployment
    accepted: dict[str, float] = field(default_factory=dict[str, float])
    may_fail: set[str] = field(default_factory=set[str])
    retried: set[str] = field(default_factory=set[str])
    asked_again: set[str] = field(default_factory=set[str])
    captioned: set[str] = field(default_factory=set[str])
    planted: set[str] = field(default_factory=set[str])
    keyless: set[str] = field(default_factory=set[str])
    stuck_after_s: float = STUCK_AFTER_S
    _proven: set[tuple[str, int]] = field(default_factory=set[tuple[str, int]])

    def accept(self, video_id: str, duration_s: float) -> None:
        """Expect this video to be completed."""
        self.accepted[video_id] = duration_s

    def forget(self, video_id: str) -> None:
        """Stop expecting this video to be completed: its client deletes it."""
        del self.accepted[video_id]

    def wait_terminal(self, video_ids: Iterable[str], timeout_s: float | None = None) -> bool:
        """Wait until these videos are completed or failed; return whether that happened in time."""
        wanted = set(video_ids)
        return holds_within(lambda: wanted <= self._terminal(), self.stuck_after_s if timeout_s is None else timeout_s)

    def wait_settled(self, timeout_s: float | None = None) -> bool:
        """Wait until every accepted video is terminal and no job runs or is due; return whether it happened in time."""
        return holds_within(self._is_settled, self.stuck_after_s if timeout_s is None else timeout_s)

    def lost_originals(self) -> list[Violation]:
        """Check at any moment: an accepted original is absent only if its replacement is published and stored."""
        stored = self.deployment.bucket.stored()
        rows = {row["id"]: row for row in self._videos()}
        return [
            Violation(Broken.ORIGINAL_LOST, f"{video_id}: {row['status']}")
            for video_id in self.accepted
            if (row := rows.get(video_id)) is not None
            and row["source_key"] not in stored
            and not self._is_to_be_fetched(row)
            and not self._is_stored(_publication(row), self.deployment.bucket.stored())
        ]

    def _is_to_be_fetched(self, row: Row) -> bool:
        """Whether it is an import whose source is not stored yet, or was stored after the bucket was listed."""
        if row["youtube_id"] is None:
            return False
        return row["status"] == "uploading" or row["source_key"] in self.deployment.bucket.stored()

    def check(self) -> list[Violation]:
        """Check everything that must hold when no job runs and every program is running again."""
        return [*self.check_videos(), *self._leftovers()]

    def check_videos(self) -> list[Violation]:
        """Check what must hold when no job runs, even if a program is down."""
        settled = self.wait_settled()
        rows = self._videos()
        stored = self.deployment.bucket.stored()
        violations = [*self._unsettled()] if not settled else []
        violations += self.lost_originals()
        violations += self._missing(rows)
        for row in rows:
            violations += self._of_video(row, stored)
        violations += self._of_bucket(rows, stored)
        violations += self._of_uploads(rows)
        violations += self._of_jobs()
        violations += [*self._of_usage(), *self._of_events()]
        return [*violations, *self._of_audit(rows)]

    def _is_settled(self) -> bool:
        return self.accepted.keys() <= self._terminal() and not self.deployment.unsettled_jobs()

    def _videos(self) -> list[Row]:
        return self.deployment.rows.read(
            "SELECT id, status, source_key, upload_id, youtube_id, publication, failure FROM videos"
        )

    def _terminal(self) -> set[str]:
        return {
            row["id"]
            for row in self.deployment.rows.read("SELECT id FROM videos WHERE status IN ('completed', 'failed')")
        }

    def _unsettled(self) -> Iterator[Violation]:
        for row in self._videos():
            if row["id"] in self.accepted and row["status"] not in TERMINAL:
                yield Violation(Broken.STUCK, f"{row['id']}: {row['status']}")
        for job in self.deployment.unsettled_jobs():
            yield Violation(Broken.STUCK, f"job {job}")

    def _missing(self, rows: list[Row]) -> list[Violation]:
        return [Violation(Broken.LOST, lost) for lost in self.accepted.keys() - {row["id"] for row in rows}]

    def _of_video(self, row: Row, stored: dict[str, int]) -> Iterator[Violation]:
        if row["id"] in self.accepted and row["status"] == "failed" and row["id"] not in self.may_fail:
            yield Violation(Broken.FAILED, f"{row['id']}: {row['failure']}")
        publication = _publication(row)
        if row["status"] != "completed" or publication is None:
            return
        if not self._is_stored(publication, stored):
            yield Violation(Broken.MISSING_OBJECT, f"{row['id']}: {publication['key']}")
        elif (why := self._unproven(row["id"], publication)) is not None:
            yield Violation(Broken.BAD_RENDITION, f"{row['id']}: {why}")

    def _is_stored(self, publication: dict[str, Any] | None, stored: dict[str, int]) -> bool:
        if publication is None:
            return False
        return all(stored.get(each["key"]) == each["size_bytes"] for each in _files(publication))

    def _unproven(self, video_id: str, publication: dict[str, Any]) -> str | None:
        """Return why the rendition is bad, or None; a good rendition is decoded only once."""
        key = (publication["key"], publication["size_bytes"])
        if key in self._proven or video_id not in self.accepted:
            return None
        made_s = decoded_duration_s(self.deployment.bucket.objects / publication["key"])
        source_s = self.accepted[video_id]
        if abs(made_s - source_s) > max(0.5, 0.01 * source_s):
            return f"{made_s} s instead of {source_s} s"
        self._proven.add(key)
        return None

    def _of_bucket(self, rows: list[Row], stored: dict[str, int]) -> list[Violation]:
        needed = {key for row in rows for key in _keys_of(row)}
        allowed = needed | {row["source_key"] for row in rows if row["status"] == "uploading"}
        orphans = [Violation(Broken.ORPHAN_OBJECT, key) for key in stored.keys() - allowed - self.planted]
        return orphans + [Violation(Broken.MISSING_OBJECT, key) for key in needed - stored.keys()]

    def _of_uploads(self, rows: list[Row]) -> list[Violation]:
        """Only a video in `uploading` may have an unfinished multipart upload."""
        awaited = {row["upload_id"] for row in rows if row["status"] == "uploading"}
        unfinished = self.deployment.bucket.unfinished()
        return [
            Violation(Broken.ORPHAN_UPLOAD, key)
            for upload_id, key in unfinished.items()
            if upload_id not in awaited and key not in self.planted
        ]

    def _of_usage(self) -> Iterator[Violation]:
        for row in self.deployment.rows.read("SELECT owner, detail FROM audit_usage"):
            yield Violation(Broken.USAGE, f"{row['owner']}: {row['detail']}")
        keyless = "SELECT id FROM videos WHERE id NOT IN (SELECT video_id FROM idempotency_keys)"
        for row in self.deployment.rows.read(keyless):
            if row["id"] not in self.keyless:
                yield Violation(Broken.SECOND_VIDEO, row["id"])

    def _of_events(self) -> Iterator[Violation]:
        kinds = {"missing": Broken.EVENT_MISSING, "doubled": Broken.EVENT_DOUBLED}
        for row in self.deployment.rows.read("SELECT what, id, detail FROM audit_events"):
            yield Violation(kinds[row["what"]], f"{row['id']}: {row['detail']}")

    def _of_jobs(self) -> Iterator[Violation]:
        jobs = self.deployment.rows.read("SELECT id, video_id, kind, attempt, max_attempts, fence FROM jobs")
        for job in jobs:
            if job["attempt"] > job["max_attempts"]:
                yield Violation(Broken.ATTEMPTS, str(job))
        # A poster may be chosen again, also by a client that has lost the answer.
        repeatable = {"erase", "poster"}
        jobs_by_kind = Counter((job["video_id"], job["kind"]) for job in jobs if job["kind"] not in repeatable)
        for (video_id, kind), times in jobs_by_kind.items():
            if times > (self._runs(video_id) if kind in {"transcribe", "retranscribe"} else 1):
                yield Violation(Broken.DOUBLE_PUBLISH, f"{video_id}: {times} jobs {kind}")

    def _of_audit(self, rows: list[Row]) -> Iterator[Violation]:
        entries = self.deployment.rows.read("SELECT what, id, detail FROM audit")
        published = {row["id"]: row for row in rows if row["publication"] is not None}
        times = Counter((entry["what"], entry["id"]) for entry in entries)
        for (what, row_id), count in times.items():
            if what == "transcribed" and row_id in self.captioned:
                continue
            if what in {"published", "transcribed"} and count > (self._runs(row_id) if what == "transcribed" else 1):
                yield Violation(Broken.DOUBLE_PUBLISH, f"{row_id}: {what} {count} times")
            is_asked_for = what == "deleted" or (what == "retried" and row_id in self.retried)
            if what not in {"published", "transcribed"} and not is_asked_for:
                yield Violation(Broken.FENCE, f"{row_id}: {what}")
        for entry in entries:
            row = published.get(entry["id"])
            if entry["what"] == "published" and row is not None and _fence_in(row) != entry["detail"]:
                yield Violation(Broken.STALE_WRITE, f"{entry['id']}: published by fence {_fence_in(row)}: {entry}")
        for row in rows:
            if row["id"] in self.captioned:
                continue
            if row["status"] == "completed" and times["transcribed", row["id"]] != self._runs(row["id"]):
                yield Violation(Broken.LOST, f"{row['id']}: no transcript")

    def _runs(self, video_id: str) -> int:
        """Allowed transcriptions of the video; a client that got no answer may have requested a second regeneration."""
        if video_id not in self.asked_again:
            return 1
        regenerations = "SELECT id FROM jobs WHERE kind = 'retranscribe' AND video_id = $1"
        return 1 + len(self.deployment.rows.read(regenerations, video_id))

    def _leftovers(self) -> list[Violation]:
        holds_within(lambda: not ffmpeg_left(self.deployment.folder), 5.0)
        found = [*ffmpeg_left(self.deployment.folder), *self.deployment.leftover_files()]
        chunks = self.deployment.rows.read("SELECT job_id, chunk_index FROM transcript_chunks")
        return [Violation(Broken.LEFTOVER, str(each)) for each in [*found, *chunks]]


def decoded_duration_s(path: Path) -> float:
    """Decode all frames of a file and return its duration in seconds; 0.0 if decoding fails."""
    entries = "stream=nb_read_frames,r_frame_rate"
    command = ["ffprobe", "-v", "error", "-count_frames", "-select_streams", "v:0", "-show_entries", entries]
    probed = subprocess.run([*command, "-of", "json", str(path)], capture_output=True, check=False)
    if probed.returncode != 0 or probed.stderr:
        return 0.0
    (stream,) = json.loads(probed.stdout)["streams"]
    numerator, _, denominator = stream["r_frame_rate"].partition("/")
    return int(stream["nb_read_frames"]) * int(denominator) / int(numerator)


def _publication(row: Row) -> dict[str, Any] | None:
    return json.loads(row["publication"]) if row["publication"] is not None else None


def _files(publication: dict[str, Any]) -> list[dict[str, Any]]:
    """The stored files of a publication: its renditions, and a kept original, which is stored as one more."""
    return publication.get("renditions") or [publication]


def _keys_of(row: Row) -> list[str]:
    """The exact keys that the bucket must have for this video once its jobs are done."""
    publication = _publication(row)
    if publication is not None:
        pictures = (publication.get("poster_key"), publication.get("storyboard_key"))
        return [key for key in (*(each["key"] for each in _files(publication)), *pictures) if key]
    failure = json.loads(row["failure"]) if row["failure"] is not None else {"stage": "upload"}
    return [] if row["status"] == "uploading" or failure["stage"] == "upload" else [row["source_key"]]


def _fence_in(row: Row) -> str:
    """The fence at the beginning of the published object's name."""
    key: str = json.loads(row["publication"])["key"]
    return key.rpartition("/")[2].partition("-")[0]


def holds_within(condition: Callable[[], bool], timeout_s: float) -> bool:
    """Wait until the condition holds; return whether it did in time."""
    deadline = monotonic() + timeout_s
    while not condition():
        if monotonic() > deadline:
            return False
        sleep(0.05)
    return True
