import tracemalloc
from pathlib import Path

import pytest

from adapters.fakes.clock import FakeClock
from adapters.localfs.object_store import LocalObjectStore

pytestmark = pytest.mark.anyio


async def test_a_scan_holds_one_batch_of_a_large_folder(tmp_path: Path) -> None:
    """However many objects there are; the smallest of three measurements counts, as other threads use memory, too."""
    store = LocalObjectStore(tmp_path, secret=b"secret", base_url="http://bucket.test", clock=FakeClock())
    (tmp_path / "objects").mkdir()
    count = 5_000
    for number in range(count):
        (tmp_path / "objects" / str(number)).touch()
    assert min([await scanned(store, count) for _ in range(3)]) < 100 * count


async def scanned(store: LocalObjectStore, count: int) -> int:
    """The peak memory of a scan of this many objects, in bytes."""
    tracemalloc.start()
    try:
        assert len([1 async for _ in store.scan("")]) == count
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
