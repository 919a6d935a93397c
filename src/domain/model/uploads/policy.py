"""What may be uploaded: extensions, media types, sizes and filenames."""

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from pathlib import PurePosixPath

from domain.model.errors import Rejected
from domain.model.transcripts.hints import NO_HINTS, SpeechHints, speech_hints
from domain.model.uploads.labels import NO_LABELS, Labels, Metadata, accepted_labels
from domain.model.uploads.media_types import (
    CONTENT_TYPES,
    DEFAULT_CONTENT_TYPES,
    EXTENSIONS_BY_TYPE,
    MAX_CONTENT_TYPE_LENGTH,
    MEDIA_TYPE,
    UNKNOWN_CONTENT_TYPES,
    is_active,
    media_type_of,
)
from domain.model.uploads.multipart import (
    DEFAULT_PART_BYTES,
    MAX_OBJECT_BYTES,
    MAX_PART_BYTES,
    MAX_PART_COUNT,
    MIB,
    MIN_PART_BYTES,
    GrowingPlan,
    PartPlan,
    part_plan,
)
from domain.model.uploads.original_policy import OriginalChoice, original_choice

MAX_FILENAME_LENGTH = 255
SINGLE_PUT_LIMIT_BYTES = 5 * 1024**3  # S3 and R2: one PUT carries at most 5 GiB.
AUTO_MULTIPART_BYTES = 100 * MIB

# A name without a dot, or whose last part is a number, such as a date or a time.
_NO_EXTENSION = re.compile(r"[^.]+|.+\.[0-9]+", re.DOTALL)
_HOSTILE_CATEGORIES = frozenset({"Cc", "Cs", "Zl", "Zp"})
_BYTE_ORDER_MARK = "\ufeff"
_BIDI_CONTROLS = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


class UploadStrategy(StrEnum):
    """How the file is uploaded: in one PUT, in parts, or (`auto`) in parts only if the file is large."""

    SINGLE = "single"
    MULTIPART = "multipart"
    AUTO = "auto"


@dataclass(frozen=True, slots=True)
class UploadDeclaration:
    """What a client declares that it will upload; none of it is trusted yet.

    Without `size_bytes`, the file is still being recorded, and only `multipart` can carry it.
    """

    filename: str
    size_bytes: int | None
    content_type: str
    strategy: UploadStrategy = UploadStrategy.SINGLE
    language: str | None = None
    keywords: tuple[str, ...] = ()
    original: str | None = None
    keep_days: int | None = None
    title: str | None = None
    external_id: str | None = None
    metadata: Metadata | None = None
    part_bytes: int | None = None


@dataclass(frozen=True, slots=True)
class AcceptedUpload:
    """An accepted declaration: `extension` is lower case with its dot, `content_type` is never empty.

    If `plan` is None, a single PUT carries the whole file. `size_bytes` is 0 if it is not known.
    """

    filename: str
    extension: str
    size_bytes: int
    content_type: str
    plan: PartPlan | GrowingPlan | None = None
    hints: SpeechHints = NO_HINTS
    original: OriginalChoice | None = None
    labels: Labels = NO_LABELS


@dataclass(frozen=True, slots=True)
class UploadPolicy:
    """The upload limits of this installation."""

    max_size_bytes: int
    extensions: frozenset[str] = frozenset(DEFAULT_CONTENT_TYPES)
    part_bytes: int = DEFAULT_PART_BYTES

    def __post_init__(self) -> None:
        """Refuse extensions without a known media type."""
        if unknown := self.extensions - DEFAULT_CONTENT_TYPES.keys():
            raise ValueError(f"These extensions have no known media type: {', '.join(sorted(unknown))}.")

    def accept(self, declared: UploadDeclaration) -> AcceptedUpload:
        """Check the declaration and determine its extension, media type and part plan.

        Raises:
            Rejected: `invalid_filename`, `unsupported_extension`, `unsupported_content_type`,
                `invalid_file_size` (also without a size, except for `multipart`), `file_too_large`,
                `file_too_large_for_single_put`, `invalid_part_size`, `invalid_language`, `invalid_keywords`,
                `invalid_original`, `invalid_title`, `invalid_external_id` or `invalid_metadata`.
        """
        check_filename(declared.filename)
        media_type = _media_type(declared.content_type)
        extension = self._extension(declared.filename, media_type)
        # The signature covers the header byte for byte, so it is kept as the client will probably send it.
        content_type = declared.content_type if _is_inert(media_type) else DEFAULT_CONTENT_TYPES[extension]
        plan = self._plan(declared)
        size_bytes = declared.size_bytes or 0
        hints = speech_hints(declared.language, declared.keywords)
        original = original_choice(declared.original, declared.keep_days)
        return AcceptedUpload(
            declared.filename,
            extension,
            size_bytes,
            content_type,
            plan,
            hints,
            original,
            accepted_labels(declared.title, declared.external_id, declared.metadata),
        )

    def _extension(self, filename: str, media_type: str) -> str:
        """The extension of the filename; if it has none, such as `blob`, that of the media type."""
        extension = PurePosixPath(filename).suffix.lower()
        if extension not in self.extensions and _NO_EXTENSION.fullmatch(filename):
            extension = EXTENSIONS_BY_TYPE.get(media_type, "")
        if extension not in self.extensions:
            allowed = ", ".join(sorted(self.extensions))
            raise Rejected(
                f"The filename must end in one of: {allowed}. A name without an extension needs a known media type.",
                code="unsupported_extension",
            )
        return extension

    def check_size(self, size_bytes: int) -> None:
        """Check that a file has 1 byte or more, and at most this installation's limit or 5 TiB, the limit of S3 and R2.

        Raises:
            Rejected: `invalid_file_size` or `file_too_large`.
        """
        if size_bytes <= 0:
            raise Rejected("The file size must be at least 1 byte.", code="invalid_file_size")
        limit = min(self.max_size_bytes, MAX_OBJECT_BYTES)
        if size_bytes > limit:
            raise Rejected(f"The file is larger than {limit} bytes.", code="file_too_large")

    def _plan(self, declared: UploadDeclaration) -> PartPlan | GrowingPlan | None:
        if declared.part_bytes is not None:
            _check_part_bytes(declared.part_bytes)
        if declared.size_bytes is None:
            return self._growing_plan(declared)
        self.check_size(declared.size_bytes)
        is_small = declared.size_bytes < AUTO_MULTIPART_BYTES
        if declared.strategy is UploadStrategy.MULTIPART or (declared.strategy is UploadStrategy.AUTO and not is_small):
            if declared.part_bytes is None:
                return part_plan(declared.size_bytes, part_bytes=self.part_bytes)
            _check_part_count(declared.size_bytes, declared.part_bytes)
            return PartPlan(declared.size_bytes, declared.part_bytes)
        if declared.size_bytes > SINGLE_PUT_LIMIT_BYTES:
            raise Rejected(
                f"One PUT carries at most {SINGLE_PUT_LIMIT_BYTES} bytes; use the strategy `multipart` or `auto`.",
                code="file_too_large_for_single_put",
            )
        return None

    def _growing_plan(self, declared: UploadDeclaration) -> GrowingPlan:
        if declared.strategy is not UploadStrategy.MULTIPART:
            raise Rejected("Only the strategy `multipart` works without a `file_size`.", code="invalid_file_size")
        return GrowingPlan(self.part_bytes if declared.part_bytes is None else declared.part_bytes)


def _check_part_bytes(part_bytes: int) -> None:
    """Check the size of a part that a client chose, whether or not the file is sent in parts.

    Raises:
        Rejected: `invalid_part_size`: no bucket accepts it.
    """
    if not MIN_PART_BYTES <= part_bytes <= MAX_PART_BYTES:
        raise Rejected(f"A part must have from {MIN_PART_BYTES} to {MAX_PART_BYTES} bytes.", code="invalid_part_size")


def _check_part_count(size_bytes: int, part_bytes: int) -> None:
    """Check that no more than 10,000 parts of this size are needed.

    Raises:
        Rejected: `invalid_part_size`.
    """
    if size_bytes > part_bytes * MAX_PART_COUNT:
        raise Rejected(f"The file would have more than {MAX_PART_COUNT} parts of this size.", code="invalid_part_size")


def _media_type(content_type: str) -> str:
    """The declared media type in lower case without parameters, which are not checked; empty if it is not known.

    Raises:
        Rejected: `unsupported_content_type`: no header can carry it, it has another form than a media type, or browsers
            run files of this type as pages or scripts.
    """
    media_type = media_type_of(content_type)
    if not content_type or (_is_header_value(content_type) and media_type in UNKNOWN_CONTENT_TYPES):
        return ""
    if not _is_header_value(content_type) or not MEDIA_TYPE.fullmatch(media_type) or is_active(media_type):
        raise Rejected(
            "This is not the media type of a video or audio file; send the file's media type or an empty one.",
            code="unsupported_content_type",
        )
    return media_type


def _is_header_value(text: str) -> bool:
    """Whether HTTP carries the text unchanged: printable ASCII without spaces at the ends, which clients strip."""
    return len(text) <= MAX_CONTENT_TYPE_LENGTH and text.isascii() and text.isprintable() and text == text.strip()


def _is_inert(media_type: str) -> bool:
    """Whether browsers only play or download files of this type, so that an object may have it."""
    return media_type in CONTENT_TYPES or media_type.startswith(("video/", "audio/"))


def check_filename(filename: str) -> None:
    """Check a filename, which is only displayed and never used as a path or a header.

    Raises:
        Rejected: `invalid_filename`: it is empty, has more than 255 characters, or contains a path separator, a control
            or bidirectional-control character, a line or paragraph separator, a byte order mark, or half a surrogate
            pair.
    """
    if not 0 < len(filename) <= MAX_FILENAME_LENGTH:
        raise Rejected(f"A filename must have 1 to {MAX_FILENAME_LENGTH} characters.", code="invalid_filename")
    if any(is_forbidden(character) for character in filename):
        raise Rejected(
            "A filename must not contain path separators, line separators, control or text-direction characters.",
            code="invalid_filename",
        )


def is_forbidden(character: str) -> bool:
    """Whether the character is forbidden in filenames."""
    return (
        character in "/\\"
        or character == _BYTE_ORDER_MARK
        or character in _BIDI_CONTROLS
        or unicodedata.category(character) in _HOSTILE_CATEGORIES
    )
