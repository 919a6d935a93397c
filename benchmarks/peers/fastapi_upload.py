"""Uploads through the API, as they are commonly written with FastAPI and boto3."""

# FastAPI is installed only in the environment of the peers, so the type checker cannot check this file.
# pyright: basic, reportMissingImports=false

import os
from typing import Any
from uuid import uuid4

import boto3
from botocore.config import Config
from fastapi import FastAPI, UploadFile
from fastapi.concurrency import run_in_threadpool

BUCKET = os.environ["BENCH_BUCKET"]

app = FastAPI()
client: Any = boto3.client(
    "s3",
    endpoint_url=os.environ["BENCH_ENDPOINT"],
    region_name=os.environ["BENCH_REGION"],
    aws_access_key_id=os.environ["BENCH_KEY_ID"],
    aws_secret_access_key=os.environ["BENCH_SECRET"],
    # Disables the hashing of bodies, which boto3 does by default.
    config=Config(
        signature_version="s3v4",
        s3={"addressing_style": "path", "payload_signing_enabled": False},
        request_checksum_calculation="when_required",
        max_pool_connections=50,
    ),
)


@app.post("/spooled", status_code=201)
def spooled(file: UploadFile) -> dict[str, str]:
    """Spool the form to a temporary file, and upload that in parts from threads."""
    key = f"videos/{uuid4()}"
    client.upload_fileobj(file.file, BUCKET, key)
    return {"key": key}


@app.post("/read", status_code=201)
async def read(file: UploadFile) -> dict[str, str]:
    """Spool the form to a temporary file, read that into memory, and upload it from there."""
    key = f"videos/{uuid4()}"
    await run_in_threadpool(client.put_object, Bucket=BUCKET, Key=key, Body=await file.read())
    return {"key": key}
