import string
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.model.errors import Rejected
from domain.model.imports.youtube import MAX_URL_LENGTH, imported_filename, parse_youtube_url
from domain.model.uploads.policy import MAX_FILENAME_LENGTH, check_filename

ID = "dQw4w9WgXcQ"
OTHER_ID = "-_aZ09-_aZ0"
WATCH = f"https://www.youtube.com/watch?v={ID}"

GOOD = [
    ID,
    f"  {ID}\n",
    WATCH,
    f"http://www.youtube.com/watch?v={ID}",
    f"www.youtube.com/watch?v={ID}",
    f"youtube.com/watch?v={ID}",
    f"//youtube.com/watch?v={ID}",
    f"HTTPS://WWW.YouTube.COM/watch?v={ID}",
    f"https://www.youtube.com:443/watch?v={ID}",
    f"http://www.youtube.com:80/watch?v={ID}",
    f"https://www.youtube.com./watch?v={ID}",
    f"https://m.youtube.com/watch?v={ID}",
    f"https://music.youtube.com/watch?v={ID}&list=RDAMVM{ID}",
    f"https://gaming.youtube.com/watch?v={ID}",
    f"https://www.youtubekids.com/watch?v={ID}",
    f"https://www.youtube.com/watch?feature=share&list=PL1&index=2&v={ID}&t=42s",
    f"https://www.youtube.com/watch?app=desktop&amp;v={ID}&amp;t=1",
    f"https://www.youtube.com/watch?feature=x;v={ID}",
    f"https://www.youtube.com/watch?v={ID}&v={ID}",
    f"https://www.youtube.com/watch?v={ID}&v=",
    f"https://www.youtube.com/watch?v={ID}#t=30",
    f"https://www.youtube.com/watch/?v={ID}",
    f"https://www.youtube.com//watch?v={ID}",
    f"https://www.youtube.com/watch/{ID}",
    f"https://www.youtube.com/watch_popup?v={ID}",
    f"https://www.youtube.com/movie?v={ID}",
    f"https://www.youtube.com/?v={ID}",
    f"https://www.youtube.com?v={ID}",
    f"https://www.youtube.com/watch#!v={ID}",
    f"https://www.youtube.com/watch#v={ID}",
    f"https://m.youtube.com/#/watch?v={ID}",
    f"https://www.youtube.com/%77atch?v=%64{ID[1:]}",
    f"https://youtu.be/{ID}",
    f"youtu.be/{ID}?si=abcdefghijk&t=3",
    f"https://www.youtu.be/{ID}/",
    f"https://youtu.be./{ID}",
    f"https://youtu.be/watch?v={ID}",
    f"https://youtu.be/?v={ID}",
    f"https://www.youtube.com/shorts/{ID}?feature=share",
    f"https://youtube.com/shorts/{ID}/",
    f"https://www.youtube.com/embed/{ID}?autoplay=1&list=PL1",
    f"https://www.youtube-nocookie.com/embed/{ID}",
    f"https://youtube-nocookie.com/v/{ID}",
    f"https://youtube.googleapis.com/v/{ID}?version=3",
    f"https://www.youtube.com/v/{ID}?fs=1",
    f"https://www.youtube.com/vi/{ID}",
    f"https://www.youtube.com/e/{ID}",
    f"https://www.youtube.com/live/{ID}?si=1",
    f"https://youtu.be/{ID}).",
    f"https://www.youtube.com/watch?v={ID}…",
    f"https://www.youtube.com/watch?v={ID}>",
    f"https://www.youtube.com/attribution_link?a=x&u=%2Fwatch%3Fv%3D{ID}%26feature%3Dshare",
    f"https://www.youtube.com/attribution_link?u={quote(WATCH, safe='')}",
    f"https://www.youtube.com/oembed?url={quote(f'https://youtu.be/{ID}', safe='')}&format=json",
    f"https://consent.youtube.com/m?continue={quote(WATCH, safe='')}&gl=DE",
]

BAD = [
    "",
    " ",
    "YouTube",
    ID[1:],
    f"{ID}Q",
    f"{ID}?v={ID}",
    "https://",
    "https://www.youtube.com",
    "https://www.youtube.com/",
    "https://youtu.be/",
    f"ftp://www.youtube.com/watch?v={ID}",
    f"file:///watch?v={ID}",
    f"javascript://youtube.com/watch?v={ID}",
    f"https:/www.youtube.com/watch?v={ID}",
    f"https://someone@www.youtube.com/watch?v={ID}",
    f"https://www.youtube.com:secret@evil.example/watch?v={ID}",
    f"https://www.youtube.com@evil.example/watch?v={ID}",
    f"https://evil.example\\@www.youtube.com/watch?v={ID}",
    f"https://www.youtube.com:8080/watch?v={ID}",
    f"https://www.youtube.com:99999/watch?v={ID}",
    f"https://youtube.com.evil.example/watch?v={ID}",
    f"https://evilyoutube.com/watch?v={ID}",
    f"https://youtube.evil.com/watch?v={ID}",
    f"https://evil.youtube.com/watch?v={ID}",
    f"https://youtu.be.evil.example/{ID}",
    f"https://evil.example/?u=https://youtu.be/{ID}",
    f"https://evil.example/watch?v={ID}",
    f"https://%79outube.com/watch?v={ID}",
    f"https://www\u3002youtube\u3002com/watch?v={ID}",
    f"https://www.y\u043eutube.com/watch?v={ID}",
    f"https://www.xn--yutube-wqf.com/watch?v={ID}",
    f"https://www.youtube.com\u2100/watch?v={ID}",
    f"https://[::1]/watch?v={ID}",
    f"https://[::1/watch?v={ID}",
    f"https://127.0.0.1/watch?v={ID}",
    f"https://www.you\ntube.com/watch?v={ID}",
    f"https://www.youtube.com/watch?v={ID}\tx",
    f"https://www.youtube.com/watch?v={ID}\x00",
    f"https://www.youtube.com/watch ?v={ID}",
    f"https://www.youtube.com/watch?v={ID}Q",
    f"https://www.youtube.com/watch?v={ID[1:]}",
    f"https://www.youtube.com/watch?v={ID}&v={OTHER_ID}",
    "https://www.youtube.com/watch?v=",
    "https://www.youtube.com/watch?v=videoseries",
    "https://www.youtube.com/watch?list=PLdQw4w9WgXcQdQw4w9WgXcQ",
    "https://www.youtube.com/embed/videoseries?list=PLdQw4w9WgXcQ",
    "https://www.youtube.com/embed/live_stream?channel=UCdQw4w9WgXcQ",
    "https://www.youtube.com/embed/",
    "https://www.youtube.com/playlist?list=PLdQw4w9WgXcQ",
    f"https://www.youtube.com/clip/Ugkx{ID}",
    "https://www.youtube.com/@dQw4w9WgXcQ",
    f"https://www.youtube.com/channel/UC{ID}{ID}",
    f"https://www.youtube.com/c/{ID}",
    f"https://www.youtube.com/user/{ID}",
    f"https://www.youtube.com/{ID}",
    f"https://www.youtube.com/results?search_query={ID}",
    f"https://youtu.be/shorts/{ID}",
    "https://www.youtube.com/attribution_link",
    "https://www.youtube.com/attribution_link?u=%2Fwatch",
    f"https://www.youtube.com/attribution_link?u=%2F%2Fevil.example%2Fwatch%3Fv%3D{ID}",
    f"https://www.youtube.com/attribution_link?u=%2Fwatch%3Fv%3D{ID}&u=%2Fwatch%3Fv%3D{OTHER_ID}",
    f"https://www.youtube.com/oembed?url=https%3A%2F%2Fevil.example%2Fwatch%3Fv%3D{ID}",
    f"{WATCH}&x={'a' * MAX_URL_LENGTH}",
]


def wrapped(url: str, times: int) -> str:
    """The URL, wrapped in this number of attribution links."""
    for _ in range(times):
        url = f"https://www.youtube.com/attribution_link?u={quote(url, safe='')}"
    return url


def refused(text: str) -> bool:
    """Whether the text is refused with the expected code."""
    try:
        parse_youtube_url(text)
    except Rejected as error:
        return error.code == "invalid_youtube_url"
    return False


@pytest.mark.parametrize("url", GOOD)
def test_every_spelling_means_the_same_video(url: str) -> None:
    """Users copy URLs from many places."""
    assert parse_youtube_url(url) == ID


@pytest.mark.parametrize("url", BAD)
def test_a_url_of_no_single_youtube_video_is_refused(url: str) -> None:
    """Other hosts, look-alikes, URLs that parsers read differently, playlists, channels and clips."""
    assert refused(url)


def test_every_character_of_an_id_counts() -> None:
    """Case, dashes and underscores are part of it."""
    assert parse_youtube_url(f"https://youtu.be/{OTHER_ID}") == OTHER_ID


def test_a_url_is_unwrapped_a_few_times_and_no_more() -> None:
    """A real link is not wrapped so deeply."""
    assert parse_youtube_url(wrapped(WATCH, 2)) == ID
    assert refused(wrapped(WATCH, 3))


@pytest.mark.parametrize("url", ["https://youtu.be/ID", "www.youtube.com/watch?v=ID", "m.youtube.com/shorts/ID"])
@given(video_id=st.text(alphabet=f"{string.ascii_letters}{string.digits}-_", min_size=11, max_size=11))
def test_any_id_is_found(url: str, video_id: str) -> None:
    """An id is 11 characters of the URL-safe Base64 alphabet."""
    if video_id not in {"videoseries", "live_stream"}:
        assert parse_youtube_url(url.replace("ID", video_id)) == video_id


@given(
    st.one_of(
        st.text(), st.text(alphabet="htps:/.youtbecmwach?v=&#@%[]dQw4", max_size=80), st.text().map(WATCH.__add__)
    )
)
def test_any_text_is_a_video_or_refused(text: str) -> None:
    """Any text gives an id or the one error."""
    if not refused(text):
        assert len(parse_youtube_url(text)) == 11


@pytest.mark.parametrize(
    ("title", "filename"),
    [
        ("A day out", "A day out.mp4"),
        ("  a/b\\c\n d\u202e ", "a b c d.mp4"),
        (".hidden.", "hidden.mp4"),
        ("x" * 300, f"{'x' * 251}.mp4"),
        ("\ud800", f"youtube-{ID}.mp4"),
        ("", f"youtube-{ID}.mp4"),
        (None, f"youtube-{ID}.mp4"),
    ],
)
def test_a_title_becomes_a_filename(title: str | None, filename: str) -> None:
    """It is displayed text: characters that a filename may not have are dropped."""
    assert imported_filename(title, ID) == filename


@given(st.text(max_size=400))
def test_any_title_becomes_a_valid_filename(title: str) -> None:
    """The upload policy would accept it."""
    filename = imported_filename(title, ID)
    check_filename(filename)
    assert len(filename) <= MAX_FILENAME_LENGTH
