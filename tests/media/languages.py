"""Speech in a language that ffmpeg's synthesiser does not speak."""

import subprocess
from pathlib import Path

# From `tests/data/multilingual.mp3` of SYSTRAN/faster-whisper (MIT licence, Copyright (c) 2023 SYSTRAN), seconds 30 to
# 44: the beginning of the MIT licence in German.
GERMAN = Path(__file__).with_name("recordings") / "german.ogg"
GERMAN_WORDS = ("software", "dokumentation", "genehmigung", "insbesondere")


def german_chunk(target: Path) -> Path:
    """A chunk as a transcriber receives it."""
    return _ffmpeg("-i", GERMAN, "-ar", 16_000, "-ac", 1, "-c:a", "pcm_s16le", target)


def german_film(target: Path, *, tag: str | None = None) -> Path:
    """A video with German speech; the audio track has this tag."""
    picture = ("-f", "lavfi", "-i", "color=s=128x96:r=5:d=14")
    tags = () if tag is None else ("-metadata:s:a:0", f"language={tag}")
    codecs = ("-c:v", "libx264", "-preset", "ultrafast", "-c:a", "aac", "-shortest")
    return _ffmpeg(*picture, "-i", GERMAN, "-map", "0:v", "-map", "1:a", *codecs, *tags, target)


def melody(target: Path) -> Path:
    """Ten seconds of plucked notes."""
    notes = "0.3*sin(2*PI*(261.6*pow(2,floor(mod(t*3,8))/12))*t)*exp(-3*mod(t,0.3333))"
    source = f"aevalsrc='{notes}':d=10:s=16000"
    return _ffmpeg("-f", "lavfi", "-i", source, "-ac", 1, "-c:a", "pcm_s16le", target)


def _ffmpeg(*arguments: object) -> Path:
    argv = ["ffmpeg", "-nostdin", "-loglevel", "error", "-y", *map(str, arguments)]
    subprocess.run(argv, check=True)
    return Path(str(arguments[-1]))
