"""The row of a video."""

from typing import Any

from sqlalchemy import RowMapping

from adapters.sql.publication_column import with_original
from domain.model.transcripts.hints import NO_HINTS
from domain.model.uploads.labels import Labels
from domain.model.uploads.multipart import MultipartUpload
from domain.model.videos.lifecycle import VideoStatus
from domain.model.videos.source import Source
from domain.model.videos.titles import title_key
from domain.model.videos.video import CaptionState, Video


def row_of(video: Video) -> dict[str, Any]:
    """The columns of a video; `captions` is not one of them, because triggers keep it."""
    multipart = video.source.multipart
    original = None if video.publication is None else video.publication.original
    return {
        "id": video.id,
        "owner": video.owner,
        "status": video.status.value,
        "source_key": video.source.key,
        "filename": video.source.filename,
        "content_type": video.source.content_type,
        "size_bytes": video.source.size_bytes,
        "etag": video.source.etag,
        "upload_id": None if multipart is None else multipart.upload_id,
        "part_bytes": None if multipart is None else multipart.part_bytes,
        "youtube_id": video.source.youtube_id,
        "is_growing": video.source.is_growing,
        "speech_hints": None if video.speech_hints == NO_HINTS else video.speech_hints,
        "stages": video.stages,
        "media": video.media,
        "publication": video.publication,
        "original_choice": video.original_choice,
        "kept_original": original,
        "original_kept_until": None if original is None else original.keep_until,
        "failure": video.failure,
        "warnings": video.warnings,
        "created_at": video.created_at,
        "updated_at": video.updated_at,
        "upload_expires_at": video.upload_expires_at,
        "event_seq": video.event_seq,
        "title": video.labels.title,
        "title_key": title_key(video.title),
        "external_id": video.labels.external_id,
        "metadata": video.labels.metadata,
    }


def video_of(row: RowMapping) -> Video:
    """The video in a row."""
    return Video(
        id=row["id"],
        owner=row["owner"],
        source=Source(
            key=row["source_key"],
            filename=row["filename"],
            content_type=row["content_type"],
            size_bytes=row["size_bytes"],
            etag=row["etag"],
            multipart=None if row["upload_id"] is None else MultipartUpload(row["upload_id"], row["part_bytes"]),
            youtube_id=row["youtube_id"],
            is_growing=row["is_growing"],
        ),
        status=VideoStatus(row["status"]),
        stages=row["stages"],
        created_at=row["created_at"],
        updated_at=row["updated_at"],
        upload_expires_at=row["upload_expires_at"],
        media=row["media"],
        publication=with_original(row["publication"], row["kept_original"]),
        failure=row["failure"],
        warnings=row["warnings"],
        speech_hints=row["speech_hints"] or NO_HINTS,
        original_choice=row["original_choice"],
        labels=Labels(row["title"], row["external_id"], row["metadata"]),
        captions=CaptionState(row["captions"]),
        event_seq=row["event_seq"],
    )
