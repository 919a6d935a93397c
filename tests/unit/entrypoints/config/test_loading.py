"""Settings: where they come from, what is wrong with them, and what they never show."""

from pathlib import Path

import pytest

from entrypoints.config.loading import load_settings
from entrypoints.config.settings import Settings, every_setting
from entrypoints.config.transcription import OPENAI_BASE_URL
from entrypoints.config.values import Secret, SettingsError

SECRET = "a secret of at least thirty-two bytes"


@pytest.fixture(autouse=True)
def empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The working directory has no `.env`, and the environment none of our variables."""
    monkeypatch.chdir(tmp_path)
    for setting in every_setting():
        monkeypatch.delenv(setting.variable, raising=False)


def problems(environment: dict[str, str]) -> list[str]:
    """What is wrong with this environment."""
    with pytest.raises(SettingsError) as caught:
        load_settings(environment)
    assert str(caught.value) == "\n".join(caught.value.problems)
    return caught.value.problems


def test_nothing_needs_to_be_set() -> None:
    """The embedded defaults, with the limits that the documents promise."""
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


def test_variables_carry_our_prefix_or_openais() -> None:
    """OpenAI's own names are left as its other programs know them."""
    names = {setting.variable for setting in every_setting()}
    assert {name for name in names if not name.startswith("TELECINE_")} == {"OPENAI_API_KEY", "OPENAI_BASE_URL"}
    assert "TELECINE_PRESIGNED_URL_EXPIRATION_SECONDS" in names


def test_texts_become_values() -> None:
    """Numbers, paths, choices and secrets."""
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


def test_every_error_is_told_at_once() -> None:
    """One line each, sorted, with the variable's name."""
    told = problems(
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
    assert [line.split(":")[0] for line in told] == [
        "TELECINE_COMPRESSION_CRF",
        "TELECINE_JOB_RENEW_SECONDS",
        "TELECINE_JWT_SECRET",
        "TELECINE_MAX_UPLOAD_BYTES",
        "TELECINE_PORT",
        "TELECINE_PUBLIC_URL",
        "TELECINE_TRANSCRIBER",
    ]
    assert not any("\n" in line for line in told)


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
def test_what_is_out_of_range_is_refused(name: str, text: str) -> None:
    """Before anything starts."""
    (told,) = problems({name: text})
    assert told.startswith(f"{name}: ")


def test_a_misspelt_variable_is_an_error() -> None:
    """Nobody should believe in a setting that nobody reads; other programs' variables are none of ours."""
    assert problems({"TELECINE_DATADIR": "x", "PATH": "/bin", "OPENAI_ORG_ID": "x"}) == [
        "TELECINE_DATADIR: there is no such setting"
    ]


def test_the_clients_token_is_no_error() -> None:
    """`telecine upload` reads it, often in the same shell."""
    assert load_settings({"TELECINE_TOKEN": "x"}) == Settings()


def test_openai_needs_its_key() -> None:
    """Unless another server is asked, which may want none."""
    assert problems({"TELECINE_TRANSCRIBER": "openai"}) == ["OPENAI_API_KEY: required for TELECINE_TRANSCRIBER=openai"]
    assert problems({"TELECINE_TRANSCRIBER": "openai", "OPENAI_API_KEY": ""})
    assert (
        load_settings({"TELECINE_TRANSCRIBER": "openai", "OPENAI_API_KEY": "sk-x"}).transcription.openai_api_key
        is not None
    )
    local = {"TELECINE_TRANSCRIBER": "openai", "OPENAI_BASE_URL": "http://127.0.0.1:9/v1"}
    assert load_settings(local).transcription.openai_api_key is None


@pytest.mark.parametrize("key", ["sk-canary key", "sk-canary\nkey", "sk-canary-ключ", "sk-canary\x00", "\n"])
def test_a_key_that_no_header_can_carry_is_refused_unshown(key: str) -> None:
    """At the start, and not by the first video."""
    assert problems({"OPENAI_API_KEY": key}) == ["OPENAI_API_KEY: printable ASCII without spaces is required"]


def test_the_end_of_the_line_is_no_part_of_a_key() -> None:
    """Secret files end with one."""
    key = load_settings({"OPENAI_API_KEY": " sk-x\r\n"}).transcription.openai_api_key
    assert key is not None
    assert key.reveal() == "sk-x"


@pytest.mark.parametrize(
    "url", ["https://video.example", "http://127.0.0.1:8000", "http://[::1]:8000/telecine", "https://vidéo.example"]
)
def test_a_web_address_is_taken_as_it_is(url: str) -> None:
    """With or without a port and a path."""
    settings = load_settings({"TELECINE_PUBLIC_URL": url, "OPENAI_BASE_URL": url})
    assert (settings.server.public_url, settings.transcription.openai_base_url) == (url, url)


def test_a_password_in_a_wrong_url_is_not_shown() -> None:
    """The line tells what is needed, not what was given."""
    assert "canary" not in "".join(problems({"OPENAI_BASE_URL": "ftp://user:canary@host"}))


def test_an_empty_value_is_none() -> None:
    """`NAME=` takes a setting back, as compose files do."""
    environment = {setting.variable: "" for setting in every_setting()}
    assert load_settings(environment) == Settings()


def test_the_env_file_is_read(tmp_path: Path) -> None:
    """From the folder that the program is started in; comments and quotes are fine."""
    (tmp_path / ".env").write_text('# ours\nTELECINE_COMPRESSION_CRF=31\nexport TELECINE_JWT_ISSUER="an issuer"\n')
    settings = load_settings()
    assert (settings.compression.crf, settings.tokens.jwt_issuer) == (31, "an issuer")


def test_a_wrong_env_file_is_told_like_the_environment(tmp_path: Path) -> None:
    """Misspelt names in it too."""
    (tmp_path / ".env").write_text("TELECINE_CRF=1\nTELECINE_COMPRESSION_CRF=x\nOTHER=1\n")
    with pytest.raises(SettingsError) as caught:
        load_settings()
    assert [line.split(":")[0] for line in caught.value.problems] == ["TELECINE_COMPRESSION_CRF", "TELECINE_CRF"]


def test_the_nearer_source_wins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Overrides over the environment, over `.env`, over the caller's defaults, over our own."""
    defaults = {"TELECINE_COMPRESSION_CRF": 20}
    assert load_settings().compression.crf is None
    assert load_settings(defaults=defaults).compression.crf == 20
    (tmp_path / ".env").write_text("TELECINE_COMPRESSION_CRF=21\n")
    assert load_settings(defaults=defaults).compression.crf == 21
    monkeypatch.setenv("TELECINE_COMPRESSION_CRF", "22")
    assert load_settings(defaults=defaults).compression.crf == 22
    assert load_settings(defaults=defaults, overrides={"TELECINE_COMPRESSION_CRF": 23}).compression.crf == 23


def test_secrets_do_not_show_themselves() -> None:
    """Neither in a repr, nor in a formatted text, nor in an error."""
    settings = load_settings({"TELECINE_JWT_SECRET": SECRET, "OPENAI_API_KEY": "sk-private"})
    assert repr(Secret("x")) == str(Secret("x")) == "Secret('***')"
    for told in (repr(settings), str(settings), f"{settings.tokens.jwt_secret}"):
        assert SECRET not in told
        assert "sk-private" not in told
    assert "short" not in "".join(problems({"TELECINE_JWT_SECRET": "short"}))


def test_the_secrets_length_counts_bytes() -> None:
    """As the algorithm does (RFC 7518, section 3.2)."""
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


def test_servers_are_named_by_urls() -> None:
    """Postgres, Redis and the bucket, with nothing secret shown."""
    settings = load_settings(PRODUCTION)
    assert settings.database.url is not None
    assert settings.database.url.reveal() == PRODUCTION["TELECINE_DATABASE_URL"]
    assert settings.storage.s3_region == "auto"
    assert "hush" not in repr(settings)


@pytest.mark.parametrize(
    ("variables", "told"),
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
def test_what_does_not_fit_together_is_told(variables: dict[str, str], told: str) -> None:
    """By the variable's name, and without a secret."""
    found = problems({**PRODUCTION, **variables})
    assert any(line.startswith(told) for line in found), found
    assert "hush" not in "".join(found)
