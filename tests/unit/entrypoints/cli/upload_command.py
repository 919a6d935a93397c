"""Runs `telecine upload` against a server in this process, without waiting."""

from dataclasses import dataclass, field
from pathlib import Path

import httpx

from domain.model.uploads.multipart import MIN_PART_BYTES
from entrypoints.cli.uploader.resumable_upload import ResumableUpload
from entrypoints.cli.uploader.resume_state import ResumeState
from telecine_client.client import Client
from telecine_client.retry_policy import RetryPolicy
from telecine_client.uploads.options import UploadOptions
from telecine_client.uploads.session import UploadSession
from telecine_client.uploads.source_file import SourceFile
from tests.unit.entrypoints.cli.upload_server import URL, UploadServer

ADA = "head.eyJzdWIiOiJhZGEifQ.signature"  # Its payload says {"sub":"ada"}.
BOB = "head.eyJzdWIiOiJib2IifQ.signature"
_BLOCK_BYTES = 65536


@dataclass
class UploadCommand:
    """Uploads one file, any number of times; what it records accumulates."""

    file: Path
    server: UploadServer = field(default_factory=UploadServer)
    pauses: list[float] = field(default_factory=list[float])
    sent_bytes: int = 0
    seen_bytes: list[int] = field(default_factory=list[int])

    def run(
        self, strategy: str = "multipart", *, parallel: int = 1, video_id: str | None = None, is_new: bool = False
    ) -> str:
        """Upload the file; returns the id of its video."""
        retry_policy = RetryPolicy(sleep=self.pauses.append, random=lambda: 1.0)
        options = UploadOptions("", strategy, parallel)
        transport = httpx.MockTransport(self.server.handle)
        memory = self.memory()
        with Client(URL, ADA, retry_policy=retry_policy, transport=transport) as client, memory.locked():
            session = UploadSession(client, memory.source, options, retry_policy)
            run = ResumableUpload(session, memory, video_id, is_new)
            upload = run.start()
            run.finish(upload, on_sent=self._note, on_resumed=self.seen_bytes.append)
        return upload.video_id

    def memory(self, *, url: str = URL, token: str = ADA) -> ResumeState:
        """The stored state of the file's upload."""
        return ResumeState(url, token, SourceFile.open_at(self.file))

    def remember(self, video_id: str) -> None:
        """Store that an earlier run started this upload."""
        memory = self.memory()
        with memory.locked():
            memory.save(video_id)

    def _note(self, count: int) -> None:
        self.sent_bytes += count


def file_of(folder: Path, parts: int) -> Path:
    """A sparse file of this many parts, the last of which is short; each block begins with its number."""
    file = folder / "clip.mp4"
    size_bytes = (parts - 1) * MIN_PART_BYTES + 700
    with file.open("wb") as stream:
        for start in range(0, size_bytes, _BLOCK_BYTES):
            stream.seek(start)
            stream.write(start.to_bytes(8))
        stream.truncate(size_bytes)
    return file
