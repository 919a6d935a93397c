"""The clean-up scenario: abandoned uploads, orphans and live uploads, cleaned up by several processes at once."""

import re
import threading
from collections.abc import Generator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from itertools import cycle, islice
from time import monotonic
from typing import Any
from uuid import uuid4

from tests.torture.client import RetryingClient
from tests.torture.clips import Clip
from tests.torture.deployment import OWNER
from tests.torture.invariants import Broken, Violation
from tests.torture.stage import Findings, Stage
from tests.torture.victim import Victim

CLIENTS = 4
_NEVER = "86400"
_PREVIEWED = re.compile(
    r"(?P<expired>\d+) abandoned uploads would be .*?"
    r"(?P<objects>\d+) orphan objects would be .*?"
    r"(?P<uploads>\d+) orphan multipart uploads would be .*?"
    r"(?P<keys>\d+) idempotency keys would be",
    re.DOTALL,
)


@dataclass(frozen=True)
class Size:
    """How many uploads and orphans of each kind to create, and the orphan age; other times have their defaults."""

    abandoned: int
    asking: int
    young: int
    orphans: int
    old_keys: int
    orphan_age_s: int

    def settings(self) -> dict[str, str]:
        """Settings under which no worker cleans up by schedule."""
        return {
            "TELECINE_ORPHAN_AGE_SECONDS": str(self.orphan_age_s),
            "TELECINE_CLEAN_UP_SECONDS": _NEVER,
            "TELECINE_ORPHAN_SWEEP_SECONDS": _NEVER,
        }


def clean_up(stage: Stage) -> Findings:
    """Two workers and two operators clean up at once: of 1,000 uploads, 100 are live and must survive."""
    size = Size(
        abandoned=stage.times(900),
        asking=stage.times(70),
        young=stage.times(30),
        orphans=stage.times(40),
        old_keys=stage.times(300),
        orphan_age_s=240,  # Short, because no client can set the start time of a multipart upload on an S3 server.
    )
    with stage.victim("clean_up", settings=size.settings()) as victim:
        return clean_up_everything(victim, size)


def clean_up_everything(victim: Victim, size: Size) -> Findings:
    """Leave uploads and orphans, then clean up by schedule and by command at once."""
    scene = _Scene(victim, size)
    scene.leave_old()
    scene.let_two_days_pass()
    with scene.asking_again():
        scene.leave_young()
        scene.preview()
        scene.clean_up_at_once()
        scene.look()
    scene.finish_live()
    return scene.findings


@dataclass
class Upload:
    """One upload in the state in which its client left it."""

    grant: dict[str, Any]
    clip: Clip


@dataclass
class _Scene:
    victim: Victim
    size: Size
    findings: Findings = field(default_factory=lambda: Findings("clean_up"))
    abandoned: list[Upload] = field(default_factory=list[Upload])
    asking: list[Upload] = field(default_factory=list[Upload])
    young: list[Upload] = field(default_factory=list[Upload])
    orphans: set[str] = field(default_factory=set[str])
    orphan_uploads: set[str] = field(default_factory=set[str])
    young_at: float = 0.0

    def leave_old(self) -> None:
        """Create what will be old enough for the clean-up, and foreign objects that it must not touch."""
        self.orphans = {_derived_key() if number % 2 else _source_key() for number in range(2 * self.size.orphans)}
        self.orphan_uploads = {_source_key() for _ in range(self.size.orphans)}
        self._plant(self.orphans, self.orphan_uploads)
        foreign = {"videos/read.me", f"videos/{OWNER}/notes.mp4", f"derived/{OWNER}/x/1-rendition.mp4", "backups/a.tar"}
        foreign_uploads = {"backups/b.tar", f"videos/{OWNER}/more.mp4"}
        self._plant(foreign, foreign_uploads)
        self.victim.inspector.planted |= foreign | foreign_uploads
        self.abandoned = self._left(self.size.abandoned)
        self.asking = self._left(self.size.asking)

    def let_two_days_pass(self) -> None:
        """Set the recorded times two days back; clocks stay as they are."""
        self.victim.deployment.bucket.let_pass(self.size.orphan_age_s)
        rows = self.victim.deployment.rows
        rows.execute(f"UPDATE videos SET updated_at = {rows.two_days_ago}, upload_expires_at = {rows.two_days_ago}")  # noqa: S608
        old = [upload.grant["video_id"] for upload in self.abandoned[: self.size.old_keys]]
        listed = ", ".join(f"'{video_id}'" for video_id in old)
        rows.execute(
            f"UPDATE idempotency_keys SET created_at = {rows.two_days_ago} WHERE video_id IN ({listed})"  # noqa: S608
        )
        self.victim.inspector.keyless |= set(old)

    def leave_young(self) -> None:
        """Create uploads and orphans that are too young for the clean-up."""
        self.young_at = monotonic()
        self.young = self._left(self.size.young)
        objects, uploads = {_source_key(), _derived_key()}, {_source_key()}
        self._plant(objects, uploads)
        self.victim.inspector.planted |= objects | uploads

    @contextmanager
    def asking_again(self) -> Generator[None]:
        """Let some clients resume: they request fresh URLs before the block, and repeatedly inside it."""
        is_over = threading.Event()
        deployment = self.victim.deployment
        # Not the victim's client, which restarts a dead API: in this scenario nothing may be started that way.
        client = RetryingClient(deployment.api.url or "", deployment.token)

        def ask() -> None:
            for upload in self.asking:
                upload.grant = client.ask_again(upload.grant)

        def ask_on() -> None:
            while not is_over.wait(0.1):
                ask()

        ask()
        with closing(client), ThreadPoolExecutor(max_workers=1) as pool:
            asking = pool.submit(ask_on)
            try:
                yield
            finally:
                is_over.set()
            asking.result()

    def preview(self) -> None:
        """A dry run prints what the clean-up would remove, and changes nothing."""
        before = self._state()
        output = self.victim.deployment.run("sweep", "--dry-run")
        counted = _PREVIEWED.search(output)
        figures = {name: int(count) for name, count in counted.groupdict().items()} if counted else {}
        expected = {
            "expired": len(self.abandoned),
            "objects": len(self.orphans),
            "uploads": len(self.orphan_uploads),
            "keys": self.size.old_keys,
        }
        self._require(Broken.DRY_RUN, f"{figures} for {expected}", holds=figures == expected)
        named = {
            line.split()[0] for line in output.splitlines() if line.startswith("  ") and "more" not in line.split()
        }
        known = {upload.grant["video_id"] for upload in self.abandoned} | self.orphans | self.orphan_uploads
        self._require(Broken.DRY_RUN, f"it names {sorted(named - known)[:3]}", holds=named <= known)
        self._require(Broken.DRY_RUN, "it has changed something", holds=self._state() == before)
        self.findings.figures |= {f"dry_run_{name}": count for name, count in figures.items()}

    def clean_up_at_once(self) -> None:
        """Restart the workers so that each cleans up at once, and run `telecine sweep` twice at the same time."""
        often = {"TELECINE_CLEAN_UP_SECONDS": "0.5", "TELECINE_ORPHAN_SWEEP_SECONDS": "1"}
        workers = self.victim.deployment.workers
        for worker in workers:
            worker.kill()
        with ThreadPoolExecutor(max_workers=2) as operators:
            swept = [operators.submit(self.victim.deployment.run, "sweep") for _ in range(2)]
            for worker in workers:
                worker.start(environment=often)
            self.victim.deployment.start()
            for each in swept:
                each.result()
        self.victim.inspector.wait_terminal(upload.grant["video_id"] for upload in self.abandoned)
        self.victim.inspector.wait_settled()

    def look(self) -> None:
        """Check that everything abandoned is gone, and that everything live remains."""
        rows, bucket = self.victim.deployment.rows, self.victim.deployment.bucket
        expired = {row["id"] for row in rows.read("SELECT id FROM videos WHERE failure LIKE '%\"upload_expired\"%'")}
        abandoned = {upload.grant["video_id"] for upload in self.abandoned}
        live = {upload.grant["video_id"] for upload in (*self.asking, *self.young)}
        twice = rows.read("SELECT video_id FROM jobs WHERE kind = 'erase' GROUP BY video_id HAVING COUNT(*) <> 2")
        orphans = (self.orphans & bucket.stored().keys()) | (self.orphan_uploads & set(bucket.unfinished().values()))
        missing = self.victim.inspector.planted - bucket.stored().keys() - set(bucket.unfinished().values())
        (keys,) = rows.read("SELECT COUNT(*) AS count FROM idempotency_keys")
        self.findings.figures |= {
            "abandoned": len(abandoned),
            "expired": len(expired),
            "live": len(live),
            "live_removed": len(live & expired),
            "planted_orphans": len(self.orphans) + len(self.orphan_uploads),
            "orphans_left": len(orphans),
            "keys_left": keys["count"],
            "young_after_s": round(monotonic() - self.young_at, 1),
        }
        self._require(Broken.STUCK, f"{len(abandoned - expired)} abandoned uploads", holds=abandoned <= expired)
        self._require(Broken.LOST, f"{len(live & expired)} live uploads", holds=not live & expired)
        self._require(Broken.DOUBLE_PUBLISH, f"{len(twice)} uploads were closed more than once", holds=not twice)
        self._require(Broken.ORPHAN_OBJECT, f"{sorted(orphans)[:3]}", holds=not orphans)
        self._require(Broken.MISSING_OBJECT, f"{sorted(missing)}", holds=not missing)
        self._require(
            Broken.LOST, f"keys: {keys}", holds=keys["count"] == len(abandoned) + len(live) - self.size.old_keys
        )
        self.findings.violations += self.victim.inspector.check()

    def finish_live(self) -> None:
        """Finish the live uploads; each must become a video."""
        client = self.victim.client
        for upload in (*self.asking, *self.young):
            grant = client.ask_again(upload.grant)
            send = client.put if grant["strategy"] == "single" else client.put_parts
            send(grant, upload.clip.path)
            self.victim.accepted(client.finish(grant), upload.clip)
        self.victim.inspector.wait_settled(20.0 * (len(self.asking) + len(self.young)))
        self.findings.violations += self.victim.inspector.check()
        (completed,) = self.victim.deployment.rows.read("SELECT COUNT(*) AS n FROM videos WHERE status = 'completed'")
        self.findings.add("completed", completed["n"])

    def _left(self, count: int) -> list[Upload]:
        """Leave this many uploads, cycling through the kinds: each kind stops at a different step."""
        client, mute, large = self.victim.client, self.victim.clips.mute, self.victim.clips.large

        def leave(kind: tuple[str, Clip, Sequence[int] | None]) -> Upload:
            strategy, clip, parts = kind
            upload = Upload(client.grant(clip.path, strategy=strategy), clip)
            if parts is not None and strategy == "single":
                client.put(upload.grant, clip.path)
            elif parts is not None:
                client.put_parts(upload.grant, clip.path, *parts)
            return upload

        kinds: list[tuple[str, Clip, Sequence[int] | None]] = [
            ("single", mute, None),
            ("single", mute, ()),
            ("multipart", large, None),
            ("multipart", large, (2,)),
            ("multipart", mute, ()),
        ]
        with ThreadPoolExecutor(max_workers=CLIENTS) as clients:
            return list(clients.map(leave, islice(cycle(kinds), count)))

    def _plant(self, objects: set[str], uploads: set[str]) -> None:
        for key in objects:
            self.victim.deployment.bucket.plant(key)
        for key in uploads:
            self.victim.deployment.bucket.begin(key)

    def _state(self) -> list[object]:
        """Everything that a clean-up can change; a request for fresh URLs changes none of it."""
        tables = (
            "SELECT id, status FROM videos",
            "SELECT id, state FROM jobs",
            "SELECT video_id FROM idempotency_keys",
        )
        rows = [sorted(map(str, self.victim.deployment.rows.read(query))) for query in tables]
        schedule = self.victim.deployment.rows.read("SELECT name, begun_at FROM schedule ORDER BY name")
        bucket = self.victim.deployment.bucket
        return [*rows, schedule, bucket.stored(), bucket.unfinished()]

    def _require(self, broken: Broken, detail: str, *, holds: bool) -> None:
        if not holds:
            self.findings.violations.append(Violation(broken, detail))


def _source_key() -> str:
    return f"videos/{OWNER}/{uuid4()}.mp4"


def _derived_key() -> str:
    return f"derived/{OWNER}/{uuid4()}/1-rendition.mp4"
