from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.ffmpeg.allowed_formats import FORMATS
from domain.model.errors import Rejected
from domain.model.uploads.media_types import (
    CONTENT_TYPES,
    DEFAULT_CONTENT_TYPES,
    EXTENSIONS_BY_TYPE,
    MAX_CONTENT_TYPE_LENGTH,
    published_type,
)
from domain.model.uploads.multipart import MAX_OBJECT_BYTES, MAX_PART_BYTES, MIB, MIN_PART_BYTES, GrowingPlan, PartPlan
from domain.model.uploads.policy import (
    AUTO_MULTIPART_BYTES,
    MAX_FILENAME_LENGTH,
    SINGLE_PUT_LIMIT_BYTES,
    UploadDeclaration,
    UploadPolicy,
    UploadStrategy,
    check_filename,
)
from tests.support.builders import a_policy, an_upload_declaration

GIB = 1024**3


def _refusal(declared: UploadDeclaration, policy: UploadPolicy | None = None) -> str:
    with pytest.raises(Rejected) as refused:
        (policy or a_policy()).accept(declared)
    return refused.value.code


@pytest.mark.parametrize(
    "filename",
    [
        "",
        "../x.mp4",
        "/etc/passwd.mp4",
        "a\\b.mp4",
        "x\x00.mp4",
        "x\r\nSet-Cookie: a=b.mp4",
        "x\n.mp4",
        "x\x7f.mp4",
        "x\x85.mp4",
        "x\u202e4pm.exe.mp4",
        "x\u2066.mp4",
        "x\u200f.mp4",
        "x\u061c.mp4",
        "x\u2028.mp4",
        "x\u2029.mp4",
        "\ufeffx.mp4",
        "x\ud800.mp4",
        "x" * (MAX_FILENAME_LENGTH - 3) + ".mp4",
        "x" * 4096 + ".mp4",
    ],
    ids=ascii,
)
def test_a_hostile_filename_is_refused(filename: str) -> None:
    """A filename is displayed text: never a path, never a header, and it is displayed as written."""
    assert _refusal(an_upload_declaration(filename=filename)) == "invalid_filename"


@pytest.mark.parametrize(
    "filename",
    [
        "x.mp4",
        "x.MP4",
        "x.tar.mp4",
        "my holiday (2).mp4",
        "..mp4.mp4",
        "-rf.mp4",
        "\u0444\u0438\u043b\u044c\u043c.mp4",
        "\u6620\u753b.mp4",
        "\u05e1\u05e8\u05d8.mp4",
        "\U0001f3ac.mp4",
        "\U0001f469\u200d\U0001f680.mp4",
        "x" * (MAX_FILENAME_LENGTH - 4) + ".mp4",
    ],
    ids=ascii,
)
def test_an_ordinary_filename_is_kept_as_it_is(filename: str) -> None:
    """Filenames come in many scripts and styles."""
    accepted = a_policy().accept(an_upload_declaration(filename=filename))
    assert accepted.filename == filename
    assert accepted.extension == ".mp4"


@given(st.text(max_size=300))
def test_a_filename_that_passes_is_safe_in_a_header_and_on_a_disk(filename: str) -> None:
    """It can be encoded, fits, and has neither separators nor line breaks."""
    try:
        check_filename(filename)
    except Rejected:
        return
    assert 0 < len(filename) <= MAX_FILENAME_LENGTH
    assert not set(filename) & set("/\\\r\n\x00\u2028\u2029\ufeff")
    assert filename.encode().decode() == filename


@pytest.mark.parametrize("filename", [".mp4", "x.", "x.mp4.", "x.mp4 ", "x.exe", "x.mp4.exe", ".", "..", ".7"])
@pytest.mark.parametrize("content_type", ["", "video/mp4"])
def test_another_extension_is_refused(filename: str, content_type: str) -> None:
    """Whatever the type is; a name that is only an extension has none."""
    declared = an_upload_declaration(filename=filename, content_type=content_type)
    assert _refusal(declared) == "unsupported_extension"


@pytest.mark.parametrize("filename", ["blob", "mp4", "recording", "Recording 2026-11-30 at 10.15.33", "holiday v1.2"])
@pytest.mark.parametrize(
    ("content_type", "extension"),
    [
        ("video/webm", ".webm"),
        ("Video/WebM;codecs=vp9,opus", ".webm"),
        ("video/quicktime", ".mov"),
        ("application/mp4", ".mp4"),
        ("audio/webm;codecs=opus", ".weba"),
        ("audio/mpeg", ".mp3"),
    ],
)
def test_a_name_without_an_extension_gets_that_of_its_type(filename: str, content_type: str, extension: str) -> None:
    """Browsers call a recording `blob`, and phones put a date at the end of a name."""
    accepted = a_policy().accept(an_upload_declaration(filename=filename, content_type=content_type))
    assert (accepted.filename, accepted.extension, accepted.content_type) == (filename, extension, content_type)


@pytest.mark.parametrize("filename", ["blob", "2026.11.30"])
@pytest.mark.parametrize("content_type", ["", "application/octet-stream", "video/unheard-of", "text/plain"])
def test_neither_an_extension_nor_a_known_type_is_refused(filename: str, content_type: str) -> None:
    """Nothing tells what the file may be."""
    declared = an_upload_declaration(filename=filename, content_type=content_type)
    assert _refusal(declared) == "unsupported_extension"


def test_the_type_does_not_widen_the_extensions_of_an_installation() -> None:
    """A name without an extension may be of the installation's formats only."""
    policy = UploadPolicy(GIB, frozenset({".mp4"}))
    assert (
        _refusal(an_upload_declaration(filename="blob", content_type="video/webm"), policy) == "unsupported_extension"
    )


def test_the_default_extensions_are_those_of_cameras_discs_and_recorders() -> None:
    """Those of videos, then those of sound alone."""
    videos = (
        "mp4 m4v f4v mov qt 3gp 3gpp 3g2 webm mkv avi divx mpg mpeg mpe vob mod ts mts m2ts m2t tod trp flv ogv ogm"
    )
    sounds = "mp3 mp2 m4a m4b aac wav w64 flac ogg oga opus spx wma aif aiff aifc caf mka weba amr ac3 eac3"
    promised = f"{videos} mxf wmv asf dv {sounds}"
    assert set(DEFAULT_CONTENT_TYPES) == {f".{extension}" for extension in promised.split()}


def test_every_known_type_has_an_extension_that_may_be_uploaded() -> None:
    """And every default type is known."""
    assert set(EXTENSIONS_BY_TYPE.values()) <= DEFAULT_CONTENT_TYPES.keys()
    assert set(DEFAULT_CONTENT_TYPES.values()) <= CONTENT_TYPES
    assert all(media_type == media_type.lower() for media_type in CONTENT_TYPES)


@pytest.mark.parametrize(("extension", "content_type"), DEFAULT_CONTENT_TYPES.items())
def test_an_empty_type_is_derived_from_the_extension(extension: str, content_type: str) -> None:
    """Browsers send an empty type for some containers."""
    declared = an_upload_declaration(filename=f"x{extension.upper()}", content_type="")
    accepted = a_policy().accept(declared)
    assert (accepted.extension, accepted.content_type) == (extension, content_type)


@pytest.mark.parametrize("content_type", sorted(CONTENT_TYPES))
def test_a_type_is_kept_as_the_client_will_send_it(content_type: str) -> None:
    """The signature covers the header byte for byte, so upper case stays upper case."""
    for written in (content_type, content_type.upper()):
        assert a_policy().accept(an_upload_declaration(content_type=written)).content_type == written


@pytest.mark.parametrize(
    "content_type",
    [
        "video/webm;codecs=vp8,opus",
        'Video/WebM; codecs="vp8, opus"',
        "video/mp4;codecs=avc1.42E01E,mp4a.40.2",
        "video/mp4 ; charset=x",
        "video/mp4;",
        "video/mp4;" + "x" * (MAX_CONTENT_TYPE_LENGTH - 10),
    ],
    ids=ascii,
)
def test_parameters_of_a_type_are_signed_as_they_are(content_type: str) -> None:
    """Every recording that a browser makes names its codecs, and the browser sends the header so."""
    assert a_policy().accept(an_upload_declaration(content_type=content_type)).content_type == content_type


@pytest.mark.parametrize("content_type", ["video/mov", "video/unheard-of", "audio/unheard-of; x=1", "VIDEO/X-NEW"])
def test_a_type_of_a_video_is_kept_although_it_is_not_known(content_type: str) -> None:
    """Browsers only play such an object, and a client sends the type of its file by itself."""
    assert a_policy().accept(an_upload_declaration(content_type=content_type)).content_type == content_type


@pytest.mark.parametrize(
    "content_type",
    [
        "application/octet-stream",
        "Application/Octet-Stream",
        "application/octet-stream;charset=UTF-8",
        "application/octet-stream; charset=utf-8",
        "application/octet-stream;",
        "binary/octet-stream",
        "text/vnd.trolltech.linguist",
        "text/texmacs",
        "text/plain",
        "image/png",
        "application/zip",
    ],
)
def test_any_other_type_counts_as_empty(content_type: str) -> None:
    """Some clients do not know the type, and some desktops take `.ts` for a text; the bytes decide."""
    declared = an_upload_declaration(filename="x.ts", content_type=content_type)
    assert a_policy().accept(declared).content_type == "video/mp2t"


@pytest.mark.parametrize(
    "content_type",
    [
        "text/html",
        "Text/HTML; charset=utf-8",
        "image/svg+xml",
        "application/xml",
        "text/xml",
        "application/xhtml+xml",
        "text/javascript",
        "application/x-javascript",
        "application/ecmascript",
        "application/x-shockwave-flash",
        "multipart/related",
        "message/rfc822",
        "video/x+xml",
        "text/html;video/mp4",
        ";codecs=avc1",
        ";",
        " ",
        " video/mp4",
        " application/octet-stream",
        "video/mp4; ",
        "video/mp4;\tcodecs=avc1",
        "video/mp4;codecs=avc1\r\nx-evil: 1",
        "video/mp4;codecs=avc1\n",
        "video/mp4;codecs=\x00",
        "video/mp4;codecs=\x7f",
        "video/mp4;codecs=\u00e9",
        "video/mp4;" + "x" * (MAX_CONTENT_TYPE_LENGTH - 9),
        "application/octet-stream;" + "x" * MAX_CONTENT_TYPE_LENGTH,
        "application/octet-stream;\r\nx-evil: 1",
        "video/mp4\r\nx-evil: 1",
        "video/mp4\n",
        "video/*",
        "video/",
        "video",
        "video/x-matros\u212aa",
    ],
    ids=ascii,
)
def test_a_type_of_a_page_or_that_no_header_carries_is_refused(content_type: str) -> None:
    """No object may be run as a page, and every signed header must reach the bucket unchanged."""
    assert _refusal(an_upload_declaration(content_type=content_type)) == "unsupported_content_type"


PRINTABLE = st.characters(min_codepoint=0x20, max_codepoint=0x7E)


@given(st.text(PRINTABLE, max_size=40), st.sampled_from(["x.mp4", "x.mov", "blob"]))
def test_no_type_that_a_browser_runs_is_signed(content_type: str, filename: str) -> None:
    """What is signed is a video, a sound or a container."""
    try:
        accepted = a_policy().accept(an_upload_declaration(filename=filename, content_type=content_type))
    except Rejected:
        return
    media_type = accepted.content_type.partition(";")[0].strip().lower()
    assert media_type in CONTENT_TYPES or media_type.startswith(("video/", "audio/"))
    assert "xml" not in media_type


@pytest.mark.parametrize(
    ("declared", "container", "published"),
    [
        ("video/mp4", "mov", "video/mp4"),
        ("video/quicktime", "mov", "video/quicktime"),
        ("Video/WebM;codecs=vp9", "matroska", "Video/WebM;codecs=vp9"),
        ("video/mp4", "matroska", "video/x-matroska"),
        ("video/webm", "mov", "video/mp4"),
        ("video/unheard-of", "mpegts", "video/mp2t"),
        ("audio/mpeg", "mp3", "audio/mpeg"),
        ("video/mp4", "wav", "audio/wav"),
        ("video/mp4", "unheard_of", "application/octet-stream"),
    ],
)
def test_a_published_original_has_a_type_of_its_container(declared: str, container: str, published: str) -> None:
    """The declared type is advice; the container was found in the bytes."""
    assert published_type(declared, container) == published


@pytest.mark.parametrize("container", FORMATS)
def test_every_container_that_is_read_has_a_type(container: str) -> None:
    """Otherwise its original would only be downloaded."""
    assert published_type("", container) in CONTENT_TYPES


@pytest.mark.parametrize("size_bytes", [1, SINGLE_PUT_LIMIT_BYTES - 1, SINGLE_PUT_LIMIT_BYTES])
def test_a_size_up_to_the_limit_is_taken(size_bytes: int) -> None:
    """The limit is inclusive."""
    policy = a_policy(max_size_bytes=SINGLE_PUT_LIMIT_BYTES)
    assert policy.accept(an_upload_declaration(size_bytes=size_bytes)).size_bytes == size_bytes


@pytest.mark.parametrize(
    ("size_bytes", "max_size_bytes", "code"),
    [
        (0, 10 * GIB, "invalid_file_size"),
        (-1, 10 * GIB, "invalid_file_size"),
        (1001, 1000, "file_too_large"),
        (10 * GIB + 1, 10 * GIB, "file_too_large"),
        (SINGLE_PUT_LIMIT_BYTES + 1, 10 * GIB, "file_too_large_for_single_put"),
        (10 * GIB, 10 * GIB, "file_too_large_for_single_put"),
    ],
)
def test_any_other_size_is_refused(size_bytes: int, max_size_bytes: int, code: str) -> None:
    """Empty files, files over the installation's limit, and files that one PUT can't carry."""
    declared = an_upload_declaration(size_bytes=size_bytes)
    assert _refusal(declared, a_policy(max_size_bytes=max_size_bytes)) == code


def test_an_installation_may_take_fewer_extensions() -> None:
    """The error lists the allowed ones."""
    policy = UploadPolicy(GIB, frozenset({".mp4", ".mov"}))
    assert policy.accept(an_upload_declaration()).extension == ".mp4"
    with pytest.raises(Rejected, match=r"one of: \.mov, \.mp4\."):
        policy.accept(an_upload_declaration(filename="x.webm"))


def test_an_extension_without_a_media_type_is_a_settings_error() -> None:
    """It is found when the policy is made, not when the first client uploads."""
    with pytest.raises(ValueError, match=r"\.docx, \.swf"):
        UploadPolicy(GIB, frozenset({".mp4", ".swf", ".docx"}))


@pytest.mark.parametrize(
    ("strategy", "size_bytes", "is_in_parts"),
    [
        (UploadStrategy.SINGLE, SINGLE_PUT_LIMIT_BYTES, False),
        (UploadStrategy.AUTO, AUTO_MULTIPART_BYTES - 1, False),
        (UploadStrategy.AUTO, AUTO_MULTIPART_BYTES, True),
        (UploadStrategy.AUTO, MAX_OBJECT_BYTES, True),
        (UploadStrategy.MULTIPART, 1, True),
        (UploadStrategy.MULTIPART, MAX_OBJECT_BYTES, True),
    ],
)
def test_the_strategy_and_the_size_decide_on_parts(
    strategy: UploadStrategy, size_bytes: int, *, is_in_parts: bool
) -> None:
    """`auto` uses parts for large files."""
    declared = replace(an_upload_declaration(size_bytes=size_bytes), strategy=strategy)
    accepted = a_policy(max_size_bytes=MAX_OBJECT_BYTES).accept(declared)
    assert (accepted.plan is not None) is is_in_parts
    assert accepted.plan is None or (isinstance(accepted.plan, PartPlan) and accepted.plan.size_bytes == size_bytes)


@pytest.mark.parametrize("strategy", UploadStrategy)
def test_no_bucket_takes_more_than_5_tib(strategy: UploadStrategy) -> None:
    """This holds whatever the installation's limit is."""
    declared = replace(an_upload_declaration(size_bytes=MAX_OBJECT_BYTES + 1), strategy=strategy)
    assert _refusal(declared, a_policy(max_size_bytes=MAX_OBJECT_BYTES + 1)) == "file_too_large"


def test_the_part_size_is_a_setting() -> None:
    """Every part of an upload has this size, except the last one."""
    policy = replace(a_policy(), part_bytes=32 * MIB)
    declared = replace(an_upload_declaration(size_bytes=65 * MIB), strategy=UploadStrategy.MULTIPART)
    plan = policy.accept(declared).plan
    assert plan is not None
    assert (plan.part_bytes, plan.count) == (32 * MIB, 3)


def test_a_file_without_a_size_grows_in_parts() -> None:
    """Of the installation's size, or of one that the client chooses; nothing else carries it."""
    declared = replace(an_upload_declaration(), size_bytes=None, strategy=UploadStrategy.MULTIPART)
    accepted = a_policy().accept(declared)
    assert (accepted.plan, accepted.size_bytes) == (GrowingPlan(16 * MIB), 0)
    chosen = a_policy().accept(replace(declared, part_bytes=MIN_PART_BYTES))
    assert chosen.plan == GrowingPlan(MIN_PART_BYTES)
    for strategy in (UploadStrategy.SINGLE, UploadStrategy.AUTO):
        assert _refusal(replace(declared, strategy=strategy)) == "invalid_file_size"


def test_a_client_may_choose_the_size_of_its_parts() -> None:
    """What the bucket accepts, with at most 10,000 parts."""
    policy = a_policy(max_size_bytes=MAX_OBJECT_BYTES)
    declared = replace(
        an_upload_declaration(size_bytes=MIN_PART_BYTES * 10_000),
        strategy=UploadStrategy.MULTIPART,
        part_bytes=MIN_PART_BYTES,
    )
    assert policy.accept(declared).plan == PartPlan(MIN_PART_BYTES * 10_000, MIN_PART_BYTES)
    assert _refusal(replace(declared, size_bytes=MIN_PART_BYTES * 10_000 + 1), policy) == "invalid_part_size"
    for part_bytes in (MIN_PART_BYTES - 1, MAX_PART_BYTES + 1):
        for size_bytes in (MIB, None):
            refused = replace(declared, part_bytes=part_bytes, size_bytes=size_bytes)
            assert _refusal(refused, policy) == "invalid_part_size"
