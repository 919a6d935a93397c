"""`telecine demo`: uploads, processes and transcribes a sample video on this machine, over HTTP."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Generator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import click

from domain.model.errors import Conflict, Unavailable
from entrypoints.cli.api_client.client import Client
from entrypoints.cli.commands.servers import listening_socket
from entrypoints.cli.commands.tokens import issue
from entrypoints.cli.commands.upload import upload_and_follow
from entrypoints.config.settings import Settings
from entrypoints.config.values import variable

SAMPLE = Path(__file__).parents[1] / "sample.mp4"
HOST = "127.0.0.1"
PORT = 8000
USER = "local"  # The user as whom the web page signs in, so that it shows the video.
START_TIMEOUT_S = 60.0


def run_demo(settings: Settings, *, is_staying: bool = False) -> None:
    """Start Telecine, upload the sample as any client would, show the result, and stop Telecine.

    With `is_staying`, Telecine runs until a stop signal.

    Raises:
        Unavailable: `demo_not_started`: the server did not start; `demo_ended`: it ended by itself.
        ClickException: the video failed.
    """
    token = issue(settings, USER)
    url = f"http://{HOST}:{_free_port()}"
    with _running_server(settings, url, Client(url, token)) as server:
        click.echo(f"Telecine runs on {url}. Uploading {SAMPLE.name} …", err=True)
        video = upload_and_follow(SAMPLE, url=url, token=token)
        with closing(Client(url, token)) as client:
            playback = client.playback(video["video_id"])
        _print_result(settings, video["video_id"], playback["size_bytes"])
        if is_staying:
            _stay(server, settings, url, video["video_id"])
            return
    _print_next_steps(settings, video["video_id"])


def _free_port() -> int:
    """The port of `telecine dev`, if it is free; otherwise any."""
    for port in (PORT, 0):
        with suppress(Conflict), listening_socket(HOST, port) as reserved:
            free: int = reserved.getsockname()[1]
            return free
    raise Unavailable("There is no free port.", code="demo_not_started")


def _stay(server: subprocess.Popen[bytes], settings: Settings, url: str, video_id: str) -> None:
    """Wait for a stop signal, which may be sent to this process alone."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    shown = f"{url}/v/{video_id}" if settings.web.page else f"{url}/schema"
    click.echo(f"\nOpen {shown}\nPress Ctrl-C to stop.", err=True)
    with suppress(KeyboardInterrupt):
        server.wait()
        raise Unavailable(f"The server ended; see {settings.storage.data_dir / 'demo.log'}.", code="demo_ended")


@contextmanager
def _running_server(settings: Settings, url: str, client: Client) -> Generator[subprocess.Popen[bytes]]:
    port = url.rpartition(":")[2]
    command = [sys.executable, "-m", "entrypoints.cli", "dev", "--host", HOST, "--port", port]
    command += ["--data-dir", str(settings.storage.data_dir)]
    # The demo's URLs must point to the demo's server, even if the settings name another public URL.
    environment = {**os.environ, variable("public_url"): url}
    log = settings.storage.data_dir / "demo.log"
    # Open in append mode, because another demo may be writing to the same file.
    with log.open("ab") as stream:
        log_start = stream.tell()
        server = subprocess.Popen(command, stderr=stream, stdout=stream, env=environment)
        try:
            with closing(client):
                _wait_until_ready(server, client, log, log_start)
            yield server
        finally:
            server.terminate()
            server.wait()


def _wait_until_ready(server: subprocess.Popen[bytes], client: Client, log: Path, log_start: int) -> None:
    deadline = time.monotonic() + START_TIMEOUT_S
    while not client.is_ready():
        if server.poll() is not None or time.monotonic() > deadline:
            raise Unavailable(f"The server did not start: {_reason(log, log_start)}", code="demo_not_started")
        time.sleep(0.1)


def _reason(log: Path, log_start: int) -> str:
    """The last error that the server printed in this run, or else a pointer to its log."""
    lines = log.read_bytes()[log_start:].decode(errors="replace").splitlines()
    errors = [line.removeprefix("Error: ") for line in lines if line.startswith("Error: ")]
    return errors[-1] if errors else f"see {log}."


def _print_result(settings: Settings, video_id: str, size_bytes: int) -> None:
    folder = settings.storage.data_dir
    click.echo(
        f"""
Done: video {video_id} is completed; its rendition has {size_bytes:,} bytes.
  The rendition and its poster:   {folder}/bucket/objects/derived/{USER}/{video_id}/
  The log of this run:            {folder}/demo.log""",
        err=True,
    )


def _print_next_steps(settings: Settings, video_id: str) -> None:
    folder, command = settings.storage.data_dir, _command()
    page = f"open http://{HOST}:{PORT}/v/{video_id}" if settings.web.page else f"http://{HOST}:{PORT}"
    click.echo(
        f"""To continue manually:
  {command} dev --data-dir {folder}              # Then {page}; API reference at /schema
  {command} token --user {USER} --data-dir {folder}
  {command} upload FILE --token TOKEN""",
        err=True,
    )


def _command() -> str:
    """The command that runs this program from the current directory."""
    program = Path(sys.argv[0]).absolute()
    return str(program.relative_to(Path.cwd())) if program.is_relative_to(Path.cwd()) else program.name
