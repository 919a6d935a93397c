"""A library with many videos, of which one was processed and the others are copies of its row."""

import sqlite3
from pathlib import Path
from uuid import uuid4

import httpx
from tests.e2e.processes import Telecine, wait_until
from tests.media import make

from entrypoints.http.web.local_session import LOCAL_USER


def fill_library(server: Telecine, folder: Path, count: int) -> str:
    """Give the local user `count` videos with poster, which share their objects; returns the id of the real one."""
    clip = make.video(folder / "clip.mp4", width=1280, height=720)
    video_id = _processed(server, clip)
    connection = sqlite3.connect(server.data_dir / "telecine.db", timeout=20)
    try:
        connection.row_factory = sqlite3.Row
        row = dict(connection.execute("SELECT * FROM videos WHERE id = ?", [video_id]).fetchone())
        copies = [{**row, "id": str(uuid4()), "title": f"Lecture {number}"} for number in range(1, count)]
        marks = ", ".join(f":{name}" for name in row)
        connection.executemany(f"INSERT INTO videos ({', '.join(row)}) VALUES ({marks})", copies)  # noqa: S608 (ours)
        connection.commit()
    finally:
        connection.close()
    return video_id


def _processed(server: Telecine, clip: Path) -> str:
    headers = {"Authorization": f"Bearer {server.token(LOCAL_USER)}"}
    with httpx.Client(base_url=server.url, headers=headers, timeout=60, trust_env=False) as client:
        declared = {"filename": clip.name, "file_size": clip.stat().st_size, "content_type": "video/mp4"}
        grant = client.post("/api/videos/upload/presigned", json=declared).raise_for_status().json()
        client.put(grant["upload_url"], content=clip.read_bytes(), headers=grant["headers"]).raise_for_status()
        path = f"/api/videos/{grant['video_id']}"
        client.post(f"{path}/upload/complete", json={"success": True}).raise_for_status()
        wait_until(lambda: client.get(path).raise_for_status().json()["status"] == "completed", timeout_s=120)
    video_id: str = grant["video_id"]
    return video_id
