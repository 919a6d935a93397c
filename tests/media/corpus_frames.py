"""Inputs whose picture changes on the way, whose frame rate is high, or whose side data is absurd."""

from tests.media import frames
from tests.media.expected import REMUXED, Input, completed, failed, plain

_CHANGES = (
    Input("growing.webm", "a WebRTC recording that starts small", plain(frames.growing), completed(), is_extra=True),
    Input("switching.ts", "television that switches from 4:3 to 16:9", plain(frames.switching), completed()),
    Input("turned-midway.ts", "a phone that is turned midway", plain(frames.turned_midway), completed(), is_extra=True),
    Input("stray.ts", "one frame of another size", plain(frames.with_stray_frame), completed(), is_extra=True),
    Input(
        "becoming-interlaced.ts",
        "progressive frames, then interlaced ones",
        plain(frames.becoming_interlaced),
        completed(),
        is_extra=True,
    ),
    Input("becoming-hdr.ts", "HDR that begins later", plain(frames.becoming_hdr), completed()),
    Input(
        "becoming-transparent.mov",
        "transparency that begins later",
        plain(frames.becoming_transparent),
        completed(),
        is_extra=True,
    ),
    Input(
        "every-size.mkv", "each frame has another size", plain(frames.changing_each_frame), completed(), is_extra=True
    ),
)

_SIDE_DATA = (
    Input(
        "light-levels.mp4",
        "a mastering display of 430,000 cd/m²",
        plain(frames.with_light_levels, "65535,65535", "4294967295,50"),
        completed(),
    ),
    Input(
        "no-light.mp4",
        "a mastering display of 0 cd/m²",
        plain(frames.with_light_levels, "1,1", "0,0"),
        completed(),
        is_extra=True,
    ),
    Input("reserved.mp4", "a reserved colour matrix", plain(frames.with_matrix, 3, is_noisy=True), completed()),
    Input(
        "ictcp.mp4",
        "a rare colour matrix",
        plain(frames.with_matrix, 14, is_noisy=True),
        completed(),
        is_extra=True,
    ),
    Input("skewed.mp4", "a distorting display matrix", plain(frames.with_display_matrix, 1, 0.5, 0, 1), completed()),
    Input(
        "slanted.mp4",
        "a rotation by 45 degrees",
        plain(frames.with_display_matrix, 0.7071, 0.7071, -0.7071, 0.7071),
        completed(),
        is_extra=True,
    ),
    Input(
        "cropped.mkv",
        "a container that crops to 2 x 2",
        plain(frames.with_crop, left=79, right=79, top=59, bottom=59),
        completed(REMUXED),
        is_extra=True,
    ),
)

_RATES = (
    Input(
        "120.mp4",
        "120.02 frames per second",
        plain(frames.with_fast_frames, "12002/100", 1),
        completed(),
        is_extra=True,
    ),
    Input("240.mp4", "slow motion at 240 frames per second", plain(frames.with_fast_frames, "240", 1), completed()),
    Input("36.mp4", "36 frames per second", plain(frames.with_fast_frames, "36", 1), completed()),
    Input(
        "uneven.webm",
        "a browser's recording that states no frame rate",
        plain(frames.recorded_unevenly),
        completed(),
    ),
    Input(
        "600.mkv",
        "600 frames per second",
        plain(frames.with_fast_frames, "600", 0.5),
        failed("frame_rate_too_high"),
        is_extra=True,
    ),
)

FRAMES: tuple[Input, ...] = (*_CHANGES, *_SIDE_DATA, *_RATES)
