"""Clients that produce many events cheaply, while the programs that answer them are killed."""

import random
import threading
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from pathlib import Path
from time import sleep

from tests.torture.client import RetryingClient
from tests.torture.clips import Clip
from tests.torture.victim import Victim

_CAPTIONS = "WEBVTT\n\n00:00.000 --> 00:00.500\nEverything was said\n"
_TORN_BYTES = 4_000
_GROWING = 0.5  # The share of uploads whose size is unknown while they are sent.
# One API may be killed many times before it is ready, which takes long on a busy machine.
_PATIENCE_S = 1800.0


class Actor:
    """One client in a thread; it acts until it is stopped."""

    def __init__(
        self,
        victim: Victim,
        url: str,
        dice: random.Random,
        *,
        pause_s: float,
        with_media: bool = True,
        watch: Callable[[str], None] = lambda _video_id: None,
    ) -> None:
        self._victim = victim
        self._client = RetryingClient(url, victim.deployment.token, patience_s=_PATIENCE_S)
        self._dice = dice
        self._pause_s = pause_s
        self._torn = torn(victim.clips.mute)
        self._failed: list[str] = []
        self._completed: list[str] = []
        self._is_stopped = threading.Event()
        self._error: Exception | None = None
        acts: list[tuple[Callable[[], None], int]] = [(self._cancel, 12), (self._give_up, 4), (self._delete, 2)]
        if with_media:
            acts += [(self._send, 1), (self._send_torn, 2), (self._retry, 4), (self._caption, 4)]
        self._acts, self._weights = [act for act, _ in acts], [weight for _, weight in acts]
        self._watch = watch
        self._thread = threading.Thread(target=self._run, daemon=True)

    def start(self) -> None:
        """Begin to act in a thread."""
        self._thread.start()

    def stop(self) -> None:
        """Finish what has been begun; raise the error that ended the thread, if one did."""
        self._is_stopped.set()
        self._thread.join()
        self._client.close()
        if self._error is not None:
            raise self._error

    def _run(self) -> None:
        try:
            while not self._is_stopped.is_set():
                (act,) = self._dice.choices(self._acts, self._weights)
                act()
                sleep(self._dice.uniform(0.0, 2 * self._pause_s))
        except Exception as error:  # noqa: BLE001 (the thread that stops this one raises it)
            self._error = error

    def _granted(self) -> str:
        video_id: str = self._client.grant(self._torn)["video_id"]
        self._watch(video_id)
        return video_id

    def _cancel(self) -> None:
        self._client.cancel(self._granted())

    def _give_up(self) -> None:
        self._client.complete(self._granted(), success=False)

    def _delete(self) -> None:
        self._client.delete(self._granted())

    def _send(self) -> None:
        clip = self._victim.clips.mute
        video_id = self._sent(clip.path)
        self._victim.inspector.captioned.add(video_id)
        self._victim.inspector.accept(video_id, clip.duration_s)
        self._completed.append(video_id)

    def _send_torn(self) -> None:
        video_id = self._sent(self._torn)
        self._victim.inspector.retried.add(video_id)
        self._victim.inspector.may_fail.add(video_id)
        self._victim.inspector.accept(video_id, 0.0)
        self._failed.append(video_id)

    def _sent(self, path: Path) -> str:
        is_growing = self._dice.random() < _GROWING
        grant = self._client.grant_growing() if is_growing else self._client.grant(path)
        self._watch(grant["video_id"])
        (self._client.put_growing if is_growing else self._client.put)(grant, path)
        return self._client.finish(grant)

    def _retry(self) -> None:
        if self._failed:
            self._client.retry(self._dice.choice(self._failed))

    def _caption(self) -> None:
        if self._completed:
            self._client.caption(self._dice.choice(self._completed), _CAPTIONS)


def torn(clip: Clip) -> Path:
    """The beginning of a clip, which is accepted and cannot be processed."""
    path = clip.path.with_name("torn.mp4")
    if not path.exists():
        path.write_bytes(clip.path.read_bytes()[:_TORN_BYTES])
    return path


@contextmanager
def acting(actors: Sequence[Actor]) -> Generator[None]:
    """Let clients act inside the block."""
    for actor in actors:
        actor.start()
    try:
        yield
    finally:
        for actor in actors:
            actor.stop()
