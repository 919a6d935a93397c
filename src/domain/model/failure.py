"""Failures and warnings: why a video failed, and what a client should know about a video that did not."""

from dataclasses import dataclass
from enum import StrEnum

from domain.model.stage import StageName


class FailureCode(StrEnum):
    """The closed list of reasons in `failure.code`."""

    UPLOAD_FAILED = "upload_failed"
    UPLOAD_CANCELLED = "upload_cancelled"
    UPLOAD_EXPIRED = "upload_expired"
    STORAGE_QUOTA_EXCEEDED = "storage_quota_exceeded"
    IMPORT_BLOCKED = "import_blocked"
    IMPORT_FAILED = "import_failed"
    NOT_FOUND = "not_found"
    PRIVATE = "private"
    LIVE = "live"
    FILE_TOO_LARGE = "file_too_large"
    SOURCE_MISSING = "source_missing"
    SOURCE_CHANGED = "source_changed"
    NOT_A_VIDEO = "not_a_video"
    MALFORMED_VIDEO = "malformed_video"
    UNSUPPORTED_CODEC = "unsupported_codec"
    ENCRYPTED_VIDEO = "encrypted_video"
    TOO_LONG = "too_long"
    TOO_LARGE_PICTURE = "too_large_picture"
    TOO_MANY_STREAMS = "too_many_streams"
    FRAME_RATE_TOO_HIGH = "frame_rate_too_high"
    TRANSCRIPTION_FAILED = "transcription_failed"
    PROCESSING_FAILED = "processing_failed"

    @classmethod
    def _missing_(cls, value: object) -> "FailureCode | None":
        """Translate the code that a worker of an older version may write during a rolling upgrade."""
        return cls.UNSUPPORTED_CODEC if value == "unsupported_format" else None


FAILURE_ADVICE: dict[FailureCode, str] = {
    FailureCode.UPLOAD_FAILED: "The upload failed. Request a new presigned URL and upload again.",
    FailureCode.UPLOAD_CANCELLED: "The upload was cancelled. To upload again, request a new presigned URL.",
    FailureCode.UPLOAD_EXPIRED: "The upload was never reported complete. Request a new presigned URL and upload again.",
    FailureCode.STORAGE_QUOTA_EXCEEDED: "Your storage quota is exhausted. Delete some videos, then retry this one.",
    FailureCode.IMPORT_BLOCKED: "YouTube does not serve this video to this server. Retry later, or upload the file.",
    FailureCode.IMPORT_FAILED: "The video could not be downloaded. Retry it, or upload the file.",
    FailureCode.NOT_FOUND: "YouTube does not have this video, or no longer. Import another one.",
    FailureCode.PRIVATE: "The video is not public. Make it public or unlisted and retry, or upload the file.",
    FailureCode.LIVE: "The live stream or premiere has no recording yet. Retry when it has one.",
    FailureCode.FILE_TOO_LARGE: "The video exceeds the size limit of imports. Upload a smaller version of the file.",
    FailureCode.SOURCE_MISSING: "The original is no longer in the bucket. Upload the video again.",
    FailureCode.SOURCE_CHANGED: "The original was replaced after it was accepted. Upload the video again, only once.",
    FailureCode.NOT_A_VIDEO: "It has no picture and no sound, or its container is unknown. Upload the right file.",
    FailureCode.MALFORMED_VIDEO: "The file is damaged. Export the video again and upload the new file.",
    FailureCode.UNSUPPORTED_CODEC: "The format is not supported. Convert the video to MP4 (H.264, AAC) and upload it.",
    FailureCode.ENCRYPTED_VIDEO: "The video is encrypted and can't be read without a key. Upload an unencrypted copy.",
    FailureCode.TOO_LONG: "The video is longer than this server allows. Cut it, or ask the operator to allow more.",
    FailureCode.TOO_LARGE_PICTURE: "The picture is larger than 8K. Scale the video down and upload the result.",
    FailureCode.TOO_MANY_STREAMS: "The file has too many streams. Export only one video track and one audio track.",
    FailureCode.FRAME_RATE_TOO_HIGH: "The frame rate is too high. Export the video with a lower one and upload it.",
    FailureCode.TRANSCRIPTION_FAILED: "The video can be played, but has no captions. Ask the operator for the reason.",
    FailureCode.PROCESSING_FAILED: "Every attempt failed. Upload the video again, or ask the operator for the reason.",
}


@dataclass(frozen=True, slots=True)
class Failure:
    """A permanent failure: its stage, its code, and a message that a user can act on."""

    stage: StageName
    code: FailureCode
    message: str


class WarningCode(StrEnum):
    """The closed list of codes in `warnings[]`."""

    ALREADY_SMALL = "already_small"
    COMPRESSION_FAILED = "compression_failed"
    SOURCE_TRUNCATED = "source_truncated"
    SOURCE_DAMAGED = "source_damaged"
    SOURCE_PARTLY_USED = "source_partly_used"
    AUDIO_UNDECODABLE = "audio_undecodable"
    TRANSCRIPTION_DISABLED = "transcription_disabled"
    TRANSCRIPTION_TOO_LONG = "transcription_too_long"
    TRANSCRIPTION_FAILED = "transcription_failed"
    SPEECH_NOT_RECOGNISED = "speech_not_recognised"
    POSTER_FAILED = "poster_failed"
    STORYBOARD_FAILED = "storyboard_failed"


WARNING_ADVICE: dict[WarningCode, str] = {
    WarningCode.ALREADY_SMALL: "A rendition would be larger, so the original is played. Nothing needs to be done.",
    WarningCode.COMPRESSION_FAILED: "No rendition passed the check, so the original is kept. If the video does not "
    "play, convert it to MP4 (H.264, AAC) and upload it.",
    WarningCode.SOURCE_TRUNCATED: "The original ends too early; it is kept. Upload a complete copy if the end matters.",
    WarningCode.SOURCE_DAMAGED: "Parts of the original can't be decoded; it is kept. Upload an intact copy if you can.",
    WarningCode.SOURCE_PARTLY_USED: "A part of the original is not in the rendition; it is kept. The message says "
    "which part. Split the file and upload its parts if that part matters.",
    WarningCode.AUDIO_UNDECODABLE: "The sound can't be decoded, so a rendition is silent, or has another audio track; "
    "the original is kept. Convert the sound to AAC and upload the video again if it matters.",
    WarningCode.TRANSCRIPTION_DISABLED: "There are no captions. The operator can configure a transcriber.",
    WarningCode.TRANSCRIPTION_TOO_LONG: "The audio is longer than the limit. Upload captions, or ask the operator.",
    WarningCode.TRANSCRIPTION_FAILED: "The new transcript failed; the earlier one stays. Regenerate it again.",
    WarningCode.SPEECH_NOT_RECOGNISED: "Words are missing from the captions. Give the language, or upload captions.",
    WarningCode.POSTER_FAILED: "The requested poster could not be made, so the earlier one stays. "
    "Choose another moment of the video.",
    WarningCode.STORYBOARD_FAILED: "There are no preview thumbnails for seeking. Nothing needs to be done.",
}


@dataclass(frozen=True, slots=True)
class VideoWarning:
    """Something that a client should know about a video that is usable."""

    code: WarningCode
    message: str
