"""The settings of an installation, with their defaults and what they mean."""

from datetime import date
from pathlib import Path
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from domain.model.multipart import DEFAULT_PART_BYTES, MAX_OBJECT_BYTES, MAX_PART_BYTES, MIN_PART_BYTES

PREFIX = "TELECINE_"
OPENAI_BASE_URL = "https://api.openai.com/v1"
MAX_PRESIGNED_LIFETIME_S = 604_800  # S3 and R2: a presigned URL lives at most 7 days.


class SettingsError(Exception):
    """Everything that is wrong with the settings, one line each."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class Secret:
    """A text that never shows itself by accident."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """The text itself, for whoever must send or use it."""
        return self._text

    def __repr__(self) -> str:
        """Nothing of the text."""
        return "Secret('***')"


Positive = Annotated[int, Meta(ge=1)]
Seconds = Annotated[float, Meta(gt=0, le=86_400)]
RateFactor = Annotated[int, Meta(ge=0, le=63)]
LongSeconds = Annotated[int, Meta(ge=1, le=366 * 86_400)]


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """Every setting with its default; the description is the documentation."""

    data_dir: Annotated[
        Path, Meta(description="Where the embedded database, objects and secrets live, and where workers work.")
    ] = Path("telecine-data")
    public_url: Annotated[
        str,
        Meta(
            description="How clients reach this server, without a slash at the end. "
            "Unset: the address that `dev` or `serve` listens on."
        ),
    ] = "http://127.0.0.1:8000"
    cors_allowed_origins: Annotated[
        str | None,
        Meta(
            description="Origins, commas between, whose pages may call the API: `https://app.example.org`. Unset: none."
        ),
    ] = None

    database_url: Annotated[
        Secret | None,
        Meta(description="`postgresql://user:password@host:5432/name`. Unset: SQLite in the data folder."),
    ] = None
    database_pool_size: Annotated[Positive, Meta(description="Postgres connections of one process, at most.")] = 10
    database_pool_timeout_seconds: Annotated[
        Seconds, Meta(description="How long a call waits for a free Postgres connection.")
    ] = 5.0
    database_statement_timeout_seconds: Annotated[Seconds, Meta(description="When Postgres gives a statement up.")] = (
        15.0
    )
    redis_url: Annotated[
        Secret | None,
        Meta(description="`redis://host:6379/0`, what carries jobs to workers. Unset: inside one process."),
    ] = None
    s3_bucket: Annotated[
        str | None, Meta(description="The bucket on R2 or any S3. Unset: a folder in the data folder.")
    ] = None
    s3_endpoint_url: Annotated[
        str | None,
        Meta(description="R2: `https://<account id>.r2.cloudflarestorage.com`. Unset: AWS's own of the region."),
    ] = None
    s3_region: Annotated[str, Meta(description="The bucket's region; R2 says `auto`.")] = "auto"
    s3_access_key_id: Annotated[str | None, Meta(description="The id of a key that may read and write the bucket.")] = (
        None
    )
    s3_secret_access_key: Annotated[Secret | None, Meta(description="The secret of that key.")] = None

    jwt_secret: Annotated[
        Secret | None,
        Meta(
            description="Secret of at least 32 bytes for HS256 tokens. Unset: made and kept in the data folder; "
            "needed with Postgres, whose processes have no folder in common, unless there is a JWKS."
        ),
    ] = None
    jwks_url: Annotated[
        str | None,
        Meta(
            description="Where an identity provider publishes the keys of its RS256, ES256 or EdDSA tokens: https, or "
            "http on this machine. Set the audience, too, or its tokens for others are good here. Unset: HS256."
        ),
    ] = None
    jwks_max_age_seconds: Annotated[Seconds, Meta(description="When those keys are fetched again.")] = 300.0
    jwt_audience: Annotated[str | None, Meta(description="Required `aud` of tokens. Unset: not checked.")] = None
    jwt_issuer: Annotated[str | None, Meta(description="Required `iss` of tokens. Unset: not checked.")] = None
    token_lifetime_seconds: Annotated[
        int, Meta(ge=1, le=10 * 365 * 86_400, description="How long a token of `telecine token` lives.")
    ] = 30 * 86_400

    rate_limit_per_user: Annotated[
        str | None,
        Meta(
            description="Requests of one user, such as `600/minute` (`second`, `minute`, `hour`, `day`). Unset: no "
            "limit. Processes count together with Redis, else each alone."
        ),
    ] = None
    rate_limit_per_address: Annotated[
        str | None,
        Meta(
            description="Requests without a good token from one address, an IPv6 /64 counting as one. Unset: no limit."
        ),
    ] = None
    trusted_proxies: Annotated[
        str | None,
        Meta(
            description="Networks in CIDR notation, commas between, whose `X-Forwarded-For` is believed. Unset: none."
        ),
    ] = None

    presigned_url_expiration_seconds: Annotated[
        int, Meta(ge=1, le=MAX_PRESIGNED_LIFETIME_S, description="How long an upload URL lives.")
    ] = 3600
    playback_url_expiration_seconds: Annotated[
        int, Meta(ge=1, le=MAX_PRESIGNED_LIFETIME_S, description="How long a playback URL lives.")
    ] = 3600
    max_upload_bytes: Annotated[
        int, Meta(ge=1, le=MAX_OBJECT_BYTES, description="The largest file; S3 and R2 take 5 TiB.")
    ] = 10 * 1024**3
    multipart_part_bytes: Annotated[
        int,
        Meta(
            ge=MIN_PART_BYTES,
            le=MAX_PART_BYTES,
            description="The size of a part; larger where a file would else have more than 9,000.",
        ),
    ] = DEFAULT_PART_BYTES
    abandoned_upload_seconds: Annotated[
        LongSeconds, Meta(description="When an upload counts as abandoned whose client is not heard of.")
    ] = 86_400
    proxied_upload: Annotated[
        bool, Meta(description="Whether the deprecated `POST /api/videos/upload` is there, through the API.")
    ] = True
    proxied_upload_concurrency: Annotated[
        Positive, Meta(description="How many of those one process takes at once; each needs 5 MiB of memory.")
    ] = 16
    proxied_upload_sunset: Annotated[
        date, Meta(description="The day from which clients must not count on it, told in `Sunset`.")
    ] = date(2027, 6, 30)

    youtube_import: Annotated[
        bool, Meta(description="Whether videos may be imported from YouTube (extra `youtube`); see docs/deploy.md.")
    ] = False
    youtube_max_bytes: Annotated[
        Positive, Meta(description="The largest import; a worker needs twice as much disk for each.")
    ] = 5 * 1024**3
    youtube_cookies_file: Annotated[
        Path | None, Meta(description="Cookies of a YouTube account, as Netscape wrote them. Unset: nobody's.")
    ] = None
    youtube_proxy_url: Annotated[
        Secret | None, Meta(description="`http://`, `https://` or `socks5://user:password@host:port`, for imports.")
    ] = None

    max_videos_in_flight_per_user: Annotated[
        Positive | None, Meta(description="Videos of one user that are uploading or in work. Unset: no limit.")
    ] = None
    max_stored_bytes_per_user: Annotated[
        Positive | None,
        Meta(description="Bytes of one user's videos: as declared, later as they are played. Unset: no limit."),
    ] = None
    max_uploads_per_day_per_user: Annotated[
        Positive | None, Meta(description="Uploads of one user in a day (UTC). Unset: no limit.")
    ] = None
    max_video_seconds: Annotated[Positive, Meta(description="The longest video.")] = 4 * 3600

    compression_codec: Annotated[
        Literal["h264", "av1"], Meta(description="`av1` (SVT-AV1) is smaller for more work; older players lack it.")
    ] = "h264"
    compression_crf: Annotated[
        RateFactor | None, Meta(description="Constant rate factor: lower is better. Unset: 26 for h264, 40 for av1.")
    ] = None
    compression_max_height: Annotated[
        int, Meta(ge=2, le=8192, description="The largest shorter side of a rendition, in pixels.")
    ] = 720
    compression_max_frame_rate: Annotated[
        float, Meta(gt=0, le=120, description="The highest frame rate of a rendition.")
    ] = 30.0
    compression_preset: Annotated[
        str | None,
        Meta(
            description="Slower is smaller: `ultrafast` to `veryslow` for h264, `13` to `0` for av1. "
            "Unset: `veryfast` and `10`."
        ),
    ] = None
    compression_audio_kbps: Annotated[
        int, Meta(ge=16, le=512, description="The bitrate of stereo sound; mono takes half.")
    ] = 128
    ffmpeg_threads: Annotated[Positive, Meta(description="Threads for one ffmpeg run.")] = 2
    disk_reserve_bytes: Annotated[
        int, Meta(ge=0, description="Disk space that must stay free beside a job's own need.")
    ] = 1024**3

    transcriber: Annotated[
        Literal["local", "openai", "none"],
        Meta(
            description="Who transcribes: `local` is faster-whisper on this machine (extra `local`), `openai` any "
            "server that speaks OpenAI's HTTP API."
        ),
    ] = "local"
    transcription_model: Annotated[
        str | None, Meta(description="Unset: `tiny.en` for `local`, `gpt-transcribe` for `openai`.")
    ] = None
    transcription_answer_format: Annotated[
        Literal["json", "verbose_json"] | None,
        Meta(
            description="What `openai` asks for. Unset: times (`verbose_json`) of a model named Whisper, else `json`."
        ),
    ] = None
    transcription_language: Annotated[
        str | None,
        Meta(
            description="What is spoken in videos that say nothing else: a code of ISO 639-1. Unset: it is found out."
        ),
    ] = None
    transcription_keywords: Annotated[
        str | None, Meta(description="Names and terms to expect, with commas between, in videos that name none.")
    ] = None
    transcription_concurrency: Annotated[
        Positive | None, Meta(description="Chunks that one worker has heard at once. Unset: 4 for `openai`, else 1.")
    ] = None
    transcription_timeout_seconds: Annotated[
        Seconds, Meta(description="When a request to the `openai` transcriber is given up.")
    ] = 120.0
    max_transcription_minutes: Annotated[
        Positive, Meta(description="Of a video with more sound than this nothing is transcribed.")
    ] = 240
    max_regenerations_per_video: Annotated[
        int, Meta(ge=0, description="How often a video's transcript may be asked for anew; each is paid for again.")
    ] = 20
    whisper_threads: Annotated[Positive, Meta(description="CPU threads for the local transcriber.")] = 2
    openai_api_key: Annotated[Secret | None, Meta(description="The key for OpenAI or a server that speaks it.")] = None
    openai_base_url: Annotated[str, Meta(description="The server that speaks OpenAI's API.")] = OPENAI_BASE_URL

    media_concurrency: Annotated[Positive, Meta(description="Videos that one worker compresses at once.")] = 1
    io_concurrency: Annotated[Positive, Meta(description="Videos that one worker transcribes at once.")] = 2
    job_max_attempts: Annotated[
        Positive, Meta(description="Attempts at a job, those that a lost worker began included.")
    ] = 12
    job_lease_seconds: Annotated[Seconds, Meta(description="How long a job stays a silent worker's.")] = 60.0
    job_renew_seconds: Annotated[Seconds, Meta(description="How often a worker renews its lease.")] = 15.0
    job_resend_seconds: Annotated[
        Seconds | None,
        Meta(
            description="When a job that was sent and still waits is sent again. "
            "Unset: 60 with Redis or Postgres, else 900."
        ),
    ] = None
    sweep_seconds: Annotated[Seconds, Meta(description="How often lost and waiting jobs are looked for.")] = 10.0
    clean_up_seconds: Annotated[Seconds, Meta(description="How often abandoned uploads are looked for.")] = 600.0
    orphan_sweep: Annotated[
        bool, Meta(description="Whether workers erase objects that belong to no video from the bucket.")
    ] = True
    orphan_sweep_seconds: Annotated[LongSeconds, Meta(description="How often they look for such objects.")] = 86_400
    orphan_age_seconds: Annotated[
        LongSeconds, Meta(description="How old an object must be to be taken for an orphan.")
    ] = 86_400
    metrics: Annotated[bool, Meta(description="Whether `/metrics` answers, for Prometheus.")] = True

    log_level: Annotated[
        Literal["DEBUG", "INFO", "WARNING", "ERROR"], Meta(description="The least severe line that is logged.")
    ] = "INFO"
    log_format: Annotated[
        Literal["console", "json"], Meta(description="Lines for people, or one JSON object a line.")
    ] = "console"


def variable(field: str) -> str:
    """The environment variable of a setting."""
    return field.upper() if field.startswith("openai_") else PREFIX + field.upper()
