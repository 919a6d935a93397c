"""The command line, tested within this process."""

import asyncio
import socket
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import TypeAlias

import pytest
from click.testing import CliRunner, Result

from domain.model.access.principal import DEFAULT_SCOPES, Principal, Scope
from domain.model.ids import UserId
from entrypoints.bootstrap.tokens import token_authority
from entrypoints.cli.main import main
from entrypoints.config.tokens import TokenSettings

Telecine: TypeAlias = Callable[..., Result]
COMMANDS = ["dev", "serve", "worker", "migrate", "doctor", "token", "sweep", "upload", "watch", "demo"]


@pytest.fixture
def telecine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Telecine:
    """Run the command in an empty folder; keywords are environment variables."""
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str, **environment: str) -> Result:
        return CliRunner(env=environment).invoke(main, list(arguments))

    return run


@contextmanager
def another_server(body: bytes) -> Generator[str]:
    """A web server that is not Telecine, and answers every POST with 200 and this body."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            """Send the response."""
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the base class has it)
            """Log nothing."""

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        serving = threading.Thread(target=server.serve_forever)
        serving.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            serving.join()


def test_help_lists_every_command(telecine: Telecine) -> None:
    """And no other command."""
    result = telecine("--help")
    assert result.exit_code == 0
    assert set(main.commands) == set(COMMANDS)
    assert all(f"  {name} " in result.output for name in COMMANDS)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(telecine: Telecine, command: str) -> None:
    """With a sentence, and a help text for each option."""
    result = telecine(command, "--help")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.output.startswith(f"Usage: main {command} ")
    assert "." in result.output


def test_the_version_is_shown(telecine: Telecine) -> None:
    """It is that of the installed distribution."""
    result = telecine("--version")
    assert (result.exit_code, "version" in result.output) == (0, True)


def test_token_prints_a_token_and_nothing_else(telecine: Telecine, tmp_path: Path) -> None:
    """The installation accepts it for this user."""
    result = telecine("token", "--user", "auth0|ada", "--data-dir", "state")
    assert (result.exit_code, result.stderr) == (0, "")
    (token,) = result.stdout.splitlines()
    authority = token_authority(TokenSettings(), data_dir=tmp_path / "state")
    assert asyncio.run(authority.verify(token)) == Principal(UserId("auth0|ada"), DEFAULT_SCOPES)


@pytest.mark.parametrize("scopes", [[Scope.READ], [Scope.WRITE], [Scope.WRITE, Scope.READ], [Scope.READ] * 2])
def test_token_may_be_limited_to_scopes(telecine: Telecine, tmp_path: Path, scopes: list[Scope]) -> None:
    """With one `--scope` per scope."""
    result = telecine("token", "--user", "ada", *[f"--scope={scope}" for scope in scopes])
    authority = token_authority(TokenSettings(), data_dir=tmp_path / "telecine-data")
    assert asyncio.run(authority.verify(result.stdout.strip())).scopes == frozenset(scopes)


@pytest.mark.parametrize("scope", ["", "videos", "videos:admin", "videos:read videos:write"])
def test_token_rejects_an_unknown_scope(telecine: Telecine, scope: str) -> None:
    """It would be a token without any permission."""
    result = telecine("token", "--user", "ada", "--scope", scope)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "videos:read" in result.stderr


def test_token_says_that_an_identity_provider_issues_tokens(telecine: Telecine, tmp_path: Path) -> None:
    """The provider is not contacted, and no secret is created."""
    result = telecine("token", "--user", "ada", TELECINE_JWKS_URL="https://idp.example/keys")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith("Error: Tokens are issued by the configured identity provider")
    assert result.stderr.endswith("(tokens_issued_elsewhere)\n")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("user", ["", "two words", "x" * 129, "ada\n", "é"])
def test_token_rejects_an_invalid_user_id(telecine: Telecine, user: str) -> None:
    """With one line that states the rule."""
    result = telecine("token", "--user", user)
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith("Error: ")
    assert result.stderr.endswith("(invalid_subject)\n")


def test_upload_refuses_days_for_a_file_that_is_to_be_deleted(telecine: Telecine) -> None:
    """Before any request; days alone mean that the file is kept."""
    Path("clip.mp4").write_bytes(b"x")
    result = telecine("upload", "clip.mp4", "--token", "t", "--original", "delete", "--keep-days", "3")
    assert result.exit_code == 2
    assert "exclude each other" in result.stderr


@pytest.mark.parametrize("command", ["dev", "serve", "worker", "migrate", "token", "demo"])
def test_wrong_settings_are_reported_at_once(telecine: Telecine, command: str) -> None:
    """With exit code 1 and one line each; nothing is created."""
    user = ["--user", "ada"] if command == "token" else []
    port = ["--port", "0"] if command in {"dev", "serve"} else []
    result = telecine(command, *user, *port, TELECINE_PORT="1", TELECINE_COMPRESSION_CRF="99", OPENAI_API_KEY="sk-x")
    assert result.exit_code == 1
    assert result.stderr.splitlines() == [
        "Error: the settings are wrong",
        "TELECINE_COMPRESSION_CRF: Expected `int` <= 63",
        "TELECINE_PORT: there is no such setting",
    ]
    assert list(Path().iterdir()) == []


def test_migrate_makes_the_database(telecine: Telecine) -> None:
    """It may run twice."""
    for _ in range(2):
        result = telecine("migrate", "--data-dir", "state")
        assert (result.exit_code, result.output) == (0, "")
    assert Path("state/telecine.db").read_bytes().startswith(b"SQLite format 3")


def test_a_folder_that_can_not_be_made_is_one_line(telecine: Telecine) -> None:
    """With the operating system's reason, and no traceback."""
    Path("file").touch()
    result = telecine("migrate", TELECINE_DATA_DIR="file/state")
    assert (result.exit_code, result.stderr) == (1, "Error: file/state: Not a directory\n")


@pytest.mark.parametrize("command", ["dev", "serve"])
def test_a_port_in_use_is_one_line(telecine: Telecine, command: str) -> None:
    """It is detected before anything starts."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1])
        result = telecine(command, "--port", port, "--data-dir", "state")
    assert result.exit_code == 1
    assert result.stderr == f"Error: Can't listen on 127.0.0.1:{port}: Address already in use. (address_in_use)\n"


@pytest.mark.parametrize("host", ["nowhere.invalid", "192.0.2.1", "a..b"])
@pytest.mark.parametrize("command", ["dev", "serve"])
def test_an_unusable_address_is_one_line(telecine: Telecine, command: str, host: str) -> None:
    """Unknown, of another machine, or not a name at all: another port would not help."""
    result = telecine(command, "--host", host, "--port", "0", "--data-dir", "state")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith(f"Error: Can't listen on {host}:0: ")
    assert result.stderr.endswith(" (address_unusable)\n")


def test_a_port_is_a_port(telecine: Telecine) -> None:
    """It has 16 bits."""
    result = telecine("dev", "--port", "65536")
    assert result.exit_code == 2
    assert "65536 is not in the range" in result.stderr


@pytest.mark.parametrize(
    ("url", "token", "code"),
    [
        ("http://127.0.0.1:1", "x", "server_unreachable"),
        ("127.0.0.1:1", "x", "server_unreachable"),
        ("http://[::", "x", "invalid_url"),
        ("http://127.0.0.1:1", "é", "invalid_token"),
    ],
)
def test_upload_reports_its_error(telecine: Telecine, url: str, token: str, code: str) -> None:
    """In one line, with exit code 1."""
    Path("clip.mp4").write_bytes(b"x")
    result = telecine("upload", "clip.mp4", "--url", url, "--token", token)
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith("Error: ")
    assert result.stderr.endswith(f"({code})\n")
    assert len(result.stderr.splitlines()) == 1


@pytest.mark.parametrize("body", [b"<html>", b"\xff"])
def test_upload_detects_a_server_that_is_not_telecine(telecine: Telecine, body: bytes) -> None:
    """The server responds, but not with Telecine's format."""
    Path("clip.mp4").write_bytes(b"x")
    with another_server(body) as url:
        result = telecine("upload", "clip.mp4", "--url", url, TELECINE_TOKEN="x")
    assert result.exit_code == 1
    assert result.stderr == "Error: The response is not JSON; is the server Telecine? (unexpected_answer)\n"


def test_upload_needs_a_token(telecine: Telecine) -> None:
    """The usage error says where to get one."""
    Path("clip.mp4").write_bytes(b"x")
    result = telecine("upload", "clip.mp4")
    assert result.exit_code == 2
    assert "TELECINE_TOKEN" in result.stderr


def test_upload_needs_a_file(telecine: Telecine) -> None:
    """The file must exist."""
    result = telecine("upload", "nowhere.mp4", "--token", "x")
    assert result.exit_code == 2
    assert "'nowhere.mp4' does not exist" in result.stderr
