"""Generates src/entrypoints/cli/sample.mp4, which the demo uploads; needs an ffmpeg with flite and drawtext."""

import subprocess
import tempfile
from pathlib import Path

TARGET = Path(__file__).parent.parent / "src" / "entrypoints" / "cli" / "sample.mp4"
SENTENCES = (
    "Welcome to your own video service.",
    "Your browser uploads each video straight to your own storage.",
    "Then the service makes the video smaller, and writes down every word.",
    "You can read the captions, search them, and jump to any moment.",
    "Nothing is lost, even when the power fails.",
)
PAUSE_S = 0.9
WIDTH, HEIGHT, FRAME_RATE = 1280, 720, 25


def main() -> None:
    """Synthesize the sentences with pauses between them, and add a moving picture."""
    with tempfile.TemporaryDirectory() as folder:
        speech = Path(folder) / "speech.wav"
        _speak(speech)
        _film(speech, TARGET)
    print(f"{TARGET}: {TARGET.stat().st_size} bytes")


def _speak(target: Path) -> None:
    """Use one flite source per sentence, because a single one leaves no silence at which the speech can be cut."""
    voices = [f"flite=voice=slt:text='{_escaped(sentence)}'" for sentence in SENTENCES]
    inputs = [argument for voice in voices for argument in ("-f", "lavfi", "-i", voice)]
    padded = [f"[{index}]apad=pad_dur={PAUSE_S}[s{index}]" for index in range(len(SENTENCES))]
    joined = "".join(f"[s{index}]" for index in range(len(SENTENCES)))
    graph = ";".join([*padded, f"{joined}concat=n={len(SENTENCES)}:v=0:a=1,adelay=700,volume=2[speech]"])
    _ffmpeg(*inputs, "-filter_complex", graph, "-map", "[speech]", "-ar", "48000", str(target))


def _film(speech: Path, target: Path) -> None:
    """Encode the picture with far more bits than it needs, so that the demo shows a reduction in size."""
    colours = "c0=0x0b1d3a:c1=0x0f5e78:c2=0xb8473a:c3=0x4a2545"
    line = f"x0=0:y0=0:x1={WIDTH}:y1={HEIGHT}"
    picture = f"gradients=s={WIDTH}x{HEIGHT}:r={FRAME_RATE}:n=4:speed=0.012:seed=7:{line}:{colours}"
    title = (
        "drawtext=font=Sans:text=Telecine:fontsize=128:fontcolor=white@0.92:shadowcolor=black@0.3:shadowx=3:shadowy=3:"
        "x=(w-text_w)/2+40*sin(t/3):y=(h-text_h)/2-40"
    )
    subtitle = (
        "drawtext=font=Sans:text='a sample clip, %{pts\\:hms}':fontsize=36:fontcolor=white@0.8:"
        "x=(w-text_w)/2-40*sin(t/3):y=h/2+70"
    )
    _ffmpeg(
        *("-f", "lavfi", "-i", picture, "-i", str(speech)),
        *("-vf", f"{title},{subtitle},noise=alls=3:allf=t,format=yuv420p", "-shortest"),
        *("-c:v", "libx264", "-preset", "medium", "-b:v", "880k", "-maxrate", "1200k", "-bufsize", "2400k"),
        *("-c:a", "aac", "-b:a", "96k", "-ac", "1", "-map_metadata", "-1", "-movflags", "+faststart", str(target)),
    )


def _escaped(text: str) -> str:
    return text.replace(",", "\\,")


def _ffmpeg(*arguments: str) -> None:
    subprocess.run(["ffmpeg", "-hide_banner", "-loglevel", "error", "-y", *arguments], check=True)  # noqa: S607 - a developer's own ffmpeg


if __name__ == "__main__":
    main()
