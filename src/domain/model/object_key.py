"""Object keys: where a video's objects are in the bucket. Clients never choose a key."""

import re
from dataclasses import dataclass
from typing import NewType
from urllib.parse import quote

from domain.model.errors import Rejected
from domain.model.ids import JobId, UserId, VideoId

ObjectKey = NewType("ObjectKey", str)

MAX_KEY_BYTES = 1024  # S3 and R2: an object key has at most 1,024 bytes of UTF-8.

SOURCE_FOLDER = "videos/"
DERIVED_FOLDER = "derived/"

_SEGMENT = re.compile(r"[A-Za-z0-9._@%=+~-]+")
_ID = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_KEY = re.compile(
    rf"videos/[^/]+/(?P<source>{_ID})\.(?:[0-9]+\.)?[a-z0-9]+|derived/[^/]+/(?P<derived>{_ID})/[0-9]+-[a-z0-9.]+"
)


def parse_object_key(text: str) -> ObjectKey:
    """A key from an untrusted source, accepted only if all its characters and segments are allowed.

    Raises:
        Rejected: `invalid_object_key`.
    """
    segments = text.split("/")
    is_valid = all(_SEGMENT.fullmatch(segment) and segment.strip(".") for segment in segments)
    if not is_valid or len(text) > MAX_KEY_BYTES:
        raise Rejected("This is not an object key.", code="invalid_object_key")
    return ObjectKey(text)


def source_key(owner: UserId, video_id: VideoId, extension: str) -> ObjectKey:
    """`videos/{user_id}/{uuid}{ext}`: the key that the client uploads the original to."""
    return ObjectKey(f"{SOURCE_FOLDER}{_segment(owner)}/{video_id}{extension}")


def import_prefix(owner: UserId, video_id: VideoId) -> str:
    """The prefix of the keys of all originals that attempts have downloaded for a video."""
    return source_key(owner, video_id, ".")


def import_key(owner: UserId, video_id: VideoId, fence: int) -> ObjectKey:
    """`videos/{user_id}/{uuid}.{fence}.mp4`: the key of the original that one attempt has downloaded."""
    return ObjectKey(f"{import_prefix(owner, video_id)}{fence}.mp4")


@dataclass(frozen=True, slots=True)
class DerivedKeys:
    """Keys of the objects that one attempt makes; they contain the fence, so attempts never overwrite each other.

    R2 allows one write per second to a key, which is another reason for new keys on each attempt.
    """

    owner: UserId
    video_id: VideoId
    fence: int

    @property
    def rendition(self) -> ObjectKey:
        """The compressed video."""
        return self._key("rendition.mp4")

    def original(self, extension: str) -> ObjectKey:
        """The verified original, if it is published."""
        return self._key(f"original{extension}")

    @property
    def poster(self) -> ObjectKey:
        """The still picture shown before playback."""
        return self._key("poster.jpg")

    def chosen_poster(self, job_id: JobId) -> ObjectKey:
        """The picture that the owner has chosen; each job counts its own fences, so the key has the job's id."""
        return self._key(f"poster{job_id.replace('-', '')}.jpg")

    @property
    def storyboard(self) -> ObjectKey:
        """The sheet of thumbnails that a player shows while the user seeks."""
        return self._key("storyboard.jpg")

    @property
    def audio(self) -> ObjectKey:
        """The speech track that is transcribed."""
        return self._key("audio.ogg")

    def audio_of_run(self, run: int) -> ObjectKey:
        """The speech track for a regenerated transcript; another job counts its fences, so the key has the run."""
        return self._key(f"audio{run}.ogg")

    def _key(self, name: str) -> ObjectKey:
        return ObjectKey(f"{derived_prefix(self.owner, self.video_id)}{self.fence}-{name}")


def fence_of(key: ObjectKey) -> int:
    """The fence of the attempt that made an object; 0 if the key has none. Fences of attempts begin at 1."""
    fence, dash, _ = key.rpartition("/")[2].partition("-")
    return int(fence) if dash and fence.isdecimal() else 0


def derived_prefix(owner: UserId, video_id: VideoId) -> str:
    """The prefix of the keys of everything made from a video."""
    return f"{DERIVED_FOLDER}{_segment(owner)}/{video_id}/"


def video_id_of(key: ObjectKey) -> VideoId | None:
    """The video that an object belongs to; None if the key does not have our format."""
    ours = _KEY.fullmatch(key)
    return None if ours is None else VideoId(ours["source"] or ours["derived"])


def _segment(text: str) -> str:
    """One path segment: special characters are percent-encoded, also the dots of `.` and `..`."""
    encoded = quote(text, safe="@=+~")
    return encoded.replace(".", "%2E") if not encoded.strip(".") else encoded
