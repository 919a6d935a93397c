from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.caption_state import CaptionState
from ..models.publication_kind import PublicationKind
from ..models.video_status import VideoStatus

if TYPE_CHECKING:
    from ..models.failure_view import FailureView
    from ..models.media_view import MediaView
    from ..models.original_view import OriginalView
    from ..models.stage_view import StageView
    from ..models.video_response_metadata import VideoResponseMetadata
    from ..models.warning_view import WarningView


T = TypeVar("T", bound="VideoResponse")


@_attrs_define
class VideoResponse:
    """A video with its source and its rendition.

    Attributes:
        captions (CaptionState): The captions that a video has now: none, generated ones, or its owner's own.
        content_type (str): The media type of the source.
        created_at (datetime.datetime): When the video was created.
        duration_s (float | None): The duration in seconds; null until it was measured.
        external_id (None | str): The id that the video has in another system.
        failure (FailureView | None): Why the video failed; null unless its status is `failed`.
        filename (str): The name of the file, as the client declared it.
        media (MediaView | None): The properties of the source; null until they were measured.
        metadata (VideoResponseMetadata): The JSON object that was stored with the video.
        original (None | OriginalView): What became of the original; null until the video is playable.
        original_kept (bool): Whether the original is kept: beside the rendition, or as the file that is played.
        playable (bool): Whether the rendition, or the kept original, can be played.
        playback_url (None | str): Signed URL of the file that is played, for the time that `GET …/playback` states;
            null until the video is playable.
        poster_url (None | str): Signed URL of the poster; null if there is none (yet).
        r2_key (str): The key of the source in the bucket.
        rendition_kind (None | PublicationKind): The file that is played: re-encoded, remuxed into another container, or
            the original; null until the video is playable.
        rendition_size_bytes (int | None): The size of the file that is played; null until the video is playable.
        size_bytes (int): The size of the source; 0 while it is unknown.
        stages (list[StageView]): All stages, in the order of processing.
        status (VideoStatus): The status that clients see; stages, failure and warnings give the details.
        title (str): The title that was chosen, or else the name of the file.
        updated_at (datetime.datetime): When the video was last changed; it changes while work continues.
        video_id (str): The video's id.
        warnings (list[WarningView]): Problems that did not make the video fail.
    """

    captions: CaptionState
    content_type: str
    created_at: datetime.datetime
    duration_s: float | None
    external_id: None | str
    failure: FailureView | None
    filename: str
    media: MediaView | None
    metadata: VideoResponseMetadata
    original: None | OriginalView
    original_kept: bool
    playable: bool
    playback_url: None | str
    poster_url: None | str
    r2_key: str
    rendition_kind: None | PublicationKind
    rendition_size_bytes: int | None
    size_bytes: int
    stages: list[StageView]
    status: VideoStatus
    title: str
    updated_at: datetime.datetime
    video_id: str
    warnings: list[WarningView]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.failure_view import FailureView  # noqa: PLC0415
        from ..models.media_view import MediaView  # noqa: PLC0415
        from ..models.original_view import OriginalView  # noqa: PLC0415

        captions = self.captions.value

        content_type = self.content_type

        created_at = self.created_at.isoformat()

        duration_s: float | None
        duration_s = self.duration_s

        external_id: None | str
        external_id = self.external_id

        failure: dict[str, Any] | None
        if isinstance(self.failure, FailureView):
            failure = self.failure.to_dict()
        else:
            failure = self.failure

        filename = self.filename

        media: dict[str, Any] | None
        if isinstance(self.media, MediaView):
            media = self.media.to_dict()
        else:
            media = self.media

        metadata = self.metadata.to_dict()

        original: dict[str, Any] | None
        if isinstance(self.original, OriginalView):
            original = self.original.to_dict()
        else:
            original = self.original

        original_kept = self.original_kept

        playable = self.playable

        playback_url: None | str
        playback_url = self.playback_url

        poster_url: None | str
        poster_url = self.poster_url

        r2_key = self.r2_key

        rendition_kind: None | str
        if isinstance(self.rendition_kind, PublicationKind):
            rendition_kind = self.rendition_kind.value
        else:
            rendition_kind = self.rendition_kind

        rendition_size_bytes: int | None
        rendition_size_bytes = self.rendition_size_bytes

        size_bytes = self.size_bytes

        stages = []
        for stages_item_data in self.stages:
            stages_item = stages_item_data.to_dict()
            stages.append(stages_item)

        status = self.status.value

        title = self.title

        updated_at = self.updated_at.isoformat()

        video_id = self.video_id

        warnings = []
        for warnings_item_data in self.warnings:
            warnings_item = warnings_item_data.to_dict()
            warnings.append(warnings_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "captions": captions,
                "content_type": content_type,
                "created_at": created_at,
                "duration_s": duration_s,
                "external_id": external_id,
                "failure": failure,
                "filename": filename,
                "media": media,
                "metadata": metadata,
                "original": original,
                "original_kept": original_kept,
                "playable": playable,
                "playback_url": playback_url,
                "poster_url": poster_url,
                "r2_key": r2_key,
                "rendition_kind": rendition_kind,
                "rendition_size_bytes": rendition_size_bytes,
                "size_bytes": size_bytes,
                "stages": stages,
                "status": status,
                "title": title,
                "updated_at": updated_at,
                "video_id": video_id,
                "warnings": warnings,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.failure_view import FailureView  # noqa: PLC0415
        from ..models.media_view import MediaView  # noqa: PLC0415
        from ..models.original_view import OriginalView  # noqa: PLC0415
        from ..models.stage_view import StageView  # noqa: PLC0415
        from ..models.video_response_metadata import VideoResponseMetadata  # noqa: PLC0415
        from ..models.warning_view import WarningView  # noqa: PLC0415

        d = dict(src_dict)
        captions = CaptionState(d.pop("captions"))

        content_type = d.pop("content_type")

        created_at = datetime.datetime.fromisoformat(d.pop("created_at"))

        def _parse_duration_s(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        duration_s = _parse_duration_s(d.pop("duration_s"))

        def _parse_external_id(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        external_id = _parse_external_id(d.pop("external_id"))

        def _parse_failure(data: object) -> FailureView | None:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                failure_type_0 = FailureView.from_dict(data)

                return failure_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(FailureView | None, data)

        failure = _parse_failure(d.pop("failure"))

        filename = d.pop("filename")

        def _parse_media(data: object) -> MediaView | None:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                media_type_0 = MediaView.from_dict(data)

                return media_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(MediaView | None, data)

        media = _parse_media(d.pop("media"))

        metadata = VideoResponseMetadata.from_dict(d.pop("metadata"))

        def _parse_original(data: object) -> None | OriginalView:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                original_type_0 = OriginalView.from_dict(data)

                return original_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | OriginalView, data)

        original = _parse_original(d.pop("original"))

        original_kept = d.pop("original_kept")

        playable = d.pop("playable")

        def _parse_playback_url(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        playback_url = _parse_playback_url(d.pop("playback_url"))

        def _parse_poster_url(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        poster_url = _parse_poster_url(d.pop("poster_url"))

        r2_key = d.pop("r2_key")

        def _parse_rendition_kind(data: object) -> None | PublicationKind:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                rendition_kind_type_0 = PublicationKind(data)

                return rendition_kind_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | PublicationKind, data)

        rendition_kind = _parse_rendition_kind(d.pop("rendition_kind"))

        def _parse_rendition_size_bytes(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        rendition_size_bytes = _parse_rendition_size_bytes(d.pop("rendition_size_bytes"))

        size_bytes = d.pop("size_bytes")

        stages = []
        _stages = d.pop("stages")
        for stages_item_data in _stages:
            stages_item = StageView.from_dict(stages_item_data)

            stages.append(stages_item)

        status = VideoStatus(d.pop("status"))

        title = d.pop("title")

        updated_at = datetime.datetime.fromisoformat(d.pop("updated_at"))

        video_id = d.pop("video_id")

        warnings = []
        _warnings = d.pop("warnings")
        for warnings_item_data in _warnings:
            warnings_item = WarningView.from_dict(warnings_item_data)

            warnings.append(warnings_item)

        video_response = cls(
            captions=captions,
            content_type=content_type,
            created_at=created_at,
            duration_s=duration_s,
            external_id=external_id,
            failure=failure,
            filename=filename,
            media=media,
            metadata=metadata,
            original=original,
            original_kept=original_kept,
            playable=playable,
            playback_url=playback_url,
            poster_url=poster_url,
            r2_key=r2_key,
            rendition_kind=rendition_kind,
            rendition_size_bytes=rendition_size_bytes,
            size_bytes=size_bytes,
            stages=stages,
            status=status,
            title=title,
            updated_at=updated_at,
            video_id=video_id,
            warnings=warnings,
        )

        video_response.additional_properties = d
        return video_response

    @property
    def additional_keys(self) -> list[str]:
        return list(self.additional_properties.keys())

    def __getitem__(self, key: str) -> Any:
        return self.additional_properties[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self.additional_properties[key] = value

    def __delitem__(self, key: str) -> None:
        del self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties
