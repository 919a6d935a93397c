"""Settings of the data folder and the bucket."""

from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from msgspec import Meta

from entrypoints.config.addresses import is_web_address
from entrypoints.config.values import ConcernSettings, Secret, variable


class StorageSettings(ConcernSettings, frozen=True, kw_only=True, rename=variable):
    """The data folder, and the bucket: R2, another S3 service, or a folder in the data folder."""

    data_dir: Annotated[
        Path,
        Meta(
            description="Folder of the embedded database, the local bucket, generated secrets, the speech model, "
            "and the temporary files of workers."
        ),
    ] = Path("telecine-data")
    disk_reserve_bytes: Annotated[
        int,
        Meta(
            ge=0,
            description="Bytes that must stay free on the disk of the data folder, in addition to what a job needs.",
        ),
    ] = 1024**3
    s3_bucket: Annotated[
        str | None,
        Meta(description="Name of the bucket on R2 or another S3 service. Unset: a folder in the data folder."),
    ] = None
    s3_endpoint_url: Annotated[
        str | None,
        Meta(
            description="URL of the S3 service; R2: `https://<account id>.r2.cloudflarestorage.com`. "
            "Unset: AWS's endpoint of the region."
        ),
    ] = None
    s3_public_endpoint_url: Annotated[
        str | None,
        Meta(
            description="URL at which clients reach the S3 service, if it differs from `TELECINE_S3_ENDPOINT_URL`, "
            "which the server then uses itself. Presigned URLs have this host."
        ),
    ] = None
    s3_region: Annotated[str, Meta(description="Region of the bucket; R2: `auto`.")] = "auto"
    s3_access_key_id: Annotated[
        str | None, Meta(description="Id of an access key that may read and write the bucket.")
    ] = None
    s3_secret_access_key: Annotated[Secret | None, Meta(description="Secret of the access key.")] = None

    @property
    def is_embedded(self) -> bool:
        """The bucket is a folder in the data folder, served by the API."""
        return self.s3_bucket is None

    def problems(self) -> list[str]:
        keys = {
            "TELECINE_S3_ACCESS_KEY_ID": self.s3_access_key_id,
            "TELECINE_S3_SECRET_ACCESS_KEY": self.s3_secret_access_key,
        }
        if self.is_embedded:
            others = {**self._endpoints, **keys}
            return [f"TELECINE_S3_BUCKET: required with {name}" for name in others if others[name] is not None]
        problems = [f"{name}: required with TELECINE_S3_BUCKET" for name in keys if keys[name] is None]
        problems += [
            f"{name}: an http(s) URL with a host and no path is required"
            for name, endpoint in self._endpoints.items()
            if endpoint is not None and not (is_web_address(endpoint) and urlsplit(endpoint).path in {"", "/"})
        ]
        return problems

    @property
    def _endpoints(self) -> dict[str, str | None]:
        return {
            "TELECINE_S3_ENDPOINT_URL": self.s3_endpoint_url,
            "TELECINE_S3_PUBLIC_ENDPOINT_URL": self.s3_public_endpoint_url,
        }
