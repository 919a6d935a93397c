"""The cost of a video without a service: the same steps as separate commands."""

import subprocess
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from shutil import copyfileobj
from time import perf_counter
from urllib.parse import urlsplit

from benchmarks.processes import need

TIMEOUT_S = 600.0


@dataclass(frozen=True, slots=True)
class BareSteps:
    """The duration of each step of one round; `transcribe_s` is the delay of the simulated transcriber."""

    download_s: float
    encode_s: float
    audio_s: float
    transcribe_s: float
    upload_s: float

    @property
    def side_by_side_s(self) -> float:
        """The ideal total: compression and transcription run in parallel without slowing each other down."""
        return self.download_s + max(self.encode_s, self.audio_s + self.transcribe_s) + self.upload_s

    @property
    def one_after_the_other_s(self) -> float:
        """The total if every step runs on its own, as in a script."""
        return self.download_s + self.encode_s + self.audio_s + self.transcribe_s + self.upload_s


def bare_steps(folder: Path, get_url: str, put_url: str, *, transcribe_s: float) -> BareSteps:
    """Download, compress, extract the speech, upload."""
    source, rendition, audio = folder / "bare.mp4", folder / "bare-rendition.mp4", folder / "bare.ogg"
    return BareSteps(
        download_s=_timed(lambda: download(get_url, source)),
        encode_s=_timed(lambda: encode(source, rendition)),
        audio_s=_timed(lambda: _ffmpeg(source, _SPEECH, audio)),
        transcribe_s=transcribe_s,
        upload_s=_timed(lambda: put(rendition, put_url)),
    )


def encode(source: Path, target: Path) -> None:
    """Encode with the default profile, as a plain ffmpeg command."""
    _ffmpeg(source, _RENDITION, target)


def download(url: str, target: Path) -> None:
    """Download a URL to a file."""
    address = urlsplit(url)
    with closing(HTTPConnection(address.netloc, timeout=TIMEOUT_S)) as connection, target.open("wb") as stream:
        connection.request("GET", f"{address.path}?{address.query}")
        answer = connection.getresponse()
        if not answer.status // 100 == 2:  # noqa: PLR2004 (any kind of success)
            raise RuntimeError(f"The bucket returned {answer.status}.")
        copyfileobj(answer, stream, 1024 * 1024)


def put(source: Path, url: str, *, content_type: str = "video/mp4") -> None:
    """Upload a file to a URL."""
    address = urlsplit(url)
    headers = {"Content-Type": content_type, "Content-Length": str(source.stat().st_size)}
    with closing(HTTPConnection(address.netloc, timeout=TIMEOUT_S)) as connection, source.open("rb") as stream:
        connection.putrequest("PUT", f"{address.path}?{address.query}")
        for name, value in headers.items():
            connection.putheader(name, value)
        connection.endheaders()
        connection.sock.sendfile(stream)
        answer = connection.getresponse()
        if not answer.status // 100 == 2:  # noqa: PLR2004 (any kind of success)
            raise RuntimeError(f"The bucket returned {answer.status}: {answer.read()[:500]!r}")


_RENDITION = (
    *("-vf", "scale=-2:720", "-c:v", "libx264", "-preset", "veryfast", "-crf", "26", "-pix_fmt", "yuv420p"),
    *("-c:a", "aac", "-b:a", "128k", "-ac", "2", "-movflags", "+faststart"),
)
_SPEECH = ("-vn", "-ac", "1", "-ar", "16000", "-c:a", "libopus", "-b:a", "32k")


def _ffmpeg(source: Path, options: Sequence[str], target: Path) -> None:
    ffmpeg = need("ffmpeg", "The package is called ffmpeg.")
    argv = [ffmpeg, "-nostdin", "-loglevel", "error", "-y", "-i", str(source), *options, str(target)]
    subprocess.run(argv, check=True)


def _timed(step: Callable[[], None]) -> float:
    began = perf_counter()
    step()
    return perf_counter() - began
