"""Routes for whoever watches the process."""

from http import HTTPStatus
from inspect import getdoc

import structlog
from litestar import Response, get

from domain.use_cases.check_health import CheckHealth
from entrypoints.http import examples
from entrypoints.http.examples import answers
from entrypoints.http.parameters import UseCases
from entrypoints.http.schemas import LiveAnswer, ReadyAnswer


@get(
    "/health/live",
    summary="Is the process alive?",
    description="Answers as long as the process does; when it does not, start it again.",
    responses=answers(200, alive=examples.LIVE),
    tags=["health"],
)
async def live() -> LiveAnswer:
    """Answer, which is all that is asked."""
    return LiveAnswer()


@get(
    "/health/ready",
    summary="Can the process serve?",
    description=getdoc(CheckHealth),
    responses={**answers(200, ready=examples.READY), **answers(503, not_ready=examples.UNREADY)},
    tags=["health"],
)
async def ready(application: UseCases) -> Response[ReadyAnswer]:
    """Answer 200 when the database and the bucket can be used, else 503."""
    checks = await application.check_health()
    if all(state == "ok" for state in checks.values()):
        return Response(ReadyAnswer("ok", checks))
    structlog.contextvars.bind_contextvars(**checks)
    return Response(ReadyAnswer("unavailable", checks), status_code=HTTPStatus.SERVICE_UNAVAILABLE)
