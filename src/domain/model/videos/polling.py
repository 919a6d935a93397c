"""How long a client that polls the status waits before it asks again."""

from math import ceil

from domain.model.stage import StageState
from domain.model.videos.lifecycle import VideoStatus
from domain.model.videos.video import Video

UPLOADING_S = 5
SHORTEST_S = 1
LONGEST_S = 10
UNKNOWN_S = 2
REPORTS_PER_STAGE = 10


def poll_after_s(video: Video) -> int | None:
    """Seconds after which the status may have changed noticeably; None if it changes no more without a request.

    During an upload the client itself knows the progress. A running stage with an estimate is worth about ten reports.
    """
    if video.status.is_terminal:
        return None
    if video.status is VideoStatus.UPLOADING and not video.is_imported:
        return UPLOADING_S
    estimates = [stage.eta_s for stage in video.stages if stage.state is StageState.RUNNING and stage.eta_s is not None]
    if not estimates:
        return UNKNOWN_S
    return min(max(ceil(min(estimates) / REPORTS_PER_STAGE), SHORTEST_S), LONGEST_S)
