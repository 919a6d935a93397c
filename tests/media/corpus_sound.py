"""Inputs whose sound is unusual, and inputs with streams beside picture and sound."""

from tests.media import odd, sound
from tests.media.expected import ENCODED, REMUXED, Input, beside, completed, plain
from tests.media.tracks import LARGE, LOUD, PCM, QUIET, SHORT, SILENT, with_sounds

_AAC = ("-c:a", "aac")
_SILENT = beside(ENCODED, "audio_undecodable")
_PARTLY_HEARD = beside(ENCODED, "source_partly_used")
_LANGUAGES = ("-metadata:s:a:0", "language=eng", "-metadata:s:a:1", "language=fra")
_STEREO = (*_AAC, "-ac", "2")

_LAYOUTS = (
    Input("mono-left.mov", "one channel, named front left", plain(sound.in_layout, "FL", 1), completed()),
    Input("mono-lfe.mov", "one channel, named subwoofer", plain(sound.in_layout, "LFE", 1), completed(), is_extra=True),
    Input("left-centre.mov", "left and centre", plain(sound.in_layout, "FL+FC", 2), completed(), is_extra=True),
    Input("two-centres.mov", "two centres", plain(sound.in_layout, "FC+FC", 2), completed(), is_extra=True),
    Input("downmix.mov", "a downmix", plain(sound.in_layout, "downmix", 2), completed(), is_extra=True),
    Input("22.2.mov", "24 channels", plain(sound.in_layout, "22.2", 24), completed(), is_extra=True),
    *(
        Input(
            f"{layout}.mkv",
            f"the layout {layout}",
            plain(sound.in_layout, layout, channels),
            completed(),
            is_extra=True,
        )
        for layout, channels in (("3.0", 3), ("quad", 4), ("5.1(side)", 6), ("octagonal", 8), ("hexadecagonal", 16))
    ),
    *(
        Input(
            f"unnamed-{channels}.mkv",
            f"{channels} channels without a layout",
            plain(sound.in_layout, None, channels),
            completed(),
            is_extra=True,
        )
        for channels in (3, 4, 7, 9, 12)
    ),
    *(
        Input(
            f"ambisonic-{channels}.mkv",
            f"ambisonics of {channels} channels",
            plain(sound.in_ambisonics, channels),
            completed(),
            is_extra=channels != 9,
        )
        for channels in (4, 9, 16)
    ),
    Input(
        "cancelling.mp4", "channels whose sum is silence", plain(sound.cancelling), completed(REMUXED), is_extra=True
    ),
)

_TRACKS = (
    Input(
        "empty-track.mkv", "an empty audio track", plain(sound.with_empty_track, sounds=0), completed(), is_extra=True
    ),
    Input(
        "empty-first.mkv",
        "an empty audio track before another",
        plain(sound.with_empty_track, sounds=1),
        completed(),
        is_extra=True,
    ),
    Input(
        "empty-table.mp4", "an audio track without a sample", plain(sound.with_empty_table), completed(), is_extra=True
    ),
    Input(
        "empty-track.ts", "an announced audio track without packets", plain(sound.without_packets_of_sound), completed()
    ),
    Input("noise-track.mp4", "AAC of random bytes", plain(sound.with_undecodable_sound), _SILENT),
    Input(
        "noise-first.mp4",
        "AAC of random bytes before another track",
        plain(sound.with_undecodable_sound, sounds=2),
        completed(),
        is_extra=True,
    ),
    Input("unknown-sound.mkv", "sound in an unknown codec", plain(sound.with_unknown_codec), _SILENT),
    Input(
        "tta.mkv", "sound in an unsupported codec", plain(sound.with_tracks, ("-c:a", "tta")), _SILENT, is_extra=True
    ),
    Input("programmes.ts", "two programmes", plain(sound.with_programmes), completed()),
    Input(
        "commentary.mkv",
        "a commentary as default track",
        plain(sound.with_tracks, (*_AAC, "-disposition:a", "default+comment"), _AAC),
        completed(),
        is_extra=True,
    ),
)

_SEVERAL = (
    Input("microphones.mov", "two microphones", plain(with_sounds, (LOUD, QUIET), *PCM), completed()),
    Input(
        "microphones.mxf",
        "two microphones",
        plain(with_sounds, (LOUD, QUIET), "-c:v", "mpeg2video", *PCM, picture=LARGE),
        completed(),
        is_extra=True,
    ),
    Input("microphones.avi", "two microphones", plain(with_sounds, (LOUD, QUIET), *PCM), completed(), is_extra=True),
    Input(
        "silent-microphone.mov",
        "two microphones, one of them silent",
        plain(with_sounds, (SILENT, LOUD), *PCM),
        completed(),
        is_extra=True,
    ),
    Input("three-microphones.mov", "three microphones", plain(with_sounds, (LOUD,) * 3, *PCM), _PARTLY_HEARD),
    Input(
        "two-sounds.ts",
        "two stereo tracks that do not differ in language or codec",
        plain(with_sounds, (LOUD, QUIET), *_STEREO, picture=LARGE),
        _PARTLY_HEARD,
        is_extra=True,
    ),
    Input(
        "one-default.mp4",
        "two stereo tracks, one of them the default",
        plain(with_sounds, (LOUD, QUIET), *_STEREO),
        completed(),
        is_extra=True,
    ),
    Input(
        "two-codecs.ts",
        "the same sound in two codecs",
        plain(with_sounds, (LOUD, LOUD), *_STEREO, "-c:a:1", "mp2", picture=LARGE),
        completed(),
        is_extra=True,
    ),
    Input(
        "short-first.mkv",
        "a few samples in the first of two tracks",
        plain(with_sounds, (SHORT, LOUD), *_AAC),
        completed(),
        is_extra=True,
    ),
    Input(
        "lost-main.mkv",
        "sound in an unsupported codec, and a commentary",
        plain(sound.with_tracks, ("-c:a", "tta"), (*_AAC, "-disposition:a", "comment")),
        _SILENT,
    ),
    Input(
        "lost-language.mkv",
        "sound in an unsupported codec, and another language",
        plain(with_sounds, (LOUD, LOUD), "-c:a:0", "tta", "-c:a:1", "aac", *_LANGUAGES),
        _SILENT,
        is_extra=True,
    ),
    Input(
        "languages.ts",
        "two languages",
        plain(with_sounds, (LOUD, QUIET), *_STEREO, *_LANGUAGES, picture=LARGE),
        completed(),
        is_extra=True,
    ),
)

_BESIDE = (
    Input(
        "second-unknown.mkv",
        "sound in an unknown codec before AAC",
        plain(sound.with_unknown_codec, sounds=2),
        completed(),
        is_extra=True,
    ),
    Input(
        "second-wavpack.mkv",
        "sound in an unsupported codec before AAC",
        plain(sound.with_tracks, ("-c:a", "wavpack"), _AAC),
        completed(),
    ),
    Input(
        "second-magicyuv.mkv", "a second picture in MagicYUV", plain(sound.with_second_picture, "magicyuv"), completed()
    ),
    *(
        Input(
            f"subtitles-{name}.mkv",
            f"subtitles as {codec_id.decode()}",
            plain(sound.with_relabelled_subtitles, codec_id),
            completed(),
            is_extra=True,
        )
        for name, codec_id in (
            *(("hdmv-text", b"S_HDMV/TEXTST"), ("pgs", b"S_HDMV/PGS"), ("dvb", b"S_DVBSUB"), ("dvd", b"S_VOBSUB")),
            *(("arib", b"S_ARIBSUB"), ("usf", b"S_TEXT/USF"), ("unknown", b"S_XYZ")),
        )
    ),
    Input("ttml.mp4", "TTML subtitles", plain(sound.with_subtitles, "ttml"), completed(), is_extra=True),
    Input("teletext.ts", "teletext", plain(sound.with_teletext), completed()),
    Input("klv.ts", "private data", plain(sound.with_data), completed(), is_extra=True),
    *(
        Input(
            f"{kind}.mov",
            f"a track of {kind} samples",
            plain(sound.with_relabelled_timecode, kind.encode()),
            completed(),
            is_extra=kind != "gpmd",
        )
        for kind in ("tmcd", "gpmd", "c608", "rtmd")
    ),
    Input("tiff.mkv", "a TIFF cover", plain(sound.with_attachment, "image/tiff"), completed(), is_extra=True),
    Input(
        "jxl.mkv", "a JPEG XL cover", plain(sound.with_attachment, "image/jxl", b"\xff\x0a"), completed(), is_extra=True
    ),
    Input("tracks.mkv", "20 tracks", plain(odd.with_several, pictures=1, sounds=19), completed()),
    Input("tracks-40.mkv", "40 tracks", plain(odd.with_several, pictures=2, sounds=38), completed(), is_extra=True),
)

SOUND: tuple[Input, ...] = (*_LAYOUTS, *_TRACKS, *_SEVERAL, *_BESIDE)
