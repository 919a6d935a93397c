"""Settings of the sandbox around ffmpeg and yt-dlp."""

from typing import Annotated, Literal

from msgspec import Meta

from entrypoints.config.values import ConcernSettings, variable


class SandboxSettings(ConcernSettings, frozen=True, kw_only=True, rename=variable):
    """How programs that read untrusted files are confined."""

    sandbox: Annotated[
        Literal["auto", "require"],
        Meta(
            description="What a worker does on a host that lacks a layer of the sandbox: `auto` logs what is missing "
            "and works with the others, `require` refuses to start."
        ),
    ] = "auto"
