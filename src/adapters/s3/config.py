"""What the S3 adapter must be told."""

from dataclasses import dataclass, field

from domain.model.multipart import DEFAULT_PART_BYTES, MIB, MIN_PART_BYTES

AUTO_REGION = "auto"  # R2's only region, and its default elsewhere.
AWS_DEFAULT_REGION = "us-east-1"


@dataclass(frozen=True, slots=True)
class S3Config:
    """Which bucket, where, with whose keys, and how it is talked to; without an endpoint it is AWS itself."""

    bucket: str
    access_key_id: str
    secret_access_key: str = field(repr=False)
    endpoint_url: str | None = None
    region: str = AUTO_REGION
    part_size_bytes: int = DEFAULT_PART_BYTES
    multipart_threshold_bytes: int = 32 * MIB
    parts_in_flight: int = 3
    connect_timeout_s: float = 5.0
    read_timeout_s: float = 60.0
    head_timeout_s: float = 20.0
    """For all that is tried to see one object: a client waits for it."""
    check_timeout_s: float = 5.0
    """For all that is tried to see the bucket: probes of readiness are impatient."""
    max_attempts: int = 4
    max_connections: int = 50

    def __post_init__(self) -> None:
        """Refuse parts that no bucket takes."""
        if self.part_size_bytes < MIN_PART_BYTES:
            raise ValueError("A part has at least 5 MiB.")

    @property
    def stall_timeout_s(self) -> float:
        """How long a body may stand still: less than the client library waits for an answer, so that we decide."""
        return 0.9 * self.read_timeout_s

    @property
    def signing_region(self) -> str:
        """The region that signatures name; AWS has none called auto."""
        return AWS_DEFAULT_REGION if self.endpoint_url is None and self.region == AUTO_REGION else self.region

    @property
    def endpoint(self) -> str:
        """Where requests go, without a slash at its end; never taken from the machine's AWS settings."""
        return (self.endpoint_url or f"https://s3.{self.signing_region}.amazonaws.com").rstrip("/")
