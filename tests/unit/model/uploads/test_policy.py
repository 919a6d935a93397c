from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.model.errors import Rejected
from domain.model.uploads.multipart import MAX_OBJECT_BYTES, MIB
from domain.model.uploads.policy import (
    AUTO_MULTIPART_BYTES,
    CONTENT_TYPES,
    DEFAULT_CONTENT_TYPES,
    MAX_CONTENT_TYPE_LENGTH,
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


@pytest.mark.parametrize("filename", [".mp4", "mp4", "x", "x.", "x.mp4.", "x.mp4 ", "x.exe", "x.mp4.exe", ".", ".."])
def test_a_filename_must_end_in_a_video_extension(filename: str) -> None:
    """A name that is only an extension has none."""
    assert _refusal(an_upload_declaration(filename=filename)) == "unsupported_extension"


def test_the_default_extensions_are_the_documented_ones() -> None:
    """There are twelve by default."""
    promised = "mp4 m4v mov webm mkv avi mpg mpeg ts flv ogv 3gp"
    assert set(DEFAULT_CONTENT_TYPES) == {f".{extension}" for extension in promised.split()}


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


@pytest.mark.parametrize("content_type", ["application/octet-stream", "Application/Octet-Stream"])
def test_a_generic_type_counts_as_empty(content_type: str) -> None:
    """Some clients declare `application/octet-stream` when they do not know the type."""
    declared = an_upload_declaration(filename="x.mkv", content_type=content_type)
    assert a_policy().accept(declared).content_type == "video/x-matroska"


@pytest.mark.parametrize(
    "content_type",
    [
        "text/html",
        "image/svg+xml",
        "text/html;video/mp4",
        ";codecs=avc1",
        ";",
        " ",
        " video/mp4",
        "video/mp4; ",
        "video/mp4;\tcodecs=avc1",
        "video/mp4;codecs=avc1\r\nx-evil: 1",
        "video/mp4;codecs=avc1\n",
        "video/mp4;codecs=\x00",
        "video/mp4;codecs=\x7f",
        "video/mp4;codecs=\u00e9",
        "video/mp4;" + "x" * (MAX_CONTENT_TYPE_LENGTH - 9),
        "application/octet-stream;",
        "video/mp4\r\nx-evil: 1",
        "video/mp4\n",
        "video/*",
        "video/",
        "video/x-matros\u212aa",
    ],
    ids=ascii,
)
def test_any_other_type_is_refused(content_type: str) -> None:
    """Only media types of supported containers are signed, and only if a header can carry them."""
    assert _refusal(an_upload_declaration(content_type=content_type)) == "unsupported_content_type"


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
    with pytest.raises(ValueError, match=r"\.docx, \.wmv"):
        UploadPolicy(GIB, frozenset({".mp4", ".wmv", ".docx"}))


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
    assert accepted.plan is None or accepted.plan.size_bytes == size_bytes


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
