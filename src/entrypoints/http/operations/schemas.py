"""Responses of the health checks, and the options of this server."""

from importlib.metadata import version
from typing import Annotated, Literal, Self

import msgspec
from msgspec import Meta

from domain.model.uploads.media_types import CONTENT_TYPES, DEFAULT_CONTENT_TYPES
from domain.model.uploads.policy import AUTO_MULTIPART_BYTES
from entrypoints.application import ClientOptions


class LiveResponse(msgspec.Struct, frozen=True):
    """The process is alive."""

    status: Annotated[Literal["ok"], Meta(description="Always `ok`.")] = "ok"


class ReadyResponse(msgspec.Struct, frozen=True):
    """The state of each dependency, by name: `ok`, or an error code."""

    status: Annotated[Literal["ok", "unavailable"], Meta(description="`ok` if every dependency is.")]
    checks: Annotated[dict[str, str], Meta(description="`ok` or an error code, by the name of the dependency.")]


class OptionsResponse(msgspec.Struct, frozen=True):
    """What this installation accepts and offers."""

    version: Annotated[str, Meta(description="The server's version.")]
    imports: Annotated[bool, Meta(description="Whether videos can be imported from YouTube.")]
    transcription: Annotated[bool, Meta(description="Whether a transcriber is configured.")]
    max_file_size_bytes: Annotated[int, Meta(description="The largest file that is accepted.")]
    max_duration_s: Annotated[float, Meta(description="The longest video that is accepted, in seconds.")]
    extensions: Annotated[list[str], Meta(description="The extensions that are accepted, in lower case with a dot.")]
    content_types: Annotated[list[str], Meta(description="The media types that are accepted.")]
    multipart_from_bytes: Annotated[
        int, Meta(description="The size from which the strategy `auto` uploads a file in parts.")
    ]
    part_size_bytes: Annotated[int, Meta(description="The usual size of a part; larger files have larger parts.")]
    proxied_upload: Annotated[bool, Meta(description="Whether `POST /api/videos/upload` is served.")]
    direct_share: Annotated[
        float,
        Meta(ge=0, le=1, description="The share of the users whose browsers upload directly to the bucket."),
    ]
    page_user: Annotated[
        str | None, Meta(description="Always null; the web page on the server's own machine asks for its user.")
    ] = None

    @classmethod
    def of(cls, options: ClientOptions) -> Self:
        """The response for these options."""
        return cls(
            version=version("telecine"),
            imports=options.imports,
            transcription=options.transcription,
            max_file_size_bytes=options.max_file_size_bytes,
            max_duration_s=options.max_duration_s,
            extensions=sorted(DEFAULT_CONTENT_TYPES),
            content_types=sorted(CONTENT_TYPES),
            multipart_from_bytes=AUTO_MULTIPART_BYTES,
            part_size_bytes=options.part_size_bytes,
            proxied_upload=options.proxied_upload,
            direct_share=options.direct_share,
        )
