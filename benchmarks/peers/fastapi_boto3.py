"""FastAPI and boto3 with one client for all requests, on a plain and on an async route."""

# FastAPI is installed only in the environment of the peers, so the type checker cannot check this file.
# pyright: basic, reportMissingImports=false

import os
from typing import Annotated, Any
from uuid import uuid4

import boto3
from botocore.config import Config
from fastapi import FastAPI
from pydantic import BaseModel, Field

BUCKET = os.environ["BENCH_BUCKET"]
EXPIRES_IN_S = 3600

app = FastAPI()
client: Any = boto3.client(
    "s3",
    endpoint_url=os.environ["BENCH_ENDPOINT"],
    region_name=os.environ["BENCH_REGION"],
    aws_access_key_id=os.environ["BENCH_KEY_ID"],
    aws_secret_access_key=os.environ["BENCH_SECRET"],
    config=Config(signature_version="s3v4", s3={"addressing_style": "path"}),
)


class Declaration(BaseModel):
    """The client's description of its file."""

    filename: Annotated[str, Field(min_length=1, max_length=255)]
    file_size: Annotated[int, Field(gt=0)]
    content_type: str


class Grant(BaseModel):
    """The presigned URL for the file."""

    upload_url: str
    key: str
    expires_in: int


def presigned(declared: Declaration) -> Grant:
    """Sign a PUT of this type and length."""
    key = f"videos/{uuid4()}-{declared.filename}"
    url = client.generate_presigned_url(
        "put_object",
        Params={
            "Bucket": BUCKET,
            "Key": key,
            "ContentType": declared.content_type,
            "ContentLength": declared.file_size,
        },
        ExpiresIn=EXPIRES_IN_S,
    )
    return Grant(upload_url=url, key=key, expires_in=EXPIRES_IN_S)


@app.post("/sync", status_code=201)
def grant_in_thread(declared: Declaration) -> Grant:
    """A synchronous route, which FastAPI runs in its thread pool."""
    return presigned(declared)


@app.post("/async", status_code=201)
async def grant_on_loop(declared: Declaration) -> Grant:
    """An asynchronous route; signing does no I/O, so it may run on the event loop."""
    return presigned(declared)
