"""Videos that are created before a measurement starts."""

import json
from collections.abc import Mapping
from pathlib import Path

import httpx
from tests.services.postgres import PostgresServer

from benchmarks.processes import Server

# The first box of an MP4 and padding: enough to be accepted as a video.
SOURCE = b"\0\0\0\x18ftypisom\0\0\2\0isomiso2" + bytes(40)


def uploaded_video(server: Server, headers: Mapping[str, str]) -> str:
    """Upload a video without reporting it complete; returns its id."""
    declared = {"filename": "holiday.mp4", "file_size": len(SOURCE), "content_type": "video/mp4"}
    with httpx.Client(trust_env=False) as client:
        answer = client.post(f"{server.url}/api/videos/upload/presigned", content=json.dumps(declared), headers=headers)
        grant = answer.raise_for_status().json()
        client.put(grant["upload_url"], content=SOURCE, headers=grant["headers"]).raise_for_status()
    video_id: str = grant["video_id"]
    return video_id


def videos_like(postgres: PostgresServer, url: str, video_id: str, count: int) -> list[str]:
    """Insert `count` copies of a video, which differ only in their ids and share the object; returns the ids."""
    sql = f"""
        INSERT INTO videos
        SELECT (jsonb_populate_record(v, jsonb_build_object('id', gen_random_uuid()::text))).*
        FROM videos AS v, generate_series(1, {count})
        WHERE v.id = '{video_id}'
        RETURNING id
    """  # noqa: S608 (both are ours)
    return postgres.execute(sql, database=name_in(url)).split()


def name_in(url: str) -> str:
    """The name of the database in a URL."""
    return url.rpartition("/")[2]


def written(ids: list[str], path: Path) -> Path:
    """Write the ids to a file, one per line, as the load generator reads them."""
    path.write_text("\n".join(ids) + "\n", encoding="utf-8")
    return path
