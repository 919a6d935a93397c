"""Settings of the S3 adapter."""

from dataclasses import dataclass, field

from domain.model.uploads.multipart import DEFAULT_PART_BYTES, MIB, MIN_PART_BYTES

AUTO_REGION = "auto"  # R2's only region, and its default elsewhere.
AWS_DEFAULT_REGION = "us-east-1"


@dataclass(frozen=True, slots=True)
class S3Config:
    """The bucket, its endpoints and credentials, and the limits of requests; without an endpoint it is AWS.

    Clients get URLs of `public_endpoint_url` if it is set; otherwise, of the endpoint that this process uses.
    """

    bucket: str
    access_key_id: str
    secret_access_key: str = field(repr=False)
    endpoint_url: str | None = None
    public_endpoint_url: str | None = None
    region: str = AUTO_REGION
    part_size_bytes: int = DEFAULT_PART_BYTES
    multipart_threshold_bytes: int = 32 * MIB
    parts_in_flight: int = 3
    connect_timeout_s: float = 5.0
    read_timeout_s: float = 60.0
    head_timeout_s: float = 20.0
    """The limit for all tries of `head` and `peek`, for which a client waits."""
    check_timeout_s: float = 5.0
    """The limit for all tries of `check`, because readiness probes have short time-outs."""
    max_attempts: int = 4
    max_connections: int = 50

    def __post_init__(self) -> None:
        """Reject a part size that no bucket accepts."""
        if self.part_size_bytes < MIN_PART_BYTES:
            raise ValueError("A part must have at least 5 MiB.")

    @property
    def stall_timeout_s(self) -> float:
        """How long a body may stall: less than the client library waits for a response, so our limit is first."""
        return 0.9 * self.read_timeout_s

    @property
    def signing_region(self) -> str:
        """The region in signatures; AWS has no region `auto`."""
        return AWS_DEFAULT_REGION if self.endpoint_url is None and self.region == AUTO_REGION else self.region

    @property
    def endpoint(self) -> str:
        """The base URL of requests, without a trailing slash; never read from the machine's AWS settings."""
        return (self.endpoint_url or f"https://s3.{self.signing_region}.amazonaws.com").rstrip("/")

    @property
    def public_endpoint(self) -> str:
        """The base URL of presigned URLs, without a trailing slash."""
        return (self.public_endpoint_url or self.endpoint).rstrip("/")
