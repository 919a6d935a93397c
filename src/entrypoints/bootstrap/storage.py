"""Opens the bucket and the folder for temporary files."""

from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path

from adapters.localfs.bucket_gateway import LocalBucketGateway
from adapters.localfs.object_store import LocalObjectStore
from adapters.s3.config import S3Config
from adapters.system.folder_lock import own_folder
from adapters.system.secret import load_or_create_secret
from adapters.system.workspace import LocalWorkspace
from domain.ports.bucket_gateway import BucketGateway
from domain.ports.clock import Clock
from domain.ports.multipart_store import MultipartStore
from domain.ports.object_store import ObjectStore
from domain.ports.playback_signer import PlaybackSigner
from entrypoints.bootstrap.data_dir import make_private
from entrypoints.bootstrap.roles import Role
from entrypoints.config.playback import PlaybackSettings
from entrypoints.config.storage import StorageSettings
from entrypoints.config.values import required


@dataclass(frozen=True, slots=True)
class Bucket:
    """The bucket; `gateway` is set when the API itself serves it from a folder.

    `url_secret` is the secret that signs its URLs.
    """

    objects: ObjectStore
    multipart: MultipartStore
    gateway: BucketGateway | None
    url_secret: bytes = field(repr=False)


async def open_bucket(
    storage: StorageSettings, *, public_url: str, role: Role, clock: Clock, stack: AsyncExitStack
) -> Bucket:
    """Open the S3 bucket, or the folder that replaces it, whose URLs begin with `public_url`."""
    if storage.is_embedded:
        return await _open_local_bucket(storage.data_dir, public_url=public_url, role=role, clock=clock)
    from adapters.s3.object_store import open_object_store

    config = s3_config(storage)
    remote = await stack.enter_async_context(open_object_store(config, clock))
    return Bucket(
        objects=remote,
        multipart=remote.multipart_store,
        gateway=None,
        url_secret=config.secret_access_key.encode(),
    )


def playback_signer(playback: PlaybackSettings, bucket: ObjectStore) -> PlaybackSigner:
    """Return the signer of playback URLs: the CDN, if there is one, or else the bucket itself."""
    if playback.cdn_url is None:
        return bucket
    from adapters.cdn.playback_signer import CdnPlaybackSigner

    secret = required(playback.cdn_secret, "cdn_secret").reveal().encode()
    return CdnPlaybackSigner(playback.cdn_url, secret)


def s3_config(storage: StorageSettings) -> S3Config:
    """Return the configuration of the S3 adapter.

    Raises:
        SettingsError: its name or its access key is not set.
    """
    return S3Config(
        bucket=required(storage.s3_bucket, "s3_bucket"),
        access_key_id=required(storage.s3_access_key_id, "s3_access_key_id"),
        secret_access_key=required(storage.s3_secret_access_key, "s3_secret_access_key").reveal(),
        endpoint_url=storage.s3_endpoint_url,
        public_endpoint_url=storage.s3_public_endpoint_url,
        region=storage.s3_region,
    )


async def open_workspace(storage: StorageSettings, *, role: Role, stack: AsyncExitStack) -> LocalWorkspace:
    """Open the folder for the temporary files of jobs.

    Each worker of a host locks one folder, and removes what a killed predecessor left in it.
    """
    root = storage.data_dir / "work"
    if role is Role.WORKER:
        root = stack.enter_context(own_folder(root))
    workspace = LocalWorkspace(root, reserve_bytes=storage.disk_reserve_bytes)
    if role is Role.WORKER:
        await workspace.clear()
    return workspace


async def _open_local_bucket(data_dir: Path, *, public_url: str, role: Role, clock: Clock) -> Bucket:
    root = data_dir / "bucket"
    make_private(root)
    secret = load_or_create_secret(data_dir / "bucket.secret")
    objects = LocalObjectStore(root, secret=secret, base_url=public_url, clock=clock)
    gateway = LocalBucketGateway(root, secret=secret, base_url=public_url, clock=clock)
    # A tool may run at the same time as the service, so it must not remove files that the service is writing.
    if role is not Role.TOOL:
        await (objects if role is Role.WORKER else gateway).clear_incoming()
    return Bucket(objects=objects, multipart=objects.multipart_store, gateway=gateway, url_secret=secret)
