"""Builders of domain objects: keyword arguments with sensible defaults. All times are aware, in UTC."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TypedDict, Unpack

from domain.model.access.idempotency import IdempotencyKey
from domain.model.failure import Failure, FailureCode, VideoWarning, WarningCode
from domain.model.ids import JobId, UserId, VideoId
from domain.model.jobs.job import Job, JobState, NewJob
from domain.model.jobs.payloads import JobPayload, ProcessPayload
from domain.model.media.acceptance import MediaPolicy
from domain.model.media.compression_profile import CompressionProfile
from domain.model.media.media_info import AudioTrack, MediaInfo, VideoTrack
from domain.model.media.packet_survey import PacketSurvey
from domain.model.media.storyboard import StoryboardSheet
from domain.model.object_key import DerivedKeys, ObjectKey, source_key
from domain.model.stage import Stage, StageName, StageState
from domain.model.transcripts.cues import Cue
from domain.model.transcripts.speech_intervals import AudioSpan, Interval
from domain.model.transcripts.transcript import ChunkTranscript, Segment, Transcript
from domain.model.uploads.labels import Labels
from domain.model.uploads.multipart import MultipartUpload
from domain.model.uploads.original_policy import OriginalChoice
from domain.model.uploads.policy import UploadDeclaration, UploadPolicy
from domain.model.videos.lifecycle import VideoStatus
from domain.model.videos.source import KeptOriginal, KeptReason, Publication, PublicationKind, Rendition, Source
from domain.model.videos.video import Video

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
ETAG = '"9b2cf535f27731c974343645a3985328"'
OWNER = UserId("auth0|ada")


def a_uuid(number: int) -> str:
    """The text of a version 4 UUID that holds this number."""
    return f"00000000-0000-4000-8000-{number:012x}"


VIDEO_ID = VideoId(a_uuid(1))
JOB_ID = JobId(a_uuid(2))


class VideoFields(TypedDict, total=False):
    """Fields of a video, other than its source and status, that a test can set."""

    id: VideoId
    owner: UserId
    stages: tuple[Stage, ...]
    created_at: datetime
    updated_at: datetime
    upload_expires_at: datetime
    media: MediaInfo | None
    publication: Publication | None
    failure: Failure | None
    warnings: tuple[VideoWarning, ...]
    original_choice: OriginalChoice | None
    labels: Labels


class JobFields(TypedDict, total=False):
    """Fields of a job that a test can set."""

    id: JobId
    video_id: VideoId
    payload: JobPayload
    max_attempts: int
    run_after: datetime
    state: JobState
    attempt: int
    fence: int
    lease_until: datetime | None
    sent_at: datetime | None
    last_error: str | None


class NewJobFields(TypedDict, total=False):
    """Fields of a job not yet in the outbox that a test can set."""

    id: JobId
    video_id: VideoId
    payload: JobPayload
    max_attempts: int
    delay_s: float


class MediaFields(TypedDict, total=False):
    """Fields of a file's media information that a test can set."""

    container: str
    duration_s: float
    width: int
    height: int
    frame_rate: float
    video_codec: str | None
    audio_codec: str | None
    stream_count: int
    size_bytes: int
    picture: VideoTrack
    sound: AudioTrack
    lost_sound: str | None
    unused_sounds: tuple[int, ...]
    packets: PacketSurvey | None


def an_upload_declaration(
    *, filename: str = "holiday.mp4", size_bytes: int = 1_000_000, content_type: str = "video/mp4"
) -> UploadDeclaration:
    """A valid declaration of an MP4 file."""
    return UploadDeclaration(filename, size_bytes, content_type)


def a_policy(*, max_size_bytes: int = 10 * 1024**3) -> UploadPolicy:
    """An upload policy with the default limits."""
    return UploadPolicy(max_size_bytes)


def a_source(
    *,
    key: ObjectKey | None = None,
    filename: str = "holiday.mp4",
    content_type: str = "video/mp4",
    size_bytes: int = 1_000_000,
    etag: str | None = None,
    multipart: MultipartUpload | None = None,
    is_growing: bool = False,
) -> Source:
    """A source as declared; a source with an ETag has been found in the bucket."""
    return Source(
        key or source_key(OWNER, VIDEO_ID, ".mp4"),
        filename,
        content_type,
        size_bytes,
        etag,
        multipart,
        is_growing=is_growing,
    )


def a_publication(
    *,
    key: ObjectKey | None = None,
    content_type: str = "video/mp4",
    size_bytes: int = 200_000,
    kind: PublicationKind = PublicationKind.ENCODED,
    poster_key: ObjectKey | None = None,
    storyboard: StoryboardSheet | None = None,
) -> Publication:
    """One rendition without a poster, and without a storyboard unless its sheet is given."""
    keys = DerivedKeys(OWNER, VIDEO_ID, fence=1)
    return Publication(
        renditions=(Rendition(key or keys.rendition, content_type, size_bytes, kind),),
        poster_key=poster_key,
        storyboard_key=None if storyboard is None else keys.storyboard,
        storyboard=storyboard,
    )


def with_kept_original(
    publication: Publication, *, size_bytes: int = 1_000_000, keep_until: datetime | None = None
) -> Publication:
    """The publication with an original that was requested to be kept."""
    key = DerivedKeys(OWNER, VIDEO_ID, fence=1).original(".mov")
    kept = KeptOriginal(key, "video/quicktime", size_bytes, KeptReason.REQUESTED, keep_until)
    return replace(publication, original=kept)


def with_second_rendition(publication: Publication, *, size_bytes: int) -> Publication:
    """The publication with one more rendition, after its main one."""
    key = ObjectKey(publication.main.key.replace("rendition", "rendition2"))
    second = Rendition(key, "video/mp4", size_bytes, PublicationKind.ENCODED)
    return replace(publication, renditions=(*publication.renditions, second))


def a_failure(
    *,
    stage: StageName = StageName.PROBE,
    code: FailureCode = FailureCode.NOT_A_VIDEO,
    message: str = "This is not a video.",
) -> Failure:
    """A failure of the probe stage."""
    return Failure(stage, code, message)


def a_warning(
    *, code: WarningCode = WarningCode.POSTER_FAILED, message: str = "No poster could be made."
) -> VideoWarning:
    """A warning that the poster is missing."""
    return VideoWarning(code, message)


def a_media_info(**fields: Unpack[MediaFields]) -> MediaInfo:
    """Ten seconds of 1080p H.264 with AAC sound, unless overridden."""
    media = MediaInfo(
        container="mov,mp4,m4a,3gp,3g2,mj2",
        duration_s=10.0,
        width=1920,
        height=1080,
        frame_rate=30.0,
        video_codec="h264",
        audio_codec="aac",
        stream_count=2,
        size_bytes=1_000_000,
    )
    return replace(media, **fields)


def a_media_policy(*, max_duration_s: float = 4 * 3600.0) -> MediaPolicy:
    """A media policy with the default limits."""
    return MediaPolicy(max_duration_s)


def a_profile(
    *,
    crf: int = 26,
    max_height: int = 720,
    max_frame_rate: float = 30.0,
    preset: str = "veryfast",
    audio_bitrate_kbps: int = 96,
) -> CompressionProfile:
    """A common rendition: 720p, 30 frames a second."""
    return CompressionProfile(crf, max_height, max_frame_rate, preset, audio_bitrate_kbps)


def a_video(
    *, source: Source | None = None, status: VideoStatus = VideoStatus.UPLOADING, **fields: Unpack[VideoFields]
) -> Video:
    """A video that reached this status by the usual transitions; the given fields are then replaced."""
    video_id, owner = fields.get("id", VIDEO_ID), fields.get("owner", OWNER)
    granted = Video.granted(
        video_id=video_id,
        owner=owner,
        source=source or a_source(key=source_key(owner, video_id, ".mp4")),
        now=NOW,
        upload_expires_at=NOW + timedelta(hours=1),
    )
    return replace(_advanced_to(status, granted), **fields)


def _advanced_to(status: VideoStatus, granted: Video) -> Video:
    if status is VideoStatus.UPLOADING:
        return granted
    uploaded = granted.uploaded(etag=granted.source.etag or ETAG, now=NOW)
    if status is VideoStatus.UPLOADED:
        return uploaded
    processing = uploaded.processing_started(now=NOW)
    if status is VideoStatus.FAILED:
        return processing.processing_failed(a_failure(), now=NOW)
    return _completed(processing) if status is VideoStatus.COMPLETED else processing


def _completed(processing: Video) -> Video:
    video = processing.probed(a_media_info(), now=NOW)
    for name in (StageName.DOWNLOAD, StageName.PROBE, StageName.COMPRESS, StageName.TRANSCRIBE):
        video = video.stage_started(name, attempt=1, now=NOW).with_stage(name, StageState.DONE, now=NOW)
    rendition = DerivedKeys(video.owner, video.id, fence=1).rendition
    return video.published(a_publication(key=rendition), now=NOW).settled(now=NOW)


def an_idempotency_key(
    *,
    owner: UserId = OWNER,
    key: str = "again-1",
    fingerprint: str = "f" * 64,
    video_id: VideoId = VIDEO_ID,
    created_at: datetime = NOW,
) -> IdempotencyKey:
    """A key that refers to the default video, unless overridden."""
    return IdempotencyKey(owner, key, fingerprint, video_id, created_at)


def a_new_job(**fields: Unpack[NewJobFields]) -> NewJob:
    """A new job that processes the default video without delay, unless overridden."""
    return replace(NewJob(JOB_ID, VIDEO_ID, ProcessPayload(), max_attempts=3), **fields)


def a_job(**fields: Unpack[JobFields]) -> Job:
    """A queued job that is due and has never run, unless overridden."""
    return replace(Job(JOB_ID, VIDEO_ID, ProcessPayload(), max_attempts=3, run_after=NOW), **fields)


def a_span(start_s: float = 0.0, end_s: float = 10.0, *, speech: tuple[Interval, ...] | None = None) -> AudioSpan:
    """A chunk of audio that is speech from start to end, unless overridden."""
    return AudioSpan(start_s, end_s, (Interval(start_s, end_s),) if speech is None else speech)


def a_segment(start_s: float = 0.0, end_s: float = 2.0, text: str = "Hello there.") -> Segment:
    """A transcribed segment: text with its times."""
    return Segment(start_s, end_s, text)


def a_chunk(
    text: str = "Hello there.", *, segments: tuple[Segment, ...] = (), language: str | None = "en"
) -> ChunkTranscript:
    """The result of one chunk from a transcriber that reports no times, unless segments are given."""
    return ChunkTranscript(text, segments, language)


def a_cue(start_s: float = 0.0, end_s: float = 2.0, text: str = "Hello there.") -> Cue:
    """One caption cue."""
    return Cue(start_s, end_s, text)


def a_transcript(
    *,
    video_id: VideoId = VIDEO_ID,
    language: str | None = "en",
    text: str = "Hello there.",
    cues: tuple[Cue, ...] | None = None,
) -> Transcript:
    """A transcript of one cue, unless overridden."""
    return Transcript(video_id, language, text, (a_cue(text=text),) if cues is None else cues)
