"""Valid inputs that are unusual in one way, and a few that exceed a limit."""

from tests.media import make, odd
from tests.media.expected import REMUXED, Input, completed, failed, plain

_PICTURES = (
    Input("1x1.avi", "1 x 1", plain(odd.sized, "1x1"), completed()),
    Input("3x5.avi", "3 x 5", plain(odd.sized, "3x5"), completed(), is_extra=True),
    Input("321x241.mkv", "odd width and height", plain(odd.sized, "321x241"), completed(), is_extra=True),
    Input("one-picture.mp4", "one frame, 0.04 s", plain(odd.lasting, 0.04), completed(REMUXED)),
    Input("turned.mp4", "rotated by 90 degrees in its metadata", plain(odd.turned), completed(), is_extra=True),
    Input("hdr10.mkv", "HDR10", plain(odd.in_hdr, "smpte2084"), completed()),
    Input("hlg.mp4", "HLG", plain(odd.in_hdr, "arib-std-b67"), completed(), is_extra=True),
    Input(
        "10-bit.mp4",
        "10 bits per channel",
        plain(odd.coded, *odd.H264, "-pix_fmt", "yuv420p10le", sound=None),
        completed(),
        is_extra=True,
    ),
    Input(
        "4-4-4.mp4",
        "4:4:4 chroma",
        plain(odd.coded, *odd.H264, "-pix_fmt", "yuv444p", sound=None),
        completed(),
        is_extra=True,
    ),
    Input(
        "alpha.mov",
        "ProRes 4444 with transparency",
        plain(odd.coded, "-c:v", "prores_ks", "-pix_fmt", "yuva444p10le", sound=None),
        completed(),
        is_extra=True,
    ),
    Input("interlaced.ts", "interlaced", plain(odd.interlaced), completed(), is_extra=True),
    Input("anamorphic.mp4", "non-square pixels", plain(odd.anamorphic), completed(), is_extra=True),
    Input("growing.ts", "the frame size changes", plain(odd.at_changing_sizes), completed()),
    Input("cover.mp4", "cover art before the video track", plain(make.with_cover_art), completed(), is_extra=True),
    Input(
        "two-pictures.mkv",
        "two video tracks",
        plain(odd.with_several, pictures=2, sounds=1),
        completed(),
        is_extra=True,
    ),
    Input("tiny.mp4", "already as small as a rendition", plain(odd.tiny_already), completed(REMUXED)),
    *(
        Input(
            f"{name}.mkv",
            f"encoded as {name}",
            plain(odd.coded, "-c:v", encoder, *options, sound=None),
            completed(),
            is_extra=name != "av1",
        )
        for name, encoder, *options in (
            ("hevc", "libx265", "-preset", "ultrafast", "-x265-params", "log-level=error"),
            ("vp9", "libvpx-vp9", "-deadline", "realtime", "-cpu-used", "8"),
            ("av1", "libaom-av1", "-usage", "realtime", "-cpu-used", "8"),
            ("mjpeg", "mjpeg"),
        )
    ),
)

_SOUNDS = (
    Input("silent.mp4", "no audio track", plain(odd.coded, *odd.H264, sound=None), completed()),
    Input(
        "silence.mp4",
        "silence",
        plain(odd.coded, *odd.H264, *odd.AAC, sound="anullsrc=d=1"),
        completed(REMUXED),
        is_extra=True,
    ),
    Input(
        "noise.mp4", "noise", plain(odd.coded, *odd.H264, *odd.AAC, sound="anoisesrc=d=1"), completed(), is_extra=True
    ),
    Input(
        "7.1.mp4",
        "eight audio channels",
        plain(odd.in_sound_of, "7.1", 48_000, ("-c:a", "aac")),
        completed(),
        is_extra=True,
    ),
    Input(
        "5.1.mkv",
        "AC-3 with six channels",
        plain(odd.in_sound_of, "5.1", 48_000, ("-c:a", "ac3")),
        completed(),
        is_extra=True,
    ),
    Input("192-khz.mkv", "192 kHz audio", plain(odd.in_sound_of, "stereo", 192_000, ("-c:a", "flac")), completed()),
    Input(
        "8-khz.mov",
        "8 kHz audio",
        plain(odd.in_sound_of, "mono", 8_000, ("-c:a", "pcm_mulaw")),
        completed(),
        is_extra=True,
    ),
    Input(
        "languages.mkv", "three audio tracks", plain(odd.with_several, pictures=1, sounds=3), completed(), is_extra=True
    ),
    Input(
        "early-end.mp4",
        "the audio ends early",
        plain(odd.with_sounds_of_other_lengths, 0.3),
        completed(REMUXED),
        is_extra=True,
    ),
    Input(
        "late-end.mp4",
        "the audio ends late",
        plain(odd.with_sounds_of_other_lengths, 1.4),
        completed(REMUXED),
        is_extra=True,
    ),
    Input("late.ts", "the audio starts late", plain(make.with_late_sound, start_s=1.0, audible_s=1.0), completed()),
    Input("words.mkv", "a subtitle track", plain(make.with_subtitles), completed(), is_extra=True),
)

_TIMES = (
    Input("rates.mp4", "variable frame rate", plain(odd.at_changing_rates), completed()),
    Input("gap.mkv", "3 s are missing in the middle", plain(odd.with_gap), completed(REMUXED)),
    Input("before-zero.mkv", "negative timestamps", plain(odd.from_before_zero), completed()),
    Input("trimmed.mp4", "an edit list", plain(odd.trimmed), completed(), is_extra=True),
    Input("sparse.mp4", "a frame every 20 s", plain(odd.lasting, 60, "1/20"), completed(REMUXED), is_extra=True),
    Input("fragments.mp4", "fragmented MP4", plain(odd.in_fragments), completed(), is_extra=True),
    Input("browser.webm", "no duration, as in browser recordings", plain(odd.recorded_by_browser), completed()),
)

_CONTAINERS = tuple(
    Input(f"plain.{kind}", f"plain .{kind}", plain(odd.in_container), completed(), is_extra=True)
    for kind in ("avi", "mpg", "mpeg", "flv", "ogv", "3gp", "mov")
)

_HEAVY = (
    Input(
        "16000.avi",
        "a real frame of 16,000 x 16,000",
        plain(odd.coded, "-c:v", "mjpeg", picture="color=red:s=16000x16000:r=10:d=0.1", sound=None),
        failed("too_large_picture"),
        is_extra=True,
    ),
    Input(
        "8k.mkv",
        "8,192 x 4,320, the largest accepted frame",
        plain(odd.coded, *odd.H264, picture="testsrc2=s=8192x4320:r=10:d=0.3", sound=None),
        completed(),
        is_extra=True,
    ),
)

ODD: tuple[Input, ...] = (*_PICTURES, *_SOUNDS, *_TIMES, *_CONTAINERS, *_HEAVY)
