"""A state machine of the upload protocol: clients, workers, clean-ups and faults in any order."""

import asyncio
import os
from collections.abc import AsyncIterator, Coroutine, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeVar

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from adapters.fakes.transcoder import fake_video_bytes
from domain.model.access.quota import Usage
from domain.model.errors import CompressionFailed, Rejected, TelecineError, Unavailable, VideoNotFound
from domain.model.ids import JobId, UserId, VideoId
from domain.model.jobs.job import JobState
from domain.model.jobs.payloads import JobKind, TranscribePayload
from domain.model.object_key import ObjectKey, video_id_of
from domain.model.retention.orphans import is_needed
from domain.model.retention.retained_objects import retained_keys
from domain.model.uploads.multipart import MIN_PART_BYTES
from domain.model.uploads.policy import UploadDeclaration, UploadStrategy
from domain.model.videos.lifecycle import VideoStatus
from domain.model.videos.video import Video
from domain.ports.object_store import PresignedUpload
from domain.use_cases.access.once import IdempotentResult
from domain.use_cases.uploads.get_upload_status import UploadProgress
from domain.use_cases.uploads.sign_upload import SignedUpload
from entrypoints.config.jobs import JobSettings
from entrypoints.config.limits import LimitSettings
from entrypoints.config.settings import Settings
from entrypoints.config.uploads import UploadSettings
from tests.support.inline_executor import InlineExecutor
from tests.support.uploading import TWO_PARTS, chunks_of, put, put_request
from tests.support.watched_database import WatchedDatabase
from tests.support.world import World, open_world

T = TypeVar("T")

USERS = (UserId("ada"), UserId("eve"))
KEYS = (None, None, "one", "two")
SMALL = fake_video_bytes()
OTHER = fake_video_bytes(duration_s=11.0)
SILENT = fake_video_bytes(audio_codec=None)
MAX_IN_FLIGHT = 6
SETTINGS = Settings(
    jobs=JobSettings(max_attempts=3),
    uploads=UploadSettings(multipart_part_bytes=MIN_PART_BYTES),
    limits=LimitSettings(max_videos_in_flight_per_user=MAX_IN_FLIGHT),
)
SHAPES = {
    "single": (SMALL, UploadStrategy.SINGLE),
    "silent": (SILENT, UploadStrategy.SINGLE),
    "one part": (SMALL, UploadStrategy.MULTIPART),
    "two parts": (TWO_PARTS, UploadStrategy.MULTIPART),
    "growing": (TWO_PARTS, UploadStrategy.MULTIPART),
}
GROWING = "growing"
FILES = {"small": SMALL, "two parts": TWO_PARTS, "no video": b"\x00" * 4096}
STORE_METHODS = ("head", "peek", "download", "upload", "delete", "list_keys", "scan")
MULTIPART_METHODS = ("create", "upload_part", "list_parts", "complete", "abort", "list_uploads")
TRANSCODER_METHODS = ("probe", "compress", "poster", "extract_audio", "cut_audio")

IS_LONG = "TEST_EXAMPLES" in os.environ
EXAMPLES = int(os.environ.get("TEST_EXAMPLES", "30"))


class HungUp(Exception):
    """The client of a proxied upload has disconnected."""


@dataclass
class Client:
    """A video as its client knows it, with every URL that was signed for it."""

    owner: UserId
    video_id: VideoId
    content: bytes
    is_growing: bool = False
    urls: list[PresignedUpload] = field(default_factory=list[PresignedUpload])
    parts: dict[int, list[PresignedUpload]] = field(default_factory=dict[int, list[PresignedUpload]])
    is_deleted: bool = False
    was_accepted: bool = False
    is_other: bool | None = None

    def remember(self, signed: SignedUpload) -> None:
        """Add the URLs; earlier ones are kept."""
        if signed.presigned is not None:
            self.urls.append(signed.presigned)
        for part in signed.parts:
            self.parts.setdefault(part.number, []).append(part.presigned)


videos = st.integers(0, 5)


class UploadProtocol(RuleBasedStateMachine):
    """Two users with a few videos; the invariants hold after every step, and all work can be completed at the end."""

    def __init__(self) -> None:
        super().__init__()
        self.clients: list[Client] = []
        self.made: dict[tuple[UserId, str], tuple[VideoId, str]] = {}
        self.loop = asyncio.new_event_loop()
        self.loop.set_default_executor(InlineExecutor())
        self.stack = AsyncExitStack()
        self.folder = TemporaryDirectory()

    @initialize()
    def open(self) -> None:
        """Open a world over fakes."""
        opened = open_world(Path(self.folder.name), settings=SETTINGS, make_database=WatchedDatabase)
        self.world: World = self.run(self.stack.enter_async_context(opened))
        assert isinstance(self.world.database, WatchedDatabase)
        self.database = self.world.database

    def run(self, call: Coroutine[Any, Any, T]) -> T:
        """Run the call, and return its result."""
        return self.loop.run_until_complete(call)

    def tried(self, call: Coroutine[Any, Any, T]) -> T | TelecineError:
        """Run the call, and return its result or its TelecineError."""
        try:
            return self.run(call)
        except TelecineError as error:
            return error

    def client(self, index: int) -> Client:
        """Return one of the clients; 0 is the newest."""
        return self.clients[-1 - index % len(self.clients)]

    def video(self, client: Client) -> Video | None:
        """Return the client's video, or None if it was deleted."""
        return self.database.tables.videos.get(client.video_id)

    @rule(owner=st.sampled_from(USERS), shape=st.sampled_from(sorted(SHAPES)), key=st.sampled_from(KEYS))
    def create(self, owner: UserId, shape: str, key: str | None) -> None:
        """A client requests an upload; a known key creates nothing new."""
        content, strategy = SHAPES[shape]
        declared = UploadDeclaration("clip.mp4", None if shape == GROWING else len(content), "", strategy)
        requested = f"presigned {declared.size_bytes} {strategy}"
        known = None if key is None else self.made.get((owner, key))
        answer = self.tried(self.world.application.uploads.request(owner, declared, key=key))
        if isinstance(answer, TelecineError):
            self.check_refusal(answer, owner, known, requested)
            return
        video = answer.signed.video
        assert answer.is_replay is (known is not None)
        if known is not None:
            assert known == (video.id, requested)
            return
        if key is not None:
            self.made[owner, key] = (video.id, requested)
        client = Client(owner, video.id, content, is_growing=shape == GROWING)
        client.remember(answer.signed)
        self.clients.append(client)

    @rule(
        owner=st.sampled_from(USERS),
        name=st.sampled_from(sorted(FILES)),
        end=st.sampled_from(["", "client gone", "server dead"]),
        key=st.sampled_from(KEYS),
    )
    def receive(self, owner: UserId, name: str, key: str | None, end: str) -> None:
        """A client sends a file through the API; it may disconnect before the end, or the server may die."""
        content = FILES[name]
        declared = UploadDeclaration("clip.mp4", len(TWO_PARTS), "")
        known = None if key is None else self.still_known(owner, key)
        before = set(self.database.tables.videos)
        chunks = {"": chunks_of, "client gone": _broken_off, "server dead": self.dying}[end](content)
        try:
            answer = self.tried(self.world.application.uploads.receive(owner, declared, chunks, key=key))
        except HungUp:
            assert known is None
            answer = Rejected("The client is gone.")
        self.database.is_down = False
        (video,) = [self.database.tables.videos[new] for new in self.database.tables.videos.keys() - before] or [None]
        if video is not None:
            self.clients.append(Client(owner, video.id, content, was_accepted=video.is_uploaded, is_other=False))
            if key is not None and video.status is VideoStatus.UPLOADING:
                self.made[owner, key] = (video.id, "received")
        if isinstance(answer, TelecineError):
            self.check_refusal(answer, owner, known, "received")
            assert video is None or video.is_upload_closed or end == "server dead"
            return
        assert answer.is_replay is (known is not None)
        assert answer.video.is_uploaded
        if known is not None:
            assert known == (answer.video.id, "received")
        elif key is not None:
            self.made[owner, key] = (answer.video.id, "received")

    @rule(owner=st.sampled_from(USERS), key=st.sampled_from(["one", "two", "three"]), after_s=st.sampled_from([59, 61]))
    def repeat_after_death(self, owner: UserId, key: str, after_s: int) -> None:
        """A server dies while it receives a file; the client repeats the request before or after the key is free."""
        self.receive(owner, "two parts", key, "server dead")
        self.world.clock.advance(after_s)
        self.receive(owner, "two parts", key, "")

    def still_known(self, owner: UserId, key: str) -> tuple[VideoId, str] | None:
        """What the key refers to; a key of a proxied upload is free once it has ended, or its server is dead."""
        known, now = self.made.get((owner, key)), self.world.clock.now()
        video = None if known is None else self.database.tables.videos.get(known[0])
        if known is None or video is None or known[1] != "received" or video.is_uploaded:
            return known
        if video.is_upload_closed or max(video.updated_at, video.upload_expires_at) < now:
            del self.made[owner, key]
            return None
        return known

    async def dying(self, content: bytes) -> AsyncIterator[bytes]:
        """Yield all of the content; before the last part is stored, the server loses its database."""
        async for chunk in chunks_of(content):
            yield chunk
        self.database.is_down = True
        raise HungUp

    def check_refusal(
        self, error: TelecineError, owner: UserId, known: tuple[VideoId, str] | None, requested: str
    ) -> None:
        """Check that a refusal by key or quota is justified."""
        if error.code == "idempotency_key_reused":
            assert known is not None
            assert known[1] != requested
        elif error.code == "idempotency_key_spent":
            assert known is not None
            assert known[0] not in self.database.tables.videos
        elif error.code == "idempotency_key_in_use":
            assert known is not None
            assert not self.database.tables.videos[known[0]].is_uploaded
        elif error.code == "too_many_videos_in_flight":
            assert self.database.used_by(owner).videos_in_flight == MAX_IN_FLIGHT
        else:
            assert isinstance(error, Unavailable | Rejected)

    @precondition(lambda self: self.clients)
    @rule(index=videos, url=videos, what=st.sampled_from(["right", "other", "short", "wrong"]))
    def put(self, index: int, url: int, what: str) -> None:
        """A file is sent on any URL, even an old one, in any state of the video."""
        client = self.client(index)
        if not client.urls:
            return
        presigned = client.urls[-1 - url % len(client.urls)]
        sent = {
            "right": client.content,
            "other": OTHER,
            "short": client.content[:-1],
            "wrong": b"?" * len(client.content),
        }[what]
        request = put_request(presigned, len(client.content))
        answer = self.tried(self.world.gateway.receive(request, chunks_of(sent)))
        assert what != "short" or isinstance(answer, Rejected)

    @precondition(lambda self: self.clients)
    @rule(index=videos, number=st.integers(1, 2), url=videos, what=st.sampled_from(["right", "right", "longer"]))
    def put_part(self, index: int, number: int, url: int, what: str) -> None:
        """A part is sent, possibly again; the URL accepts no other size."""
        client = self.client(index)
        known = client.parts.get(number)
        if known is None:
            return
        start = (number - 1) * MIN_PART_BYTES
        part = client.content[start : start + MIN_PART_BYTES]
        sent = part if what == "right" else part + b"?"
        answer = self.tried(put(self.world, known[-1 - url % len(known)], sent))
        assert answer is None or isinstance(answer, TelecineError)
        assert what == "right" or answer is not None

    @precondition(lambda self: self.clients)
    @rule(index=videos)
    def upload_all(self, index: int) -> None:
        """A client follows the protocol: it requests URLs, sends everything, and reports the upload complete."""
        self.send_all(index)
        self.complete(index)

    def send_all(self, index: int) -> None:
        """Send everything on fresh URLs."""
        client = self.client(index)
        self.sign(index, [1, 2] if len(client.content) > MIN_PART_BYTES else [1])
        self.renew(index)
        self.put(index, 0, "right")
        for number in sorted(client.parts):
            self.put_part(index, number, 0, "right")

    @precondition(lambda self: self.clients)
    @rule(index=videos, numbers=st.sampled_from([[1], [1, 2], [2], [0], [3], [1, 1], []]))
    def sign(self, index: int, numbers: Sequence[int]) -> None:
        """A client requests URLs of parts; of a growing file it may sign more than it sends."""
        client = self.client(index)
        video = self.video(client)
        last = len(client.content) - MIN_PART_BYTES if client.is_growing and 2 in numbers else None
        answer = self.tried(
            self.world.application.uploads.sign_parts(client.owner, client.video_id, numbers, last_part_bytes=last)
        )
        if isinstance(answer, SignedUpload):
            assert video is not None
            assert video.status is VideoStatus.UPLOADING
            client.remember(answer)
        elif video is not None and video.status is VideoStatus.UPLOADING:
            assert answer.code in {"not_multipart", "invalid_part_numbers"}

    @precondition(lambda self: self.clients)
    @rule(index=videos)
    def renew(self, index: int) -> None:
        """A client requests a fresh URL of its single PUT."""
        client = self.client(index)
        video = self.video(client)
        answer = self.tried(self.world.application.uploads.renew(client.owner, client.video_id))
        if isinstance(answer, SignedUpload):
            assert video is not None
            assert video.status is VideoStatus.UPLOADING
            client.remember(answer)
        elif video is not None and video.status is VideoStatus.UPLOADING:
            assert answer.code == "not_single_put"

    @precondition(lambda self: self.clients)
    @rule(index=videos)
    def describe(self, index: int) -> None:
        """A client requests the upload status: missing and received parts together are the whole."""
        client = self.client(index)
        answer = self.tried(self.world.application.uploads.get_status(client.owner, client.video_id))
        if isinstance(answer, UploadProgress) and answer.video.source.is_growing:
            assert answer.received_bytes == sum(answer.parts.values()) <= answer.video.source.size_bytes
        if isinstance(answer, UploadProgress) and answer.video.source.plan is not None:
            plan = answer.video.source.plan
            missing = sum(map(plan.size_of, answer.missing_parts))
            is_open = not answer.video.is_upload_closed
            assert not is_open or answer.received_bytes + missing == answer.video.source.size_bytes

    @precondition(lambda self: self.clients)
    @rule(index=videos)
    def complete(self, index: int) -> None:
        """A client reports its upload complete; an accepted object matches the declaration."""
        client = self.client(index)
        before = self.video(client)
        content = None if before is None else self.world.objects.objects.get(before.source.key)
        answer = self.tried(self.world.application.uploads.complete(client.owner, client.video_id))
        if isinstance(answer, TelecineError):
            assert before is None or before.is_upload_closed or not before.is_uploaded
            return
        assert before is not None
        client.was_accepted = True
        if before.is_uploaded:
            assert answer == before
            return
        assert isinstance(answer, Video)
        assert not answer.source.is_growing
        assert answer.source.size_bytes == len(self.world.objects.objects[answer.source.key])
        if before.source.multipart is None:
            assert content in {client.content, OTHER}
        client.is_other = content == OTHER

    @precondition(lambda self: self.clients)
    @rule(index=videos, how=st.sampled_from(["fail", "cancel", "delete"]))
    def end(self, index: int, how: str) -> None:
        """A client reports that its upload failed, cancels it, or deletes its video."""
        {"fail": self.fail, "cancel": self.cancel, "delete": self.delete}[how](self.client(index))

    def fail(self, client: Client) -> None:
        """Reporting a failure works while the upload is open, and can be repeated."""
        before = self.video(client)
        answer = self.tried(self.world.application.uploads.report_failure(client.owner, client.video_id))
        is_open = before is not None and before.status is VideoStatus.UPLOADING
        assert isinstance(answer, Video) is (is_open or (before is not None and before.is_upload_closed))

    def cancel(self, client: Client) -> None:
        """A successful cancellation closes the upload."""
        if self.tried(self.world.application.uploads.cancel(client.owner, client.video_id)) is None:
            after = self.video(client)
            assert after is not None
            assert after.is_upload_closed

    def delete(self, client: Client) -> None:
        """Deleting works once, in any state."""
        answer = self.tried(self.world.application.delete_video(client.owner, client.video_id))
        assert isinstance(answer, VideoNotFound) is client.is_deleted
        client.is_deleted = True

    @precondition(lambda self: self.failed())
    @rule(index=videos)
    def retry(self, index: int) -> None:
        """A client retries a failed video."""
        failed = self.failed()
        before = failed[index % len(failed)]
        answer = self.tried(self.world.application.retry_video(before.owner, before.id))
        if isinstance(answer, IdempotentResult):
            assert self.database.tables.videos[before.id] == answer.video
            assert (before.status, answer.video.status) == (VideoStatus.FAILED, VideoStatus.UPLOADED)
            assert not before.is_upload_closed

    def failed(self) -> list[Video]:
        """The failed videos, uploaded ones first."""
        known = [video for video in self.database.tables.videos.values() if video.status is VideoStatus.FAILED]
        return sorted(known, key=lambda video: video.is_upload_closed)[:3]

    @precondition(lambda self: self.clients)
    @rule(
        index=videos,
        is_sent=st.booleans(),
        calls=st.lists(st.sampled_from(["complete", "cancel", "fail", "delete", "retry"]), min_size=2),
    )
    def race(self, index: int, calls: list[str], *, is_sent: bool) -> None:
        """Concurrent calls, possibly for a new complete upload; each ends with a result or a TelecineError."""
        if is_sent:
            self.create(USERS[index % len(USERS)], sorted(SHAPES)[index % len(SHAPES)], None)
            self.send_all(0)
        client = self.client(0 if is_sent else index)
        application = self.world.application
        known = {
            "complete": application.uploads.complete,
            "cancel": application.uploads.cancel,
            "fail": application.uploads.report_failure,
            "delete": application.delete_video,
            "retry": application.retry_video,
        }
        answers = self.run(_at_once([known[call](client.owner, client.video_id) for call in calls]))
        assert all(not isinstance(answer, BaseException) or isinstance(answer, TelecineError) for answer in answers)
        completed = [answer for call, answer in zip(calls, answers, strict=True) if call == "complete"]
        client.was_accepted |= any(isinstance(answer, Video) for answer in completed)
        client.is_deleted = client.video_id not in self.database.tables.videos

    @rule(hours=st.sampled_from([0.02, 0.02, 0.5, 2.0, 26.0]))
    def wait(self, hours: float) -> None:
        """Advance the time, and let workers sweep."""
        self.world.clock.advance(hours * 3600)
        assert self.run(self.world.application.sweep_jobs()).errors == ()

    @rule()
    def clean_up(self) -> None:
        """An operator confirms a clean-up; idempotency keys older than a day are deleted."""
        answer = self.tried(self.world.application.clean_up.run_all(is_confirmed=True))
        assert not isinstance(answer, TelecineError) or isinstance(answer, Unavailable)
        kept = self.database.tables.idempotency_keys
        self.made = {used: made for used, made in self.made.items() if used in kept}

    @rule(index=st.integers(0, 9))
    def work(self, index: int) -> None:
        """A worker takes one message."""
        if sent := self.world.queue.sent:
            self.run(self.world.application.run_job(sent.pop(index % len(sent)).id))

    @rule()
    def work_off(self) -> None:
        """Workers take every message."""
        self.run(self.world.run_jobs())

    @rule(turns=st.integers(0, 60), index=st.integers(0, 9))
    def crash(self, index: int, turns: int) -> None:
        """A worker dies in the middle of a job: it writes nothing more, and its lease expires."""
        if sent := self.world.queue.sent:
            self.run(self.crashed(sent.pop(index % len(sent)).id, turns))
            self.world.clock.advance(61)

    @rule()
    def lose_messages(self) -> None:
        """The broker loses every message."""
        self.world.queue.sent.clear()

    @rule(method=st.sampled_from(STORE_METHODS + MULTIPART_METHODS), times=st.integers(1, 3))
    def break_bucket(self, method: str, times: int) -> None:
        """The bucket fails for a while."""
        store = self.world.objects if method in STORE_METHODS else self.world.multipart
        store.fail_next(method, times=times)

    @rule(
        method=st.sampled_from((*TRANSCODER_METHODS, "transcribe")),
        error=st.sampled_from([Rejected("No."), CompressionFailed("No."), Unavailable("Not now.")]),
        times=st.integers(1, 4),
    )
    def break_tool(self, method: str, error: TelecineError, times: int) -> None:
        """The encoder or the transcriber fails for a while."""
        if method == "transcribe":
            self.world.transcriber.fail(error, times=times)
        else:
            self.world.transcoder.fail(method, error, times=times)

    @rule(method=st.sampled_from(["", "probe", "compress", "transcribe", "replaced"]), index=videos)
    def process(self, method: str, index: int) -> None:
        """A new video is uploaded and processed; a tool may fail permanently, or the original is replaced first."""
        self.create(USERS[index % len(USERS)], sorted(SHAPES)[index % len(SHAPES)], None)
        if not self.clients:
            return
        self.upload_all(0)
        if method == "replaced":
            self.put(0, 0, "other")
        elif method:
            self.break_tool(method, Rejected("No."), 1)
        self.work_off()

    @invariant()
    def a_completed_video_can_be_played(self) -> None:
        """Its publication is in the bucket with its full size."""
        for video in self.database.tables.videos.values():
            if video.publication is not None:
                assert len(self.world.objects.objects[video.publication.main.key]) == video.publication.main.size_bytes
            else:
                assert video.status is not VideoStatus.COMPLETED

    @invariant()
    def an_original_is_kept_until_publication(self) -> None:
        """The original is stored until the video is published, unless its client closes the upload."""
        for video in self.database.tables.videos.values():
            if video.is_uploaded and not video.playable and not video.is_upload_closed:
                assert video.source.key in self.world.keys

    @invariant()
    def only_the_accepted_object_is_processed(self) -> None:
        """An object that is sent later on a valid URL is not processed."""
        for client in self.clients:
            video = self.video(client)
            if video is not None and video.media is not None and client.is_other is not None:
                assert video.media.duration_s == (11.0 if client.is_other else 10.0)

    @invariant()
    def the_track_of_an_open_transcription_is_stored(self) -> None:
        """The speech track stays until the transcription is done, also after a failure."""
        for job in self.database.tables.jobs.values():
            if isinstance(job.payload, TranscribePayload) and job.state is not JobState.DONE:
                assert job.payload.audio_key in self.world.keys

    @invariant()
    def a_closed_upload_has_only_erase_jobs(self) -> None:
        """The jobs that remain erase its objects."""
        for job in self.database.tables.jobs.values():
            video = self.database.tables.videos.get(job.video_id)
            is_gone = video is None or video.is_upload_closed
            assert not is_gone or job.kind is JobKind.ERASE

    @invariant()
    def usage_is_the_sum_of_the_videos(self) -> None:
        """The counters never drift from the videos."""
        for owner in USERS:
            usage = self.database.tables.usage.get(owner, Usage())
            assert usage == self.database.used_by(owner)

    @invariant()
    def a_user_sees_only_their_own_videos(self) -> None:
        """A list shows all videos of the user and no others; another user's video is not found."""
        tables = self.database.tables
        for owner in USERS:
            page = self.run(self.world.application.list_videos(owner, limit=100))
            assert {video.id for video in page.videos} == {
                video.id for video in tables.videos.values() if video.owner == owner
            }
        for client in self.clients:
            (other,) = set(USERS) - {client.owner}
            assert isinstance(self.tried(self.world.application.get_video(other, client.video_id)), VideoNotFound)

    @invariant()
    def a_key_stands_for_one_video(self) -> None:
        """A stored key refers to the same video throughout."""
        known = self.database.tables.idempotency_keys
        assert {used: known[used].video_id for used in self.made} == {
            used: video_id for used, (video_id, _) in self.made.items()
        }

    async def crashed(self, job_id: JobId, turns: int) -> None:
        """Run the job for a few turns of the event loop, then cut its database and cancel it."""
        attempt = asyncio.create_task(self.world.application.run_job(job_id))
        for _ in range(turns):
            await asyncio.sleep(0)
        self.database.is_down = True
        attempt.cancel()
        await asyncio.gather(attempt, return_exceptions=True)
        self.database.is_down = False

    def teardown(self) -> None:
        """Clear every fault, run all work to completion, and check the final state."""
        try:
            self.clear_faults()
            self.run_to_completion(rounds=10)
            self.run(self.world.application.clean_up.expire_uploads())
            self.run_to_completion(rounds=3)
            self.check_final_state()
        finally:
            self.run(self.stack.aclose())
            self.loop.close()
            self.folder.cleanup()

    def clear_faults(self) -> None:
        """Remove every injected fault."""
        self.world.objects._planned_errors.clear()
        self.world.multipart._planned_errors.clear()
        self.world.transcoder._errors.clear()
        self.world.transcriber.fail(Rejected("No."), times=0)

    def run_to_completion(self, *, rounds: int) -> None:
        """Advance by more than a day per round, so that every waiting job is due, and run the jobs."""
        for _ in range(rounds):
            self.world.clock.advance(26 * 3600)
            assert self.run(self.world.application.sweep_jobs()).errors == ()
            self.run(self.world.run_jobs())

    def check_final_state(self) -> None:
        """Check that every job has ended, and that the bucket has exactly the objects that videos need."""
        tables = self.database.tables
        for video in tables.videos.values():
            assert video.status.is_terminal
            assert (video.id in tables.transcripts) or video.status is VideoStatus.FAILED
        for client in self.clients:
            assert client.is_deleted or not client.was_accepted or tables.videos[client.video_id].is_uploaded
        assert all(job.state in {JobState.DONE, JobState.DEAD} for job in tables.jobs.values())
        assert self.world.keys == {key for video in tables.videos.values() for key in self.needed_of(video)}
        assert self.run(self.world.application.clean_up.find_orphans()).keys == ()
        # No client knows a video whose request failed: only the clean-up finds its multipart upload.
        unfinished = {video_id_of(upload.key) for upload in self.world.multipart.uploads.values()}
        assert not unfinished & {client.video_id for client in self.clients}
        self.run(self.world.application.clean_up.run_all(is_confirmed=True))
        assert self.world.multipart.uploads == {}
        assert tables.usage.keys() <= set(USERS)
        assert not self.database.tables.idempotency_keys

    def needed_of(self, video: Video) -> set[ObjectKey]:
        """Return the keys that must be in the bucket for a video without running jobs."""
        jobs = [job for job in self.database.tables.jobs.values() if job.video_id == video.id]
        keys = {video.source.key, *retained_keys(video, jobs)}
        return {key for key in keys if is_needed(key, video, jobs)}


async def _at_once(calls: list[Coroutine[Any, Any, object]]) -> list[object]:
    return await asyncio.gather(*calls, return_exceptions=True)


async def _broken_off(content: bytes) -> AsyncIterator[bytes]:
    """Yield the first half of the content, and then raise HungUp."""
    async for chunk in chunks_of(content[: len(content) // 2]):
        yield chunk
    raise HungUp


TestUploadProtocol = UploadProtocol.TestCase
TestUploadProtocol.settings = settings(
    max_examples=EXAMPLES,
    stateful_step_count=40,
    deadline=None,
    derandomize=not IS_LONG,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
)
