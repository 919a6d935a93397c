from urllib.parse import parse_qsl

import pytest
from benchmarks.sink import Call, delete, get, head, post, put
from benchmarks.sink_bucket import KEPT_BYTES, SinkBucket

SIZE = 10**12
FIRST = b"the first bytes"


def a_call(query: str = "", *, wanted_range: str = "", size_bytes: int = 0) -> Call:
    """A call with a body of this size, of which only the first bytes were kept."""
    parameters = dict(parse_qsl(query, keep_blank_values=True))
    return Call("a.mp4", parameters, wanted_range, size_bytes, FIRST if size_bytes else b"")


def begun(bucket: SinkBucket) -> str:
    """Create an upload, and return its id."""
    answer = post(bucket, a_call("uploads="))
    return answer.body.decode().partition("<UploadId>")[2].partition("<")[0]


def test_an_object_is_as_large_as_what_was_sent() -> None:
    """Its size is reported although its bytes were dropped."""
    bucket = SinkBucket()
    stored = put(bucket, a_call(size_bytes=SIZE))
    described = head(bucket, a_call())
    assert (described.length, described.headers["ETag"]) == (SIZE, stored.headers["ETag"])


def test_the_first_bytes_are_read_as_a_range_of_the_whole() -> None:
    """A range request for the first bytes also returns the full size."""
    bucket = SinkBucket()
    put(bucket, a_call(size_bytes=SIZE))
    answer = get(bucket, a_call(wanted_range="bytes=0-4"))
    assert (answer.status, answer.body, answer.headers["Content-Range"]) == (206, FIRST[:5], f"bytes 0-4/{SIZE}")


@pytest.mark.parametrize("wanted_range", ["", "bytes=5-9", f"bytes=0-{KEPT_BYTES}"])
def test_bytes_that_were_not_kept_are_refused(wanted_range: str) -> None:
    """The sink invents no content."""
    bucket = SinkBucket()
    put(bucket, a_call(size_bytes=SIZE))
    assert get(bucket, a_call(wanted_range=wanted_range)).status == 501


def test_parts_are_listed_in_order_and_after_the_marker() -> None:
    """They may arrive in any order; a long list is paginated."""
    bucket = SinkBucket()
    upload_id = begun(bucket)
    for number in (3, 1, 2):
        put(bucket, a_call(f"uploadId={upload_id}&partNumber={number}", size_bytes=7))
    listing = get(bucket, a_call(f"uploadId={upload_id}&part-number-marker=1")).body.decode()
    assert "<PartNumber>1<" not in listing
    assert listing.index("<PartNumber>2<") < listing.index("<PartNumber>3<")
    assert "<IsTruncated>false<" in listing


def test_a_page_of_parts_has_a_thousand_at_most() -> None:
    """As in S3; a client that reads only one page misses the rest."""
    bucket = SinkBucket()
    upload_id = bucket.begin()
    for number in range(1, 1002):
        bucket.put_part(upload_id, number, 1, b"")
    parts, is_truncated = bucket.parts_after(upload_id, 0)
    assert (max(parts), is_truncated) == (1000, True)


def test_a_joined_object_has_the_size_of_its_parts_and_begins_as_the_first() -> None:
    """The multipart upload becomes one object, whose ETag contains the number of parts."""
    bucket = SinkBucket()
    upload_id = begun(bucket)
    bucket.put_part(upload_id, 2, 5, b"second")
    bucket.put_part(upload_id, 1, SIZE, FIRST)
    post(bucket, a_call(f"uploadId={upload_id}"))
    described = head(bucket, a_call())
    assert described.length == SIZE + 5
    assert described.headers["ETag"].endswith('-2"')
    assert get(bucket, a_call(wanted_range="bytes=0-2")).body == FIRST[:3]


def test_a_deleted_object_is_not_found() -> None:
    """A later request for the object gets 404."""
    bucket = SinkBucket()
    put(bucket, a_call(size_bytes=SIZE))
    assert delete(bucket, a_call()).status == 204
    with pytest.raises(KeyError):
        head(bucket, a_call())
