"""Sound alone: audio files of all kinds, and containers of videos without a picture."""

from tests.media import audio, make, odd
from tests.media.expected import PARTLY_DAMAGED, PARTLY_TRUNCATED, REMUXED, Input, completed, plain

_AAC = ("-c:a", "aac", "-b:a", "64k")

_FILES = (
    Input("song.mp3", "MP3 with ID3 tags and cover art", plain(audio.with_cover, *audio.MP3), completed()),
    Input("voice.m4a", "AAC, already small", plain(audio.recorded, *_AAC), completed(REMUXED)),
    Input("cover.m4a", "AAC with cover art", plain(audio.with_cover, *_AAC), completed(REMUXED), is_extra=True),
    Input("voice.aac", "AAC without a container (ADTS)", plain(audio.recorded, *_AAC), completed(REMUXED)),
    Input("plain.wav", "16-bit WAV", plain(audio.recorded), completed(), is_extra=True),
    Input("24-bit.wav", "24-bit WAV", plain(audio.recorded, "-c:a", "pcm_s24le"), completed(), is_extra=True),
    Input("rf64.wav", "WAV with 64-bit sizes", plain(audio.recorded, "-rf64", "always"), completed(), is_extra=True),
    Input("8-khz.wav", "8 kHz, mono", plain(audio.recorded, "-ar", "8000", "-ac", "1"), completed(), is_extra=True),
    Input("piped.wav", "WAV without sizes", plain(audio.streamed, "-f", "wav"), completed(), is_extra=True),
    Input("cover.flac", "FLAC with cover art", plain(audio.with_cover, "-c:a", "flac"), completed(), is_extra=True),
    Input("piped.flac", "FLAC without a duration", plain(audio.streamed, "-f", "flac"), completed(), is_extra=True),
    Input("vorbis.ogg", "Vorbis", plain(audio.recorded, "-c:a", "libvorbis"), completed(), is_extra=True),
    Input("voice.opus", "Opus", plain(audio.recorded, "-c:a", "libopus"), completed(), is_extra=True),
    Input("windows.wma", "Windows Media Audio", plain(audio.recorded, "-c:a", "wmav2"), completed(), is_extra=True),
    Input("book.m4a", "AAC with chapters", plain(audio.with_chapters), completed(REMUXED)),
)

_VIDEOS = (
    Input("sound.mp4", "audio only", plain(make.without_picture), completed(REMUXED), is_extra=True),
    Input("song.mp4", "audio with cover art", plain(odd.with_cover_alone), completed(REMUXED), is_extra=True),
    Input("sound.webm", "WebM with audio only", plain(audio.recorded, "-c:a", "libopus"), completed()),
    Input("sound.mkv", "Matroska with audio only", plain(audio.recorded, "-c:a", "flac"), completed(), is_extra=True),
    Input(
        "sound.ts",
        "a transport stream with audio only",
        plain(audio.recorded, *_AAC),
        completed(REMUXED),
        is_extra=True,
    ),
    Input("sound.avi", "AVI with audio only", plain(audio.recorded, *audio.MP3), completed(), is_extra=True),
    Input(
        "sound.mov", "QuickTime with audio only", plain(audio.recorded, "-c:a", "pcm_s16be"), completed(), is_extra=True
    ),
    Input(
        "sounds.mp4",
        "two audio tracks without a picture",
        plain(audio.several, ("deu", "eng")),
        completed(),
        is_extra=True,
    ),
    Input(
        "unwritten.mkv",
        "a video track without frames, and audio",
        plain(audio.with_empty_picture, *odd.H264, *_AAC),
        completed(REMUXED),
    ),
    Input(
        "unwritten.webm",
        "VP8 without frames, and audio",
        plain(audio.with_empty_picture, "-c:v", "libvpx", "-c:a", "libopus"),
        completed(),
        is_extra=True,
    ),
)

_TIMES = (
    Input("short.mp3", "0.3 s", plain(audio.recorded, *audio.MP3, sound="sine=d=0.3"), completed(), is_extra=True),
    Input("short.wav", "0.02 s", plain(audio.recorded, sound="sine=d=0.02"), completed()),
    Input("silence.mp3", "silence", plain(audio.recorded, *audio.MP3, sound="anullsrc=d=1"), completed()),
    Input("vbr.mp3", "a variable bit rate without an index", plain(audio.variable_without_index), completed()),
    Input("junk.mp3", "other data before the sound", plain(audio.after_junk), completed(), is_extra=True),
    Input("joined.mp3", "two recordings in a row", plain(audio.joined), completed()),
)

_DAMAGED = (
    Input("cut.mp3", "an MP3 cut in half", plain(audio.cut, *audio.MP3), PARTLY_TRUNCATED, is_extra=True),
    Input("cut.wav", "a WAV cut in half", plain(audio.cut), PARTLY_TRUNCATED),
    Input("cut.flac", "a FLAC cut in half", plain(audio.cut, "-c:a", "flac"), PARTLY_TRUNCATED, is_extra=True),
    Input(
        "cut.m4a",
        "an M4A cut in half",
        plain(audio.cut, *_AAC, "-movflags", "+faststart"),
        PARTLY_TRUNCATED,
        is_extra=True,
    ),
    Input("holed.flac", "a hole of zeros", plain(audio.holed, "-c:a", "flac"), PARTLY_DAMAGED),
)

AUDIO: tuple[Input, ...] = (*_FILES, *_VIDEOS, *_TIMES, *_DAMAGED)
