"""Health check routes for process supervisors and load balancers."""

from http import HTTPStatus
from inspect import getdoc

import structlog
from litestar import Response, get

from domain.use_cases.operations.check_health import CheckHealth
from entrypoints.http.dependencies import UseCases
from entrypoints.http.openapi.document import json_response
from entrypoints.http.operations import examples
from entrypoints.http.operations.schemas import LiveResponse, ReadyResponse


@get(
    "/health/live",
    summary="Check liveness",
    description="Responds as long as the process is alive. Restart the process if it does not respond.",
    responses=json_response(200, alive=examples.LIVE),
    tags=["health"],
)
async def check_liveness() -> LiveResponse:
    """Return 200, because a process that can respond is alive."""
    return LiveResponse()


@get(
    "/health/ready",
    summary="Check readiness",
    description=getdoc(CheckHealth),
    responses={**json_response(200, ready=examples.READY), **json_response(503, not_ready=examples.UNREADY)},
    tags=["health"],
)
async def check_readiness(application: UseCases) -> Response[ReadyResponse]:
    """Return 200 if the database and the bucket are usable, else 503."""
    checks = await application.check_health()
    if all(state == "ok" for state in checks.values()):
        return Response(ReadyResponse("ok", checks))
    structlog.contextvars.bind_contextvars(**checks)
    return Response(ReadyResponse("unavailable", checks), status_code=HTTPStatus.SERVICE_UNAVAILABLE)
