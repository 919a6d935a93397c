import asyncio
import io
from pathlib import Path

import pytest

from adapters.localfs.transfer import Transfer

pytestmark = pytest.mark.anyio


async def test_a_cancelled_copy_has_ended_when_the_call_returns(tmp_path: Path) -> None:
    """The folder of the copy may be removed right after."""
    source = tmp_path / "source"
    source.write_bytes(bytes(100))
    has_begun, has_ended = asyncio.Event(), False

    def copy_for_ever(transfer: Transfer) -> None:
        nonlocal has_ended
        try:
            with source.open("rb") as file:
                while True:
                    transfer.copy(file, io.BytesIO())
                    file.seek(0)
        finally:
            has_ended = True

    copying = asyncio.create_task(Transfer(lambda _: has_begun.set()).run(copy_for_ever))
    await has_begun.wait()
    copying.cancel()
    with pytest.raises(asyncio.CancelledError):
        await copying
    assert has_ended
