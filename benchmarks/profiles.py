"""Size, SSIM and encoding time of the compression profiles, against a plain x264 command."""

import asyncio
import math
import re
import subprocess
import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import mean
from time import perf_counter

from adapters.ffmpeg.runner import Runner
from adapters.ffmpeg.transcoder import STALL_S, FFmpegTranscoder
from benchmarks.figures import Figure, figure
from benchmarks.processes import need
from benchmarks.scale import FULL, Outcome, Scale
from domain.model.media.compression_profile import CompressionProfile, RenditionCodec
from domain.model.media.frame_size import display_size
from domain.model.media.remux_rules import can_remux
from domain.model.media.rendition_check import check_rendition
from domain.model.media.storyboard import storyboard_sheet
from entrypoints.config.compression import CompressionSettings

SCENE_S = 5
RATE = 30
# A camera's slow zoom, a drawn screen, soft shapes that appear and vanish, and a camera's zoom in poor light. Four
# scenes, because a single one may suit one encoder much better than another.
SCENES = (
    "mandelbrot=s=1280x720:r=30:maxiter=120:end_scale=0.2:end_pts=900,gblur=sigma=1.2,noise=alls=2:allf=t",
    "testsrc2=s=320x180:r=30,scale=1280:720:flags=bicubic",
    "life=s=160x90:r=6:mold=10:life_color=#c0a040:death_color=#203060:seed=7,scale=1280:720,gblur=sigma=3,fps=30",
    "mandelbrot=s=640x360:r=30:maxiter=120:end_scale=0.6:end_pts=900,scale=1280:720,noise=alls=3:allf=t",
)
BARE_CRFS = (22, 26, 30)
_NEARLY_LOSSLESS = ("-c:v", "libx264", "-preset", "superfast", "-crf", "8", "-pix_fmt", "yuv420p")
# Telecine's default profile as a plain ffmpeg command.
_BARE = ("-c:v", "libx264", "-preset", "veryfast", "-pix_fmt", "yuv420p", "-an", "-movflags", "+faststart")
_SSIM = re.compile(r"All:([\d.]+)")


@dataclass(frozen=True, slots=True)
class Encoded:
    """One encoding of the clip; `ssim` is its similarity to the source (luma and chroma; 1.0 is identical)."""

    size_bytes: int
    ssim: float
    seconds: float


def run(scale: Scale, folder: Path) -> Outcome:
    """Encode one clip with every profile; measure its pictures, its packets, and a source that is only remuxed."""
    folder.mkdir(exist_ok=True)
    sys.stderr.write("benchmarks: generating the clip and encoding it with every profile\n")
    scene_s = SCENE_S if scale == FULL else 1
    clip = made_clip(folder / "clip.mp4", scene_s=scene_s)
    bare = {crf: _bare(clip, folder / f"bare-{crf}.mp4", crf) for crf in BARE_CRFS}
    ours = {codec: _ours(clip, folder / f"{codec}.mp4", codec) for codec in RenditionCodec}
    pictures_s = asyncio.run(_pictures_s(folder / f"{RenditionCodec.H264}.mp4"))
    remux_s = asyncio.run(_remux(_small(clip, folder / "small.mp4"), folder / "remuxed.mp4"))
    survey_s = asyncio.run(_survey_s(clip))
    h264, av1 = ours[RenditionCodec.H264], ours[RenditionCodec.AV1]
    figures = [
        _against_bare("h264, its size at equal SSIM", h264, bare, at_most=1.1),
        _against_bare("av1, its size at equal SSIM", av1, bare, at_most=1.0),
        figure(
            *("media", "a small source, remuxed, against its encode", [remux_s / h264.seconds]),
            measured=f"{remux_s:.2f} s against {h264.seconds:.2f} s",
            at_most=0.05,
        ),
        figure(
            *("media", "poster and storyboard, against the encode", [pictures_s / h264.seconds]),
            measured=f"{pictures_s:.2f} s against {h264.seconds:.2f} s",
            at_most=0.05,
        ),
        figure(
            *("media", "reading every packet of a source, against its encode", [survey_s / h264.seconds]),
            measured=f"{survey_s:.2f} s against {h264.seconds:.2f} s",
            at_most=0.03,
        ),
    ]
    coded = {**{f"x264 veryfast, CRF {crf}": one for crf, one in bare.items()}, **{str(c): o for c, o in ours.items()}}
    return Outcome(figures, {"profiles": {name: _details(one, scene_s) for name, one in coded.items()}})


def made_clip(target: Path, *, scene_s: int) -> Path:
    """Generate the scenes in sequence, with a tone, nearly lossless."""
    inputs = [argument for scene in SCENES for argument in ("-f", "lavfi", "-t", str(scene_s), "-i", scene)]
    joined = "".join(f"[{number}:v]format=yuv420p,setsar=1[v{number}];" for number in range(len(SCENES)))
    joined += "".join(f"[v{number}]" for number in range(len(SCENES))) + f"concat=n={len(SCENES)},fps={RATE}[v]"
    sound = ("-f", "lavfi", "-i", f"sine=440:r=48000:d={scene_s * len(SCENES)}")
    coding = ("-filter_complex", joined, "-map", "[v]", "-map", f"{len(SCENES)}:a", *_NEARLY_LOSSLESS, "-c:a", "aac")
    _ffmpeg(*inputs, *sound, *coding, str(target))
    return target


def size_at(ssim: float, bare: dict[int, Encoded]) -> float:
    """The size of plain x264 at this SSIM: interpolated linearly in log size between the two nearest encodings."""
    known = sorted((one.ssim, math.log(one.size_bytes)) for one in bare.values())
    below = [place for place, (similarity, _) in enumerate(known[:-1]) if similarity <= ssim]
    lower, upper = known[below[-1] if below else 0], known[(below[-1] if below else 0) + 1]
    return math.exp(lower[1] + (upper[1] - lower[1]) * (ssim - lower[0]) / (upper[0] - lower[0]))


def _against_bare(what: str, ours: Encoded, bare: dict[int, Encoded], *, at_most: float) -> Figure:
    equal = size_at(ours.ssim, bare)
    measured = f"{ours.size_bytes / 1000:,.0f} kB against {equal / 1000:,.0f} kB at SSIM {ours.ssim:.4f}"
    return figure(
        "media", f"{what}, against x264 veryfast", [ours.size_bytes / equal], measured=measured, at_most=at_most
    )


def _bare(clip: Path, target: Path, crf: int) -> Encoded:
    began = perf_counter()
    _ffmpeg("-i", str(clip), *_BARE, "-crf", str(crf), "-threads", "2", str(target))
    seconds = perf_counter() - began
    return Encoded(target.stat().st_size, _ssim(target, clip), seconds)


def _ours(clip: Path, target: Path, codec: RenditionCodec) -> Encoded:
    profile = CompressionSettings(codec=codec.value).profile
    seconds = asyncio.run(_compressed(clip, target, profile))
    silent = target.with_name(f"{codec}-silent.mp4")
    _ffmpeg("-i", str(target), "-an", "-c", "copy", str(silent))
    return Encoded(silent.stat().st_size, _ssim(target, clip), seconds)


async def _compressed(clip: Path, target: Path, profile: CompressionProfile) -> float:
    transcoder = FFmpegTranscoder()
    media = await transcoder.probe(clip)
    return await _timed(
        lambda: transcoder.compress(clip, target, media=media, profile=profile, on_progress=lambda _percent: None)
    )


async def _pictures_s(rendition: Path) -> float:
    """The time to check a rendition and to generate its poster and storyboard, as a worker does it."""
    transcoder = FFmpegTranscoder()
    media = await transcoder.probe(rendition)
    sheet = storyboard_sheet(*display_size(media), media.duration_s)
    poster, storyboard = rendition.with_name("poster.jpg"), rendition.with_name("storyboard.jpg")

    async def check_and_draw() -> None:
        check_rendition(media, await transcoder.probe(rendition))
        await asyncio.gather(
            transcoder.poster(rendition, poster, media=media),
            transcoder.storyboard(rendition, storyboard, media=media, sheet=sheet),
        )

    return mean([await _timed(check_and_draw) for _ in range(3)])


async def _survey_s(clip: Path) -> float:
    """The time to account for all packets and bytes of a source."""
    runner = Runner(ffmpeg="ffmpeg", ffprobe="ffprobe", stall_s=STALL_S)
    report = await runner.report(clip)
    return mean([await _timed(lambda: runner.survey(clip, report)) for _ in range(3)])


def _small(clip: Path, target: Path) -> Path:
    """The clip at a low bitrate, as a phone's messenger app would send it."""
    _ffmpeg("-i", str(clip), *_BARE[:6], "-b:v", "600k", "-c:a", "aac", "-b:a", "96k", str(target))
    return target


async def _remux(source: Path, target: Path) -> float:
    transcoder = FFmpegTranscoder()
    media = await transcoder.probe(source)
    if not can_remux(media, CompressionSettings().profile):
        raise RuntimeError("The small clip would be encoded, not remuxed.")

    async def remux_and_check() -> None:
        await transcoder.remux(source, target, media=media, on_progress=lambda _percent: None)
        check_rendition(media, await transcoder.probe(target))

    return mean([await _timed(remux_and_check) for _ in range(3)])


async def _timed(work: Callable[[], Awaitable[object]]) -> float:
    began = perf_counter()
    await work()
    return perf_counter() - began


def _details(one: Encoded, scene_s: int) -> dict[str, float]:
    return {
        "kbps": one.size_bytes * 8 / 1000 / (scene_s * len(SCENES)),
        "ssim": one.ssim,
        "ssim_db": -10 * math.log10(1 - one.ssim),
        "seconds": one.seconds,
    }


def _ssim(rendition: Path, source: Path) -> float:
    output = _ffmpeg("-i", str(rendition), "-i", str(source), "-lavfi", "[0:v][1:v]ssim", "-f", "null", "-")
    found = _SSIM.findall(output)
    return float(found[-1])


def _ffmpeg(*arguments: str) -> str:
    ffmpeg = need("ffmpeg", "The package is called ffmpeg.")
    argv = [ffmpeg, "-nostdin", "-hide_banner", "-loglevel", "info", "-y", *arguments]
    return subprocess.run(argv, check=True, capture_output=True, text=True).stderr
