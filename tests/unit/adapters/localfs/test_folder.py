import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from adapters.aio.uncancelled import finish_in_thread
from adapters.localfs.folder import BucketFolder
from adapters.localfs.staging import StagedObject
from domain.model.errors import Rejected
from domain.model.object_key import ObjectKey

pytestmark = pytest.mark.anyio

KEY = ObjectKey("videos/ann/1.mp4")


@pytest.fixture
def folder(tmp_path: Path) -> BucketFolder:
    """An empty bucket."""
    return BucketFolder(tmp_path / "bucket", writer="clients")


def publish(folder: BucketFolder, key: ObjectKey, body: bytes = b"body") -> None:
    """Store an object."""
    staged = StagedObject(folder)
    staged.append(body)
    staged.publish(key)
    staged.discard()


@pytest.mark.parametrize("key", ["", "/", "/etc/passwd", "../x", "a/../../x", "a/./b", "a//b", "a\x00b", "a!/b", "ä"])
def test_a_key_of_another_shape_reaches_no_path(folder: BucketFolder, key: str) -> None:
    """Keys cannot name a path outside `objects/`."""
    with pytest.raises(Rejected) as refusal:
        folder.path_of(key)
    assert refusal.value.code == "invalid_object_key"


def test_a_segment_longer_than_a_file_name_is_kept(folder: BucketFolder) -> None:
    """File systems limit names to 255 bytes, keys do not."""
    keys = [ObjectKey(f"{'a' * length}/{'b' * 700}") for length in (199, 200, 201, 255, 256)]
    for key in keys:
        publish(folder, key)
    assert sorted(each.key for each in folder.scan("")) == sorted(keys)
    assert [each.key for each in folder.scan("a" * 199 + "/b")] == keys[:1]


def test_a_plain_key_is_its_path(folder: BucketFolder) -> None:
    """An operator finds an object under its key."""
    publish(folder, KEY)
    assert (folder.root / "objects" / KEY).read_bytes() == b"body"


def test_empty_folders_are_removed_with_their_last_object(folder: BucketFolder) -> None:
    """Folders with other objects stay."""
    publish(folder, KEY)
    publish(folder, ObjectKey("videos/bob/1.mp4"))
    folder.remove(KEY)
    assert [path.name for path in (folder.objects / "videos").iterdir()] == ["bob"]
    folder.remove(ObjectKey("videos/bob/1.mp4"))
    assert list(folder.objects.iterdir()) == []


def test_writes_succeed_while_folders_are_pruned(folder: BucketFolder) -> None:
    """A folder that is removed during a write is created again."""

    def write_and_remove(number: int) -> None:
        key = ObjectKey(f"a/b/c/{number}")
        for _ in range(100):
            publish(folder, key)
            assert folder.info(key).size_bytes == 4
            folder.remove(key)

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(write_and_remove, range(4)))
    assert list(folder.objects.iterdir()) == []
    assert list(folder.incoming.iterdir()) == []


def test_clear_incoming_removes_what_a_crash_left(folder: BucketFolder) -> None:
    """A process that was killed leaves a file without a key, and nothing under the key."""
    folder.clear_incoming()
    publish(folder, KEY)
    StagedObject(folder).append(b"half")
    assert len(list(folder.incoming.iterdir())) == 1
    folder.clear_incoming()
    assert list(folder.incoming.iterdir()) == []
    assert [each.key for each in folder.scan("")] == [KEY]


def test_a_discarded_file_is_not_written_again(folder: BucketFolder) -> None:
    """A thread that outlives its cancelled call cannot leave a file behind."""
    staged = StagedObject(folder)
    staged.append(b"half")
    staged.discard()
    with pytest.raises(FileNotFoundError):
        staged.append(b"more")
    with pytest.raises(FileNotFoundError):
        staged.publish(KEY)
    assert list(folder.incoming.iterdir()) == []
    assert [each.key for each in folder.scan("")] == []


async def test_a_cancelled_call_waits_for_its_thread() -> None:
    """The files that the thread uses can be closed then."""
    may_continue = threading.Event()
    begun = asyncio.Event()
    loop = asyncio.get_running_loop()

    def slow() -> str:
        loop.call_soon_threadsafe(begun.set)
        may_continue.wait()
        done.append(True)
        return "done"

    done: list[bool] = []
    scanning = asyncio.create_task(finish_in_thread(slow))
    await begun.wait()
    scanning.cancel()
    loop.call_later(0.01, may_continue.set)
    with pytest.raises(asyncio.CancelledError):
        await scanning
    assert done == [True]
