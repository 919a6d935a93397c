"""A client of Telecine, a video ingest service.

`upload`, `watch` and `verify_webhook` are written by hand. `rest` has a function for each operation of the API and a
class for each of its objects, generated from the OpenAPI document; they take `Client.rest`.
"""

from telecine_client.client import Client
from telecine_client.errors import (
    ClientError,
    ConnectionFailed,
    ErrorResponse,
    FileChanged,
    InvalidArgument,
    InvalidSignature,
    MalformedStream,
    StreamUnsupported,
    UnexpectedResponse,
    UploadClosed,
)
from telecine_client.events.updates import Update
from telecine_client.events.watch import watch
from telecine_client.retry_policy import NO_RETRIES, RetryPolicy
from telecine_client.uploads.options import UploadOptions
from telecine_client.uploads.upload import Progress, upload
from telecine_client.webhooks import verify_webhook

__all__ = [
    "NO_RETRIES",
    "Client",
    "ClientError",
    "ConnectionFailed",
    "ErrorResponse",
    "FileChanged",
    "InvalidArgument",
    "InvalidSignature",
    "MalformedStream",
    "Progress",
    "RetryPolicy",
    "StreamUnsupported",
    "UnexpectedResponse",
    "Update",
    "UploadClosed",
    "UploadOptions",
    "upload",
    "verify_webhook",
    "watch",
]
