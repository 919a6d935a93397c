"""Why a video failed, and what a client should know although it did not."""

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
        """A worker of an older version may write its own word while this one is being rolled out."""
        return cls.UNSUPPORTED_CODEC if value == "unsupported_format" else None


FAILURE_ADVICE: dict[FailureCode, str] = {
    FailureCode.UPLOAD_FAILED: "The upload was given up. Ask for a new presigned URL and upload again.",
    FailureCode.UPLOAD_CANCELLED: "The upload was cancelled. Ask for a new presigned URL to upload again.",
    FailureCode.UPLOAD_EXPIRED: "The upload was never reported complete. Ask for a new presigned URL and upload again.",
    FailureCode.STORAGE_QUOTA_EXCEEDED: "Your videos take up as much as they may. Delete some, then retry this one.",
    FailureCode.IMPORT_BLOCKED: "YouTube does not give this server the video. Retry later, or upload the file itself.",
    FailureCode.IMPORT_FAILED: "The video could not be fetched. Retry it, or upload the file itself.",
    FailureCode.NOT_FOUND: "YouTube has no such video (any more). Import another one.",
    FailureCode.PRIVATE: "Not everybody may see the video. Have it made public or unlisted, or upload the file itself.",
    FailureCode.LIVE: "The video is live, is going to be, or was just now. Retry when YouTube shows the recording.",
    FailureCode.FILE_TOO_LARGE: "The video is larger than is fetched here. Upload a smaller version of the file.",
    FailureCode.SOURCE_MISSING: "The original is no longer in the bucket. Upload the video again.",
    FailureCode.SOURCE_CHANGED: "The original was replaced after it had been accepted. Upload the video again, once.",
    FailureCode.NOT_A_VIDEO: "The file holds no picture, or no container that we know. Upload the right file.",
    FailureCode.MALFORMED_VIDEO: "The file is damaged. Export the video again and upload the new file.",
    FailureCode.UNSUPPORTED_CODEC: "We don't decode this format. Convert the video to MP4 (H.264, AAC) and upload it.",
    FailureCode.ENCRYPTED_VIDEO: "The video is copy-protected, and can't be read without its key. Upload an open copy.",
    FailureCode.TOO_LONG: "The video is longer than allowed here. Cut it into parts, or ask the operator for more.",
    FailureCode.TOO_LARGE_PICTURE: "The picture is larger than 8K. Scale the video down and upload that.",
    FailureCode.TOO_MANY_STREAMS: "The file has too many streams. Export one picture and one sound track only.",
    FailureCode.FRAME_RATE_TOO_HIGH: "The frame rate is too high. Export the video with a lower one and upload that.",
    FailureCode.TRANSCRIPTION_FAILED: "The video can be played, but has no captions. Ask the operator for the reason.",
    FailureCode.PROCESSING_FAILED: "Every attempt failed. Upload the video again, or ask the operator for the reason.",
}


@dataclass(frozen=True, slots=True)
class Failure:
    """What went wrong for good, in which stage, in words a person can act on."""

    stage: StageName
    code: FailureCode
    message: str


class WarningCode(StrEnum):
    """The closed list of codes in `warnings[]`."""

    ALREADY_SMALL = "already_small"
    COMPRESSION_FAILED = "compression_failed"
    SOURCE_TRUNCATED = "source_truncated"
    SOURCE_DAMAGED = "source_damaged"
    TRANSCRIPTION_DISABLED = "transcription_disabled"
    TRANSCRIPTION_TOO_LONG = "transcription_too_long"
    TRANSCRIPTION_FAILED = "transcription_failed"
    POSTER_FAILED = "poster_failed"
    STORYBOARD_FAILED = "storyboard_failed"


WARNING_ADVICE: dict[WarningCode, str] = {
    WarningCode.ALREADY_SMALL: "A rendition would be larger, so the original is played. Nothing needs to be done.",
    WarningCode.COMPRESSION_FAILED: "The original is played instead of a rendition. Nothing needs to be done.",
    WarningCode.SOURCE_TRUNCATED: "The original ends too early, and is kept. Upload a whole copy if the end matters.",
    WarningCode.SOURCE_DAMAGED: "Parts of the original can't be decoded; it is kept. Upload a sound copy if you can.",
    WarningCode.TRANSCRIPTION_DISABLED: "There are no captions. The operator may set up a transcriber.",
    WarningCode.TRANSCRIPTION_TOO_LONG: "More is said than is transcribed here. Upload captions, or ask the operator.",
    WarningCode.TRANSCRIPTION_FAILED: "A new transcript could not be made; what was there stays. Ask for it again.",
    WarningCode.POSTER_FAILED: "There is no still picture to show before playback. Nothing needs to be done.",
    WarningCode.STORYBOARD_FAILED: "There are no small pictures to find a place by. Nothing needs to be done.",
}


@dataclass(frozen=True, slots=True)
class VideoWarning:
    """Something a client should know although the video is fine to use."""

    code: WarningCode
    message: str
