"""The server as a process: its public address, its limits, and its shutdown."""

import socket
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from telecine_client.client import Client
from tests.e2e.commands import Running, Shell
from tests.e2e.processes import running

MAX_STOP_S = 60.0


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    """A shell in an empty folder, without a transcriber."""
    return Shell(tmp_path, {"TELECINE_TRANSCRIBER": "none"})


def ipv6_or_skip() -> None:
    """Skip the test where IPv6 is missing, as in some containers."""
    try:
        with socket.create_server(("::1", 0), family=socket.AF_INET6):
            pass
    except OSError:
        pytest.skip("no IPv6 here")


def answer_of(connection: socket.socket) -> bytes:
    """Read until the server closes the connection."""
    pieces: list[bytes] = []
    while piece := connection.recv(65536):
        pieces.append(piece)
    return b"".join(pieces)


def connect(url: str) -> socket.socket:
    """Connect to the host and port of this URL."""
    parts = urlsplit(url)
    return socket.create_connection((parts.hostname, parts.port), timeout=60)


def warnings_of(server: Running) -> list[str]:
    """The warning lines in the server's log."""
    return [line for line in server.log.read_text().splitlines() if line.startswith("Warning: ")]


@pytest.mark.parametrize(("host", "local"), [("0.0.0.0", "127.0.0.1"), ("::", "[::1]")])  # noqa: S104 (that is the case)
def test_a_wildcard_address_is_not_a_public_address(shell: Shell, host: str, local: str) -> None:
    """Listening on all addresses without a public URL logs a warning; URLs then work on this machine only."""
    if ":" in host:
        ipv6_or_skip()
    with shell.running("serve", "--host", host, "--port", "0") as server:
        url = server.url()
        assert url.startswith(f"http://{local}:")
        client = Client(url, shell.token())
        assert client.request_upload("clip.mp4", 5, "")["upload_url"].startswith(f"{url}/bucket/")
        client.close()
        (warning,) = warnings_of(server)
        assert "TELECINE_PUBLIC_URL" in warning


def test_a_public_url_needs_no_warning(tmp_path: Path) -> None:
    """The server announces the public URL unchanged."""
    settings = {"TELECINE_TRANSCRIBER": "none", "TELECINE_PUBLIC_URL": "https://telecine.example"}
    with Shell(tmp_path, settings).running("serve", "--host", "0.0.0.0", "--port", "0") as server:  # noqa: S104 (that is the case)
        server.says("Telecine listens on https://telecine.example ")
        assert warnings_of(server) == []


def test_a_head_without_end_is_refused(shell: Shell) -> None:
    """The limit on request headers holds in the real server."""
    with shell.running("serve", "--port", "0") as server, connect(server.url()) as connection:
        connection.sendall(b"GET /health/live HTTP/1.1\r\nHost: x\r\n" + b"X: y\r\n" * 14_000)
        assert answer_of(connection).startswith(b"HTTP/1.1 431 ")


def test_an_upload_that_outlasts_the_server_may_try_again(shell: Shell) -> None:
    """The client gets 503 with Retry-After, and the log has no traceback."""
    with shell.running("serve", "--port", "0") as server:
        client = Client(server.url(), shell.token())
        grant = client.request_upload("clip.mp4", 1000, "")
        client.close()
        upload_url: str = grant["upload_url"]
        target = urlsplit(upload_url)
        with connect(upload_url) as connection:
            head = f"PUT {target.path}?{target.query} HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n"
            head += "".join(f"{name}: {value}\r\n" for name, value in grant["headers"].items())
            # The server sends 100 Continue once the upload has begun.
            connection.sendall(f"{head}Expect: 100-continue\r\n\r\n".encode())
            assert connection.recv(65536).startswith(b"HTTP/1.1 100 ")
            assert server.stop(timeout_s=MAX_STOP_S) == 0
            answer = answer_of(connection).lower()
        log = server.log.read_text()
    assert answer.startswith(b"http/1.1 503 "), answer
    assert b"\r\nretry-after: " in answer
    assert b"\r\nconnection: close\r\n" in answer
    assert "Traceback" not in log
    assert "request_cut_off" in log


def test_processes_of_tests_read_no_env_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The `.env` file of a contributor must not affect the tests."""
    (tmp_path / ".env").write_text("TELECINE_NONSENSE=1\n")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "empty").mkdir()
    with running(tmp_path / "empty" / "data", TELECINE_TRANSCRIBER="none") as telecine:
        assert telecine.token()
        assert httpx.get(f"{telecine.url}/health/live").is_success


@pytest.mark.parametrize(("filename", "token", "status"), [("notes.txt", None, 422), ("clip.mp4", "bad", 401)])
def test_a_client_that_sends_everything_first_still_gets_the_refusal(
    shell: Shell, filename: str, token: str | None, status: int
) -> None:
    """The server reads on before it closes: a reset connection would hide the response from a simple client."""
    head = f'--b\r\nContent-Disposition: form-data; name="file"; filename="{filename}"\r\n\r\n'
    body = head.encode() + b"\0" * 20_000_000 + b"\r\n--b--\r\n"
    with shell.running("serve", "--port", "0") as server:
        url = urlsplit(server.url())
        headers = {
            "Authorization": f"Bearer {token or shell.token()}",
            "Content-Type": "multipart/form-data; boundary=b",
        }
        for _ in range(5):
            connection = HTTPConnection(url.hostname or "", url.port, timeout=60)
            connection.request("POST", "/api/videos/upload", body, headers)
            answer = connection.getresponse()
            assert (answer.status, answer.headers["Connection"]) == (status, "close")
            connection.close()
