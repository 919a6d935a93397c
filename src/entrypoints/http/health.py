"""Routes for whoever watches the process."""

from litestar import Response, get

from entrypoints.application import Application
from entrypoints.http.schemas import LiveAnswer, ReadyAnswer


@get("/health/live", summary="Is the process alive?", tags=["health"])
async def live() -> LiveAnswer:
    """Answer, which is all that is asked."""
    return LiveAnswer()


@get("/health/ready", summary="Can the process serve?", tags=["health"])
async def ready(application: Application) -> Response[ReadyAnswer]:
    """Answer 200 when the database and the bucket can be used, else 503."""
    checks = await application.check_health()
    if all(state == "ok" for state in checks.values()):
        return Response(ReadyAnswer("ok", checks))
    return Response(ReadyAnswer("unavailable", checks), status_code=503)
