"""The errors of the client. Each has a stable `code` for programs, and a `detail` for people."""

from pathlib import Path


class ClientError(Exception):
    """The base class of all errors that this package raises."""

    code = "client_error"

    def __init__(self, detail: str, *, code: str | None = None) -> None:
        super().__init__(detail)
        self.detail = detail
        if code is not None:
            self.code = code


class ErrorResponse(ClientError):
    """A response with an error status; `retry_after_s` is set if the response has `Retry-After`.

    `code` is the code of the API's problem document or of the S3 error.
    """

    code = "unexpected_answer"

    def __init__(
        self, detail: str, *, status: int, code: str | None = None, retry_after_s: float | None = None
    ) -> None:
        super().__init__(detail, code=code)
        self.status = status
        self.retry_after_s = retry_after_s


class UnexpectedResponse(ClientError):
    """A successful response whose body is not that of Telecine."""

    code = "unexpected_answer"


class ConnectionFailed(ClientError):
    """No response, or an incomplete one; `retryable` says whether a retry may help."""

    code = "server_unreachable"

    def __init__(self, detail: str, *, code: str | None = None, retryable: bool = True) -> None:
        super().__init__(detail, code=code)
        self.retryable = retryable


class InvalidArgument(ClientError):
    """An argument cannot be right; the code says which.

    `invalid_url`, `invalid_token`, `invalid_secret`, or `other_file` for a file that is not that of the upload.
    """

    code = "invalid_argument"


class UploadClosed(ClientError):
    """The upload to resume was abandoned or cancelled, or has expired."""

    code = "upload_closed"


class FileChanged(ClientError):
    """The file was modified after its upload began."""

    code = "file_changed"

    def __init__(self, path: Path) -> None:
        super().__init__(f"{path} changed during the upload; the upload is cancelled.")


class StreamUnsupported(ClientError):
    """The server has no event streams, or a proxy does not let them through; a client can poll instead."""

    code = "stream_unsupported"


class MalformedStream(ClientError):
    """The stream is not one of Server-Sent Events that Telecine sends."""

    code = "malformed_stream"


class InvalidSignature(ClientError):
    """A webhook message was not signed with this secret, was changed, or is too old."""

    code = "invalid_signature"
