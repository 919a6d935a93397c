import tracemalloc
from collections.abc import AsyncGenerator, Iterable, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.model.errors import Rejected
from entrypoints.http.body.multipart_form import (
    MAX_BOUNDARY_LENGTH,
    MAX_OTHER_BYTES,
    MAX_OTHER_FIELDS,
    opened_form,
)

pytestmark = pytest.mark.anyio

BOUNDARY = "--frontier"
TYPE = f"multipart/form-data; boundary={BOUNDARY}"
BEGIN, CLOSE = f"--{BOUNDARY}\r\n".encode(), f"--{BOUNDARY}--\r\n".encode()
MOVIE = b"\x00\x00\x00 ftyp\r\n\r\n-\r\n--\r\n----front\r\n----frontie\r\r\n"
DESCRIBED = 'form-data; name="file"; filename="clip.mp4"\r\nContent-Type: video/mp4'

ParsedFile = tuple[str, str, bytes]


def field(disposition: str, content: bytes = b"") -> bytes:
    """One field of a form, with its headers."""
    return BEGIN + f"Content-Disposition: {disposition}\r\n\r\n".encode() + content + b"\r\n"


def text(name: str = "title", content: bytes = b"words") -> bytes:
    """A field that is not the file."""
    return field(f'form-data; name="{name}"', content)


def form(*fields: bytes) -> bytes:
    """A complete form."""
    return b"".join(fields) + CLOSE


FILE = field(DESCRIBED, MOVIE)
FORM = form(text(), FILE, text("after"))


async def streamed(chunks: Iterable[bytes]) -> AsyncGenerator[bytes]:
    """A body as a stream."""
    for chunk in chunks:
        yield chunk


async def parse(chunks: Iterable[bytes], content_type: str = TYPE) -> ParsedFile:
    """The file's name, type and bytes."""
    async with opened_form(content_type, streamed(chunks)) as file:
        content = b"".join([chunk async for chunk in file.content])
        return file.filename, file.content_type, content


async def refusal(chunks: Iterable[bytes], content_type: str = TYPE) -> str:
    """The code of the error, whenever it is raised."""
    with pytest.raises(Rejected) as refused:
        await parse(chunks, content_type)
    return refused.value.code


async def outcome_of(chunks: Iterable[bytes]) -> str:
    """The result of reading a form that may be valid."""
    try:
        await parse(chunks)
    except Rejected as refused:
        return refused.code
    return "read"


def cut(body: bytes, size_bytes: int) -> list[bytes]:
    """The body in chunks of one size."""
    return [body[start : start + size_bytes] for start in range(0, len(body), size_bytes)]


async def test_a_file_is_handed_on_with_its_name_and_type() -> None:
    """Other fields are ignored."""
    assert await parse([FORM]) == ("clip.mp4", "video/mp4", MOVIE)


async def test_a_form_may_be_cut_anywhere() -> None:
    """The form is split in two at every position, with an empty chunk between."""
    for place in range(len(FORM) + 1):
        assert await parse([FORM[:place], b"", FORM[place:]]) == ("clip.mp4", "video/mp4", MOVIE)


@given(size_bytes=st.integers(1, len(FORM)))
async def test_chunks_may_have_any_size(size_bytes: int) -> None:
    """Down to single bytes."""
    assert await parse(cut(FORM, size_bytes)) == ("clip.mp4", "video/mp4", MOVIE)


LIKE_A_BOUNDARY = st.lists(
    st.sampled_from([b"\r", b"\n", b"\r\n", b"-", b"--", f"--{BOUNDARY}"[:-1].encode(), BOUNDARY.encode(), b"\0"])
).map(b"".join)


@settings(deadline=None)
@given(
    content=LIKE_A_BOUNDARY.filter(lambda content: f"\r\n--{BOUNDARY}".encode() not in b"\r\n" + content),
    size_bytes=st.integers(1, 50),
)
async def test_content_may_resemble_the_boundary(content: bytes, size_bytes: int) -> None:
    """Everything but the exact boundary belongs to the file."""
    assert (await parse(cut(form(field(DESCRIBED, content), text()), size_bytes)))[2] == content


async def test_a_form_that_ends_early_is_refused_before_its_file_ends() -> None:
    """At every position before the closing boundary, so that no partial file is accepted."""
    whole = len(FORM) - len(b"\r\n")
    for end in range(whole):
        assert await refusal([FORM[:end]]) in ({"invalid_form"} if end else {"invalid_form", "missing_file"}), end
    assert await parse([FORM[:whole]]) == ("clip.mp4", "video/mp4", MOVIE)


async def test_the_file_ends_only_after_a_valid_form() -> None:
    """An error after the file is raised to the reader of the file."""
    async with opened_form(TYPE, streamed([FILE, text("file"), CLOSE])) as file:
        assert await anext(file.content) == MOVIE
        with pytest.raises(Rejected) as refused:
            await anext(file.content)
    assert refused.value.code == "several_files"


@pytest.mark.parametrize("size_bytes", [1, 7, 10_000])
async def test_named_text_fields_before_the_file_are_read(size_bytes: int) -> None:
    """Those that were not asked for are ignored, wherever they are."""
    whole = form(text("colour"), text("shape"), FILE, text("taste"))
    async with opened_form(TYPE, streamed(cut(whole, size_bytes)), text_fields={"shape": 64, "size": 64}) as file:
        assert b"".join([chunk async for chunk in file.content]) == MOVIE
        assert file.texts.keys() == {"shape"}
        assert text("shape").decode().strip().endswith(file.texts["shape"])


@pytest.mark.parametrize(
    "fields",
    [
        [text("shape"), text("shape"), FILE],
        [FILE, text("shape")],
        [field('form-data; name="shape"', b"x" * 65), FILE],
        [field('form-data; name="shape"', b"\xff\xfe"), FILE],
    ],
    ids=["twice", "behind the file", "too long", "not UTF-8"],
)
async def test_a_text_field_comes_once_before_the_file(fields: list[bytes]) -> None:
    """It must not be ignored silently."""

    async def parsed() -> None:
        async with opened_form(TYPE, streamed([form(*fields)]), text_fields={"shape": 64}) as file:
            assert [chunk async for chunk in file.content]

    with pytest.raises(Rejected) as refused:
        await parsed()
    assert refused.value.code == "invalid_form"


async def test_each_chunk_is_passed_on_before_the_next_is_read() -> None:
    """The file is not buffered: each chunk is passed on at once."""
    sent: list[int] = []

    async def body() -> AsyncGenerator[bytes]:
        for number, chunk in enumerate([form(FILE)[:-60], *cut(form(FILE)[-60:], 1)]):
            sent.append(number)
            yield chunk

    async with opened_form(TYPE, body()) as file:
        await anext(file.content)
        assert sent == [0]


async def test_a_reader_may_stop() -> None:
    """A caller that rejects the file need not read it; the rest of the form is not validated then."""
    async with opened_form(TYPE, streamed([FILE[:-20]])) as file:
        assert file.filename == "clip.mp4"


async def test_an_empty_file_is_a_file() -> None:
    """Whether an empty file is acceptable is decided elsewhere."""
    assert await parse([form(field(DESCRIBED))]) == ("clip.mp4", "video/mp4", b"")


@pytest.mark.parametrize(
    ("disposition", "filename", "content_type"),
    [
        ('form-data; name="file"; filename="a.mp4"', "a.mp4", ""),
        ("form-data; name=file; filename=a.mp4", "a.mp4", ""),
        ('form-data; filename="a.mp4"; name="file"', "a.mp4", ""),
        ('form-data; name="file"; filename="фильм.mp4"', "фильм.mp4", ""),
        ('form-data; name="file"; filename="a%22b%0D%0A.mp4"', 'a"b\r\n.mp4', ""),
        ('form-data; name="file"; filename="../../x.mp4"', "../../x.mp4", ""),
        (
            'form-data; name="file"; filename="a.webm"\r\nContent-Type:  Video/WebM;codecs=vp8,opus ',
            "a.webm",
            "Video/WebM;codecs=vp8,opus",
        ),
    ],
)
async def test_name_and_type_are_what_the_client_sent(disposition: str, filename: str, content_type: str) -> None:
    """Validating them is the upload policy's task."""
    assert await parse([form(field(disposition, b"x"))]) == (filename, content_type, b"x")


@pytest.mark.parametrize(
    "content_type",
    [
        f'multipart/form-data; boundary="{BOUNDARY}"',
        f"Multipart/Form-Data;charset=utf-8;BOUNDARY={BOUNDARY}",
    ],
)
async def test_the_header_may_be_written_in_any_way(content_type: str) -> None:
    """Quoted, in upper case, with other parameters."""
    assert (await parse([FORM], content_type))[2] == MOVIE


async def test_a_boundary_may_have_signs_that_need_quotes() -> None:
    """Some clients omit the quotes."""
    body = FORM.replace(BOUNDARY.encode(), b"a=b/c")
    assert (await parse([body], "multipart/form-data; boundary=a=b/c"))[0] == "clip.mp4"


@pytest.mark.parametrize("boundary", ["", " ", "a\rb", "a\x00b", "é", "x" * (MAX_BOUNDARY_LENGTH + 1)])
async def test_an_invalid_boundary_is_refused(boundary: str) -> None:
    """Even if the form uses it: RFC 2046 allows at most 70 printable ASCII characters."""
    body = FORM.replace(BOUNDARY.encode(), boundary.encode())
    assert await refusal([body], f'multipart/form-data; boundary="{boundary}"') == "invalid_form"


@pytest.mark.parametrize(
    "content_type",
    [
        "",
        "multipart/form-data",
        f"multipart/mixed; boundary={BOUNDARY}",
        f"application/x-www-form-urlencoded; boundary={BOUNDARY}",
        f"application/json; boundary={BOUNDARY}",
    ],
)
async def test_a_body_of_another_content_type_is_refused(content_type: str) -> None:
    """Whatever the body contains."""
    assert await refusal([FORM], content_type) == "invalid_form"


@settings(deadline=None)
@given(content_type=st.text() | st.text().map("multipart/form-data; boundary=".__add__), body=st.binary())
async def test_nothing_else_is_raised_for_a_body_that_is_not_a_form(content_type: str, body: bytes) -> None:
    """Any header and any body give a file or a documented error."""
    assert await refusal([body], content_type) in {"invalid_form", "missing_file"}


@settings(deadline=None)
@given(place=st.integers(0, len(FORM) - 1), damage=st.binary(max_size=6), size_bytes=st.integers(1, 99))
async def test_nothing_else_is_raised_for_a_damaged_form(place: int, damage: bytes, size_bytes: int) -> None:
    """The result is a file or one of the three codes."""
    outcome = await outcome_of(cut(FORM[:place] + damage + FORM[place + 1 :], size_bytes))
    assert outcome in {"read", "invalid_form", "missing_file", "several_files"}


@pytest.mark.parametrize(
    "body",
    [
        CLOSE,
        form(text()),
        form(text("file")),
        form(text("File"), text("file[]")),
        form(field('form-data; name="file"; filename=""', MOVIE)),
        form(field('form-data; name="other"; filename="clip.mp4"', MOVIE)),
        form(field('form-data; filename="clip.mp4"', MOVIE)),
    ],
)
async def test_a_form_without_the_file_is_refused(body: bytes) -> None:
    """The field has a fixed name, and a file has a filename: browsers send an empty one if no file was chosen."""
    assert await refusal(cut(body, 7)) == "missing_file"


@pytest.mark.parametrize("second", [FILE, text("file")])
@pytest.mark.parametrize("between", [b"", text()])
async def test_more_than_one_file_is_refused(second: bytes, between: bytes) -> None:
    """It would be ambiguous which file is meant."""
    assert await refusal([form(FILE, between, second)]) == "several_files"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"words",
        FORM.replace(b"\r\n", b"\n"),
        FORM.replace(BEGIN, BEGIN[:-2] + b"\n"),
        FORM.replace(BEGIN, BEGIN[:-2] + b" \r\n"),
        FORM.replace(b"Content-Disposition:", b"Content-Disposition"),
        FORM.replace(b"Content-Disposition:", b"Content Disposition:"),
        FORM.replace(b"form-data", b"attachment"),
        FORM.replace(b"Content-Disposition", b"X-Disposition"),
        FORM.replace(b"clip", b"\xff\xfe"),
        form(FILE.replace(b"Content-Type", b"Content-Length: 3\r\nContent-Type")),
        form(field(DESCRIBED + "\r\nX-Long: " + "x" * 5000)),
        form(field(DESCRIBED + "\r\nX-Many: x" * 10)),
        BEGIN + b"X-Endless: " + b"x" * 20_000,
    ],
)
async def test_a_malformed_form_is_refused(body: bytes) -> None:
    """Forms must follow the standard exactly."""
    assert await refusal([body]) == "invalid_form"
    assert await refusal(cut(body, 5)) == "invalid_form"


async def test_text_around_the_form_is_passed_over() -> None:
    """RFC 2046 calls it preamble and epilogue."""
    around = [b"This is a form.\r\n", FORM, b"That was a form.\r\n" + CLOSE]
    assert (await parse(around))[2] == MOVIE
    assert (await parse(cut(b"".join(around), 3)))[2] == MOVIE


@pytest.mark.parametrize("is_before", [True, False])
async def test_fields_beside_the_file_are_counted(*, is_before: bool) -> None:
    """Before and after it."""

    def counted(count: int) -> bytes:
        others = text() * count
        return form(others, FILE) if is_before else form(FILE, others)

    assert (await parse([counted(MAX_OTHER_FIELDS)]))[2] == MOVIE
    assert await refusal([counted(MAX_OTHER_FIELDS + 1)]) == "invalid_form"
    assert await refusal(cut(counted(10_000), 1000)) == "invalid_form"


LONG = b"x" * (MAX_OTHER_BYTES - 1000)
TOO_LONG = b"x" * (MAX_OTHER_BYTES + 1)


def surrounded(words: bytes) -> Sequence[bytes]:
    """Forms with these bytes in addition to the file, at different positions."""
    return [
        form(text(content=words), FILE),
        form(FILE, text(content=words)),
        words + b"\r\n" + FORM,
        FORM + words,
    ]


async def test_bytes_beyond_the_file_are_limited() -> None:
    """In fields, before the form and after it."""
    for body in surrounded(LONG):
        assert (await parse(cut(body, 1000)))[2] == MOVIE
    for body in surrounded(TOO_LONG):
        assert await refusal(cut(body, 1000)) == "invalid_form"


async def test_reading_stops_where_the_bound_is() -> None:
    """An endless field is read only up to the limit."""
    taken = 0

    async def endless() -> AsyncGenerator[bytes]:
        nonlocal taken
        yield BEGIN + b'Content-Disposition: form-data; name="title"\r\n\r\n'
        while True:
            taken += 1000
            yield b"x" * 1000

    with pytest.raises(Rejected):
        await opened_form(TYPE, endless()).__aenter__()
    assert taken <= MAX_OTHER_BYTES + 1000


async def test_the_file_itself_is_not_limited_here() -> None:
    """It may be larger than the limit for everything else."""
    content = MOVIE * 10_000
    assert (await parse(cut(form(text(), field(DESCRIBED, content)), 65_536)))[2] == content


async def big(size_bytes: int) -> AsyncGenerator[bytes]:
    """A form with a large file; each of its chunks is newly allocated and ends like a boundary."""
    yield text() + field(DESCRIBED)[:-2]
    for _ in range(size_bytes // 65_536):
        yield bytes(65_530) + b"\r\n----"
    yield b"\r\n" + CLOSE


async def test_memory_stays_small_however_large_the_file() -> None:
    """200 MB pass through in less than 2 MiB."""
    tracemalloc.start()
    async with opened_form(TYPE, big(200_000_000)) as file:
        received = 0
        async for chunk in file.content:
            received += len(chunk)
    _, peak_bytes = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert received == 200_000_000 // 65_536 * 65_536
    assert peak_bytes < 2 * 1024**2


async def test_a_disconnected_client_does_not_end_the_file() -> None:
    """An error raised by the body reaches the reader of the file."""

    async def broken() -> AsyncGenerator[bytes]:
        yield FILE[:-20]
        raise ConnectionResetError

    async with opened_form(TYPE, broken()) as file:
        assert MOVIE.startswith(await anext(file.content))
        with pytest.raises(ConnectionResetError):
            await anext(file.content)
