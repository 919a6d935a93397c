"""Wires the processing of a video."""

from domain.model.media.acceptance import MediaPolicy
from domain.model.media.compression_profile import CompressionProfile
from domain.model.uploads.original_policy import OriginalChoice
from domain.use_cases.jobs.factory import JobFactory
from domain.use_cases.media.compress_source import CompressSource
from domain.use_cases.media.generate_thumbnails import GenerateThumbnails
from domain.use_cases.media.make_poster import MakePoster
from domain.use_cases.media.make_rendition import MakeRendition
from domain.use_cases.media.process_video import ProcessVideo
from domain.use_cases.media.publish_video import PublishVideo
from domain.use_cases.transcripts.prepare_transcription import PrepareTranscription
from entrypoints.bootstrap.adapters import Adapters


def process_video(
    adapters: Adapters,
    *,
    profile: CompressionProfile,
    policy: MediaPolicy,
    original: OriginalChoice,
    prepare: PrepareTranscription,
) -> ProcessVideo:
    """Wire the handler that compresses and publishes a video."""
    objects, transcoder, clock = adapters.objects, adapters.transcoder, adapters.clock
    jobs, dispatch, progress = prepare.jobs, prepare.dispatch, prepare.progress
    return ProcessVideo(
        objects=objects,
        transcoder=transcoder,
        workspace=adapters.workspace,
        clock=clock,
        jobs=jobs,
        progress=progress,
        policy=policy,
        compress=CompressSource(
            make_rendition=MakeRendition(transcoder=transcoder, profile=profile), clock=clock, progress=progress
        ),
        prepare_transcription=prepare,
        publish=PublishVideo(
            database=adapters.database,
            objects=objects,
            clock=clock,
            jobs=jobs,
            dispatch=dispatch,
            progress=progress,
            thumbnails=GenerateThumbnails(transcoder=transcoder, clock=clock, progress=progress),
            original=original,
        ),
    )


def make_poster(adapters: Adapters, *, jobs: JobFactory, old_stays_s: float) -> MakePoster:
    """Wire the handler that makes the poster which an owner has chosen."""
    return MakePoster(
        database=adapters.database,
        objects=adapters.objects,
        transcoder=adapters.transcoder,
        workspace=adapters.workspace,
        clock=adapters.clock,
        jobs=jobs,
        old_stays_s=old_stays_s,
    )
