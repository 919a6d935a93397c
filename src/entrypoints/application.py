"""What every entrypoint works with: the use cases, ready to be called."""

from dataclasses import dataclass

from domain.ports.bucket_gateway import BucketGateway
from domain.ports.token_authority import TokenAuthority
from domain.use_cases.check_health import CheckHealth
from domain.use_cases.complete_upload import CompleteUpload
from domain.use_cases.delete_video import DeleteVideo
from domain.use_cases.fail_upload import FailUpload
from domain.use_cases.get_transcript import GetTranscript
from domain.use_cases.get_video import GetVideo
from domain.use_cases.grant_upload import GrantUpload
from domain.use_cases.issue_playback import IssuePlayback
from domain.use_cases.list_videos import ListVideos
from domain.use_cases.run_job import RunJob
from domain.use_cases.sweep_jobs import SweepJobs


@dataclass(frozen=True, slots=True)
class Application:
    """Every use case of this process; `bucket_gateway` is there when the app plays the bucket itself."""

    grant_upload: GrantUpload
    complete_upload: CompleteUpload
    fail_upload: FailUpload
    get_video: GetVideo
    list_videos: ListVideos
    delete_video: DeleteVideo
    get_transcript: GetTranscript
    issue_playback: IssuePlayback
    check_health: CheckHealth
    run_job: RunJob
    sweep_jobs: SweepJobs
    tokens: TokenAuthority
    bucket_gateway: BucketGateway | None
