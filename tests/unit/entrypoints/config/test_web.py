"""Settings of the web page, above all where it signs in without a token."""

from pathlib import Path

import pytest
from msgspec.structs import replace

from entrypoints.cli.commands.servers import listening_socket, server_settings
from entrypoints.config.database import DatabaseSettings
from entrypoints.config.loading import load_settings
from entrypoints.config.server import ServerSettings
from entrypoints.config.settings import Settings, every_setting
from entrypoints.config.storage import StorageSettings
from entrypoints.config.tokens import TokenSettings
from entrypoints.config.values import Secret, SettingsError
from entrypoints.config.web import WebSettings

DEFAULT = Settings()
POSTGRES = DatabaseSettings(url=Secret("postgresql://localhost/telecine"))


@pytest.fixture(autouse=True)
def empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No `.env` in the working directory, and no setting in the environment."""
    monkeypatch.chdir(tmp_path)
    for setting in every_setting():
        monkeypatch.delenv(setting.variable, raising=False)


@pytest.mark.parametrize("address", ["127.0.0.1", "::1"])
def test_the_embedded_default_on_loopback_signs_in(address: str) -> None:
    """Whoever starts it without settings opens the page signed in."""
    assert DEFAULT.allows_local_sign_in(address)


@pytest.mark.parametrize("address", ["0.0.0.0", "::", "192.0.2.7"])  # noqa: S104 (addresses to compare)
def test_a_server_that_others_can_reach_does_not(address: str) -> None:
    """A proxy in front of it could make every client look local."""
    assert not DEFAULT.allows_local_sign_in(address)


@pytest.mark.parametrize(
    "settings",
    [
        replace(DEFAULT, server=ServerSettings(public_url="https://telecine.example")),
        replace(DEFAULT, tokens=TokenSettings(jwks_url="https://id.example/keys")),
        replace(DEFAULT, database=POSTGRES),
        replace(DEFAULT, storage=StorageSettings(s3_bucket="videos")),
        replace(DEFAULT, web=WebSettings(page_local_sign_in=False)),
    ],
)
def test_an_installation_that_serves_others_does_not(settings: Settings) -> None:
    """A public URL, an identity provider, a server database or a bucket are signs of one."""
    assert not settings.allows_local_sign_in("127.0.0.1")


def test_the_operator_decides() -> None:
    """The setting takes precedence, but a provider's tokens cannot be issued here."""
    chosen = replace(DEFAULT, database=POSTGRES, web=WebSettings(page_local_sign_in=True))
    assert chosen.allows_local_sign_in("127.0.0.1")
    with pytest.raises(SettingsError) as caught:
        load_settings({"TELECINE_PAGE_LOCAL_SIGN_IN": "true", "TELECINE_JWKS_URL": "https://id.example/keys"})
    assert caught.value.problems[0].startswith("TELECINE_PAGE_LOCAL_SIGN_IN: ")


@pytest.mark.parametrize(("host", "signs_in"), [("127.0.0.1", True), ("0.0.0.0", False)])  # noqa: S104 (bound for a moment)
def test_the_address_that_a_server_listens_on_counts(host: str, signs_in: bool) -> None:  # noqa: FBT001 (a case)
    """Not the public URL, which for the unspecified address is a loopback address, too."""
    with listening_socket(host, 0) as listener:
        settings = server_settings(listener, host=host, overrides={})
    assert settings.web.page_local_sign_in is signs_in


def test_a_share_of_the_users_needs_the_other_way() -> None:
    """Without the upload through the API, the others could not upload."""
    with pytest.raises(SettingsError) as caught:
        load_settings({"TELECINE_DIRECT_UPLOAD_SHARE": "0.1", "TELECINE_PROXIED_UPLOAD": "false"})
    assert caught.value.problems[0].startswith("TELECINE_DIRECT_UPLOAD_SHARE: ")
    assert load_settings({"TELECINE_DIRECT_UPLOAD_SHARE": "0.1"}).uploads.direct_upload_share == 0.1
