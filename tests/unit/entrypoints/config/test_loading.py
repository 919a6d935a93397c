"""Reading the settings: sources, validation, and what is never shown."""

from pathlib import Path

import pytest

from entrypoints.config.loading import load_settings
from entrypoints.config.settings import Settings, every_setting
from entrypoints.config.transcription import OPENAI_BASE_URL
from entrypoints.config.values import Secret, SettingsError

SECRET = "a secret of at least thirty-two bytes"


@pytest.fixture(autouse=True)
def empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No `.env` in the working directory, and no setting in the environment."""
    monkeypatch.chdir(tmp_path)
    for setting in every_setting():
        monkeypatch.delenv(setting.variable, raising=False)


def problems(environment: dict[str, str]) -> list[str]:
    """The problems of this environment."""
    with pytest.raises(SettingsError) as caught:
        load_settings(environment)
    assert str(caught.value) == "\n".join(caught.value.problems)
    return caught.value.problems


def test_nothing_needs_to_be_set() -> None:
    """The defaults are an embedded installation, with the documented limits."""
    settings = load_settings({})
    assert settings == Settings()
    assert settings.storage.data_dir == Path("telecine-data")
    assert settings.server.public_url == "http://127.0.0.1:8000"
    assert settings.uploads.presigned_url_expiration_seconds == 3600
    assert settings.uploads.max_upload_bytes == 10 * 1024**3
    assert settings.limits.max_video_seconds == 4 * 3600
    assert settings.transcription.transcriber == "local"
    assert settings.transcription.openai_base_url == OPENAI_BASE_URL
    assert (settings.jobs.lease_seconds, settings.jobs.renew_seconds, settings.jobs.sweep_seconds) == (60, 15, 10)
    assert settings.tokens.jwt_secret is None


def test_variables_have_the_prefix_except_openais() -> None:
    """OpenAI's two variables keep the names that other programs use."""
    names = {setting.variable for setting in every_setting()}
    assert {name for name in names if not name.startswith("TELECINE_")} == {"OPENAI_API_KEY", "OPENAI_BASE_URL"}
    assert "TELECINE_PRESIGNED_URL_EXPIRATION_SECONDS" in names


def test_texts_are_converted() -> None:
    """To numbers, paths, choices and secrets."""
    settings = load_settings(
        {
            "TELECINE_DATA_DIR": "/srv/telecine",
            "TELECINE_COMPRESSION_CRF": "30",
            "TELECINE_COMPRESSION_MAX_FRAME_RATE": "29.97",
            "TELECINE_TRANSCRIBER": "none",
            "TELECINE_JWT_SECRET": SECRET,
            "TELECINE_JWT_AUDIENCE": "null",
        }
    )
    assert settings.storage.data_dir == Path("/srv/telecine")
    assert (settings.compression.crf, settings.compression.max_frame_rate) == (30, 29.97)
    assert settings.transcription.transcriber == "none"
    assert settings.tokens.jwt_secret is not None
    assert settings.tokens.jwt_secret.reveal() == SECRET
    assert settings.tokens.jwt_audience == "null"


def test_every_error_is_reported_at_once() -> None:
    """One line each, sorted, beginning with the variable's name."""
    found = problems(
        {
            "TELECINE_COMPRESSION_CRF": "99",
            "TELECINE_MAX_UPLOAD_BYTES": "5GB",
            "TELECINE_TRANSCRIBER": "psychic",
            "TELECINE_JWT_SECRET": "short",
            "TELECINE_PORT": "8000",
            "TELECINE_PUBLIC_URL": "https://video.example/",
            "TELECINE_JOB_RENEW_SECONDS": "31",
        }
    )
    assert [line.split(":")[0] for line in found] == [
        "TELECINE_COMPRESSION_CRF",
        "TELECINE_JOB_RENEW_SECONDS",
        "TELECINE_JWT_SECRET",
        "TELECINE_MAX_UPLOAD_BYTES",
        "TELECINE_PORT",
        "TELECINE_PUBLIC_URL",
        "TELECINE_TRANSCRIBER",
    ]
    assert not any("\n" in line for line in found)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("TELECINE_PRESIGNED_URL_EXPIRATION_SECONDS", "0"),
        ("TELECINE_PRESIGNED_URL_EXPIRATION_SECONDS", "604801"),
        ("TELECINE_PLAYBACK_URL_EXPIRATION_SECONDS", "604801"),
        ("TELECINE_MAX_UPLOAD_BYTES", "0"),
        ("TELECINE_MAX_UPLOAD_BYTES", "1.5"),
        ("TELECINE_COMPRESSION_MAX_FRAME_RATE", "nan"),
        ("TELECINE_JOB_LEASE_SECONDS", "inf"),
        ("TELECINE_JOB_LEASE_SECONDS", "-1"),
        ("TELECINE_SWEEP_SECONDS", "0"),
        ("TELECINE_TOKEN_LIFETIME_SECONDS", "999999999999"),
        ("TELECINE_JOB_MAX_ATTEMPTS", "many"),
        ("TELECINE_LOG_LEVEL", "info"),
        *(
            (name, url)
            for name in ("TELECINE_PUBLIC_URL", "OPENAI_BASE_URL")
            for url in (
                "video.example",
                "video.example:8000",
                "//video.example",
                "ftp://video.example",
                "unix:///run/video",
                "http://",
                "http:///v1",
                "http://:8000",
                "http://[::1",
                "http://video.example:65536",
                "http://video.example:port",
                "http://video.example:0",
                "http://video example",
                "http://video.example\n",
                "http://video.example?a=b",
                "http://video.example#a",
                "http://video.example\\a",
            )
        ),
    ],
)
def test_an_invalid_value_is_an_error(name: str, text: str) -> None:
    """Reported before anything starts."""
    (found,) = problems({name: text})
    assert found.startswith(f"{name}: ")


def test_an_unknown_variable_is_an_error() -> None:
    """A misspelt setting would silently have no effect; variables of other programs are ignored."""
    assert problems({"TELECINE_DATADIR": "x", "PATH": "/bin", "OPENAI_ORG_ID": "x"}) == [
        "TELECINE_DATADIR: there is no such setting"
    ]


def test_the_clients_token_is_not_an_error() -> None:
    """`telecine upload` reads it, often in the same shell."""
    assert load_settings({"TELECINE_TOKEN": "x"}) == Settings()


def test_openai_requires_its_key() -> None:
    """Another server may not require one."""
    assert problems({"TELECINE_TRANSCRIBER": "openai"}) == ["OPENAI_API_KEY: required for TELECINE_TRANSCRIBER=openai"]
    assert problems({"TELECINE_TRANSCRIBER": "openai", "OPENAI_API_KEY": ""})
    assert (
        load_settings({"TELECINE_TRANSCRIBER": "openai", "OPENAI_API_KEY": "sk-x"}).transcription.openai_api_key
        is not None
    )
    local = {"TELECINE_TRANSCRIBER": "openai", "OPENAI_BASE_URL": "http://127.0.0.1:9/v1"}
    assert load_settings(local).transcription.openai_api_key is None


@pytest.mark.parametrize("key", ["sk-canary key", "sk-canary\nkey", "sk-canary-ключ", "sk-canary\x00", "\n"])
def test_a_key_that_is_invalid_in_a_header_is_refused_and_not_shown(key: str) -> None:
    """At start-up, not at the first video."""
    assert problems({"OPENAI_API_KEY": key}) == ["OPENAI_API_KEY: printable ASCII without spaces is required"]


def test_a_newline_after_a_key_is_removed() -> None:
    """Files of secrets end with one."""
    key = load_settings({"OPENAI_API_KEY": " sk-x\r\n"}).transcription.openai_api_key
    assert key is not None
    assert key.reveal() == "sk-x"


@pytest.mark.parametrize(
    "url", ["https://video.example", "http://127.0.0.1:8000", "http://[::1]:8000/telecine", "https://vidéo.example"]
)
def test_a_web_address_is_kept_as_written(url: str) -> None:
    """With or without a port and a path."""
    settings = load_settings({"TELECINE_PUBLIC_URL": url, "OPENAI_BASE_URL": url})
    assert (settings.server.public_url, settings.transcription.openai_base_url) == (url, url)


def test_a_password_in_an_invalid_url_is_not_shown() -> None:
    """The error says what is required, and does not repeat the value."""
    assert "canary" not in "".join(problems({"OPENAI_BASE_URL": "ftp://user:canary@host"}))


def test_an_empty_value_counts_as_unset() -> None:
    """`NAME=` restores the default, as in compose files."""
    environment = {setting.variable: "" for setting in every_setting()}
    assert load_settings(environment) == Settings()


def test_the_env_file_is_read(tmp_path: Path) -> None:
    """From the working directory, with comments and quotes."""
    (tmp_path / ".env").write_text('# ours\nTELECINE_COMPRESSION_CRF=31\nexport TELECINE_JWT_ISSUER="an issuer"\n')
    settings = load_settings()
    assert (settings.compression.crf, settings.tokens.jwt_issuer) == (31, "an issuer")


def test_errors_in_the_env_file_are_reported(tmp_path: Path) -> None:
    """Unknown variables in it too."""
    (tmp_path / ".env").write_text("TELECINE_CRF=1\nTELECINE_COMPRESSION_CRF=x\nOTHER=1\n")
    with pytest.raises(SettingsError) as caught:
        load_settings()
    assert [line.split(":")[0] for line in caught.value.problems] == ["TELECINE_COMPRESSION_CRF", "TELECINE_CRF"]


def test_sources_have_an_order_of_precedence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Overrides, the environment, `.env`, the caller's defaults, the built-in defaults."""
    defaults = {"TELECINE_COMPRESSION_CRF": 20}
    assert load_settings().compression.crf is None
    assert load_settings(defaults=defaults).compression.crf == 20
    (tmp_path / ".env").write_text("TELECINE_COMPRESSION_CRF=21\n")
    assert load_settings(defaults=defaults).compression.crf == 21
    monkeypatch.setenv("TELECINE_COMPRESSION_CRF", "22")
    assert load_settings(defaults=defaults).compression.crf == 22
    assert load_settings(defaults=defaults, overrides={"TELECINE_COMPRESSION_CRF": 23}).compression.crf == 23


def test_secrets_are_not_shown() -> None:
    """Neither in a repr, nor in a formatted text, nor in an error."""
    settings = load_settings({"TELECINE_JWT_SECRET": SECRET, "OPENAI_API_KEY": "sk-private"})
    assert repr(Secret("x")) == str(Secret("x")) == "Secret('***')"
    for shown in (repr(settings), str(settings), f"{settings.tokens.jwt_secret}"):
        assert SECRET not in shown
        assert "sk-private" not in shown
    assert "short" not in "".join(problems({"TELECINE_JWT_SECRET": "short"}))


def test_the_length_of_the_secret_is_in_bytes() -> None:
    """As the algorithm requires (RFC 7518, section 3.2)."""
    assert load_settings({"TELECINE_JWT_SECRET": "é" * 16}).tokens.jwt_secret is not None
    assert problems({"TELECINE_JWT_SECRET": "e" * 31}) == ["TELECINE_JWT_SECRET: at least 32 bytes are required"]


PRODUCTION = {
    "TELECINE_DATABASE_URL": "postgresql://telecine:hush@db.example:5432/telecine",
    "TELECINE_REDIS_URL": "rediss://:hush@redis.example:6379/0",
    "TELECINE_S3_BUCKET": "videos",
    "TELECINE_S3_ENDPOINT_URL": "https://account.r2.cloudflarestorage.com",
    "TELECINE_S3_ACCESS_KEY_ID": "key",
    "TELECINE_S3_SECRET_ACCESS_KEY": "hush",
    "TELECINE_JWT_SECRET": SECRET,
}


def test_servers_are_set_by_urls() -> None:
    """Postgres, Redis and the bucket; the repr shows no password."""
    settings = load_settings(PRODUCTION)
    assert settings.database.url is not None
    assert settings.database.url.reveal() == PRODUCTION["TELECINE_DATABASE_URL"]
    assert settings.storage.s3_region == "auto"
    assert "hush" not in repr(settings)


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({"TELECINE_DATABASE_URL": "mysql://u:hush@host/db"}, "TELECINE_DATABASE_URL: postgresql://"),
        ({"TELECINE_DATABASE_URL": "postgresql:///db"}, "TELECINE_DATABASE_URL: postgresql://"),
        ({"TELECINE_DATABASE_URL": "postgresql://u:hush@host:port/db"}, "TELECINE_DATABASE_URL: postgresql://"),
        ({"TELECINE_JWT_SECRET": ""}, "TELECINE_JWT_SECRET: required with TELECINE_DATABASE_URL"),
        ({"TELECINE_REDIS_URL": "localhost:6379"}, "TELECINE_REDIS_URL: redis://"),
        ({"TELECINE_S3_BUCKET": ""}, "TELECINE_S3_BUCKET: required with TELECINE_S3_ENDPOINT_URL"),
        ({"TELECINE_S3_SECRET_ACCESS_KEY": ""}, "TELECINE_S3_SECRET_ACCESS_KEY: required with TELECINE_S3_BUCKET"),
        ({"TELECINE_S3_ENDPOINT_URL": "https://host.example/bucket"}, "TELECINE_S3_ENDPOINT_URL: an http(s) URL"),
    ],
)
def test_settings_that_contradict_each_other_are_errors(variables: dict[str, str], expected: str) -> None:
    """The line names the variable and shows no secret."""
    found = problems({**PRODUCTION, **variables})
    assert any(line.startswith(expected) for line in found), found
    assert "hush" not in "".join(found)
