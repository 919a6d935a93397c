"""A complete application over fakes, with the steps that tests share."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from time import monotonic

from adapters.fakes.bucket_gateway import InMemoryBucketGateway
from adapters.fakes.clock import FakeClock
from adapters.fakes.database import InMemoryDatabase
from adapters.fakes.event_bus import InMemoryEventBus
from adapters.fakes.id_generator import SequentialIdGenerator
from adapters.fakes.job_queue import RecordingJobQueue
from adapters.fakes.multipart_store import InMemoryMultipartStore
from adapters.fakes.object_store import InMemoryObjectStore
from adapters.fakes.rate_limiter import InMemoryRateLimiter
from adapters.fakes.token_authority import FakeTokenAuthority
from adapters.fakes.transcoder import FakeTranscoder, fake_video_bytes
from adapters.fakes.transcriber import FakeTranscriber
from adapters.fakes.video_importer import FakeVideoImporter
from adapters.fakes.webhook_secrets import FakeWebhookSecrets
from adapters.fakes.webhook_sender import FakeWebhookSender
from adapters.fakes.workspace import FakeWorkspace
from domain.model.ids import JobId, UserId, VideoId
from domain.model.jobs.job import Job
from domain.model.jobs.payloads import JobKind
from domain.model.object_key import ObjectKey
from domain.model.uploads.policy import UploadDeclaration
from domain.model.videos.video import Video
from domain.ports.clock import Clock
from domain.use_cases.jobs.run_job import JobOutcome
from entrypoints.application import Application
from entrypoints.bootstrap.adapters import Adapters
from entrypoints.bootstrap.use_cases.wire import wire
from entrypoints.config.settings import Settings
from tests.support.event_order import assert_events_are_complete

ADA = UserId("ada")


@dataclass(frozen=True)
class World:
    """Every fake, and the application wired over them."""

    clock: FakeClock
    database: InMemoryDatabase
    objects: InMemoryObjectStore
    multipart: InMemoryMultipartStore
    gateway: InMemoryBucketGateway
    queue: RecordingJobQueue
    bus: InMemoryEventBus
    transcoder: FakeTranscoder
    transcriber: FakeTranscriber
    importer: FakeVideoImporter
    tokens: FakeTokenAuthority
    workspace: FakeWorkspace
    sender: FakeWebhookSender
    adapters: Adapters
    application: Application

    def without_transcriber(self) -> Application:
        """Wire the same adapters without a transcriber, as after the operator removed it from the settings."""
        return wire(replace(self.adapters, transcriber=None), Settings())

    async def request_upload(
        self,
        content: bytes,
        *,
        owner: UserId = ADA,
        filename: str = "clip.mp4",
        original: str | None = None,
        keep_days: int | None = None,
    ) -> Video:
        """Request an upload of this content."""
        declared = UploadDeclaration(filename, len(content), "", original=original, keep_days=keep_days)
        return (await self.application.uploads.request(owner, declared)).signed.video

    async def upload(
        self,
        content: bytes | None = None,
        *,
        owner: UserId = ADA,
        filename: str = "clip.mp4",
        original: str | None = None,
        keep_days: int | None = None,
    ) -> Video:
        """Upload content and report the upload complete."""
        content = fake_video_bytes() if content is None else content
        video = await self.request_upload(
            content, owner=owner, filename=filename, original=original, keep_days=keep_days
        )
        self.objects.objects[video.source.key] = content
        return await self.application.uploads.complete(owner, video.id)

    async def run_jobs(self) -> list[JobOutcome]:
        """Run the jobs in the queue, and the jobs they send, until the queue is empty."""
        outcomes: list[JobOutcome] = []
        while self.queue.sent:
            outcomes.append(await self.application.run_job(self.queue.sent.pop(0).id))
        return outcomes

    async def upload_and_process(
        self,
        content: bytes | None = None,
        *,
        filename: str = "clip.mp4",
        original: str | None = None,
        keep_days: int | None = None,
    ) -> Video:
        """Upload content and run all its jobs."""
        video = await self.upload(content, filename=filename, original=original, keep_days=keep_days)
        await self.run_jobs()
        return await self.video(video.id)

    async def advance(self, delay_s: float) -> None:
        """Advance the clock, and give the tasks that wake up a chance to run."""
        self.clock.advance(delay_s)
        for _ in range(100):
            await asyncio.sleep(0)

    async def video(self, video_id: VideoId) -> Video:
        """Read the current state of the video."""
        async with self.database.read() as work:
            return await work.videos.get(video_id)

    async def jobs(self, video_id: VideoId, kind: JobKind) -> list[Job]:
        """Read the video's jobs of this kind."""
        async with self.database.read() as work:
            return [job for job in await work.jobs.of_video(video_id) if job.kind is kind]

    async def job(self, job_id: JobId) -> Job:
        """Read the current state of the job."""
        async with self.database.read() as work:
            return await work.jobs.get(job_id)

    @property
    def keys(self) -> set[ObjectKey]:
        """The keys of the objects in the bucket."""
        return set(self.objects.objects)


MAX_WAIT_S = 60.0


@asynccontextmanager
async def open_world(
    folder: Path,
    *,
    settings: Settings | None = None,
    has_transcriber: bool = True,
    make_database: Callable[[Clock], InMemoryDatabase] = InMemoryDatabase,
) -> AsyncGenerator[World]:
    """Open a new world; at its end, assert that no job folder is left, and that the events tell every change."""
    settings = settings or Settings()
    clock = FakeClock()
    bus = InMemoryEventBus()
    database, objects, queue = make_database(clock), InMemoryObjectStore(clock), RecordingJobQueue()
    database._bus = bus
    transcoder, transcriber, tokens = FakeTranscoder(), FakeTranscriber(), FakeTokenAuthority(clock)
    importer, sender = FakeVideoImporter(), FakeWebhookSender()
    workspace = FakeWorkspace(folder / "work")
    (folder / "served").mkdir()
    multipart = InMemoryMultipartStore(objects, clock)
    gateway = InMemoryBucketGateway(objects, folder / "served", multipart)
    adapters = Adapters(
        database=database,
        objects=objects,
        multipart=multipart,
        bucket_gateway=gateway,
        playback_signer=objects,
        queue=queue,
        bus=bus,
        transcoder=transcoder,
        transcriber=transcriber if has_transcriber else None,
        importer=importer,
        workspace=workspace,
        clock=clock,
        ids=SequentialIdGenerator(),
        tokens=tokens,
        rate_limits=InMemoryRateLimiter(clock),
        url_secret=b"secret of the bucket",
        webhook_sender=sender,
        webhook_secrets=FakeWebhookSecrets(),
    )
    application = wire(adapters, settings)
    yield World(
        clock,
        database,
        objects,
        multipart,
        gateway,
        queue,
        bus,
        transcoder,
        transcriber,
        importer,
        tokens,
        workspace,
        sender,
        adapters,
        application,
    )
    assert not list((folder / "work").glob("*"))
    assert_events_are_complete(database.tables)


async def until(condition: Callable[[], bool], *, after_each_check: Callable[[], object] = lambda: None) -> None:
    """Let the other tasks run until the condition holds; fail after MAX_WAIT_S seconds.

    The limit is in seconds, not in turns of the event loop, because work in threads is slow on a busy machine.
    """
    deadline = monotonic() + MAX_WAIT_S
    while not condition():
        assert monotonic() < deadline, f"The condition did not hold within {MAX_WAIT_S} s"
        after_each_check()
        await asyncio.sleep(0)
