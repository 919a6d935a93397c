"""Renders the videos that the pictures of the documentation show: landscapes whose ridges pass by."""

import subprocess
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

WIDTH, HEIGHT, FPS = 960, 540, 12
RIDGES = 5

Picture = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Scene:
    """A landscape: the colours of the sky from top to bottom, of the sun, and of the nearest ridge."""

    title: str
    top: str
    bottom: str
    sun: str
    near: str
    sun_at: tuple[float, float] = (0.68, 0.52)
    duration_s: float = 10.0
    seed: int = 0


SCENES = (
    Scene("Harbour at dusk", "#2b2d6e", "#f7a072", "#ffe3b3", "#1a1538", seed=3),
    Scene("Ridge walk, day two", "#4a90c2", "#dcefff", "#ffffff", "#17384a", (0.25, 0.3), seed=11),
    Scene("Night market", "#070b24", "#3c2a6d", "#d9d2ff", "#05050f", (0.8, 0.22), seed=19),
    Scene("Interview with Amina", "#7a3b69", "#ffc8a2", "#fff3d6", "#3a1230", (0.5, 0.6), seed=27),
    Scene("Onboarding, part 1", "#0f766e", "#d9f99d", "#fefce8", "#052e2b", (0.4, 0.45), seed=35),
    Scene("Release notes 4.2", "#1e3a8a", "#bfdbfe", "#eff6ff", "#0b1533", (0.75, 0.35), seed=43),
    Scene("Lecture 7: tides", "#155e75", "#fde68a", "#fffbeb", "#082f3a", (0.3, 0.55), seed=51),
)


def render(scene: Scene, target: Path) -> Path:
    """Render a scene as an MP4."""
    source = ["-f", "rawvideo", "-pix_fmt", "rgb24", "-s", f"{WIDTH}x{HEIGHT}", "-r", str(FPS), "-i", "-"]
    encoding = ["-c:v", "libx264", "-preset", "veryfast", "-crf", "16", "-pix_fmt", "yuv420p"]
    argv = ["ffmpeg", "-v", "error", "-y", *source, *encoding, str(target)]
    with subprocess.Popen(argv, stdin=subprocess.PIPE) as encoder:
        encoder.communicate(b"".join(_frames(scene)))
    if encoder.returncode:
        message = f"ffmpeg could not encode {target}."
        raise RuntimeError(message)
    return target


def _frames(scene: Scene) -> Generator[bytes]:
    random = np.random.default_rng(scene.seed)
    sky = _sky(scene)
    waves = [(random.uniform(0.6, 1.6, 6), random.uniform(0, 6.3, 6)) for _ in range(RIDGES)]
    grain = random.normal(0, 1.2, (HEIGHT, WIDTH, 1)).astype(np.float32)
    rows = np.arange(HEIGHT, dtype=np.float32)[:, None]
    for number in range(round(scene.duration_s * FPS)):
        picture = sky.copy()
        for ridge, wave in enumerate(waves):
            _draw_ridge(picture, scene, rows, ridge, wave, number / FPS)
        # Grain hides the steps of the gradients, which an encoder would make visible.
        yield np.clip(picture + grain, 0, 255).astype(np.uint8).tobytes()


def _sky(scene: Scene) -> Picture:
    down = np.linspace(0, 1, HEIGHT, dtype=np.float32)[:, None, None]
    sky = _colour(scene.top) * (1 - down) + _colour(scene.bottom) * down
    sky = np.repeat(sky, WIDTH, axis=1)
    x, y = np.meshgrid(np.arange(WIDTH), np.arange(HEIGHT))
    distance = np.hypot(x - scene.sun_at[0] * WIDTH, y - scene.sun_at[1] * HEIGHT)[:, :, None]
    disc, glow = np.clip((46 - distance) / 2, 0, 1), 0.5 * np.exp(-distance / 150)
    light = np.maximum(disc, glow)
    return np.asarray(sky * (1 - light) + _colour(scene.sun) * light, dtype=np.float32)


def _draw_ridge(
    picture: Picture, scene: Scene, rows: Picture, ridge: int, wave: tuple[NDArray[np.float64], ...], time_s: float
) -> None:
    """Cover what is below a line of waves; a nearer ridge is lower, darker, rougher and faster."""
    near = (ridge + 1) / RIDGES
    x = (np.arange(WIDTH) / WIDTH * (1 + 1.5 * near)) + time_s * 0.03 * near
    heights = np.zeros(WIDTH)
    for octave, (rate, phase) in enumerate(zip(*wave, strict=True)):
        heights += np.sin(x * rate * 2.2 * (2**octave) + phase) / (1.9**octave)
    line = HEIGHT * (0.5 + 0.42 * near) - heights * HEIGHT * 0.055
    colour = _colour(scene.near) * near + _colour(scene.bottom) * (1 - near)
    covered = np.clip(rows - line[None, :], 0, 1)[:, :, None]
    picture *= 1 - covered
    picture += colour * covered


def _colour(code: str) -> Picture:
    return np.asarray([int(code[at : at + 2], 16) for at in (1, 3, 5)], dtype=np.float32)
