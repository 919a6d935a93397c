"""Routes of an operator: every one needs the scope `admin`."""

from inspect import getdoc
from typing import Annotated

from litestar import get, post
from litestar.exceptions import ClientException
from litestar.params import PathParameter, QueryParameter

from domain.model.access.principal import Scope
from domain.model.ids import JobId
from domain.model.jobs.job import JobState
from domain.model.videos.pagination import DEFAULT_PAGE_LIMIT, MAX_PAGE_LIMIT
from domain.use_cases.operations.get_overview import GetOverview
from domain.use_cases.operations.list_jobs import ListJobs
from domain.use_cases.operations.list_users import ListUsers
from domain.use_cases.operations.retry_job import RetryJob
from entrypoints.http.dependencies import UseCases
from entrypoints.http.openapi.document import json_response, problems
from entrypoints.http.operations import operator_examples as examples
from entrypoints.http.operations.operator_schemas import JobList, JobView, OverviewResponse, UserList
from entrypoints.http.scopes import permitted_by
from entrypoints.http.videos.lists import CursorText

_LISTED = (JobState.RUNNING, JobState.QUEUED, JobState.DEAD)
_ADMIN = permitted_by(Scope.ADMIN)

Limit = Annotated[
    int,
    QueryParameter(
        name="limit",
        description=f"The maximum number of entries on the page: 1 to {MAX_PAGE_LIMIT}.",
        schema_extra={"minimum": 1, "maximum": MAX_PAGE_LIMIT},
    ),
]
StateText = Annotated[
    str,
    QueryParameter(
        name="state",
        description="The state of the jobs. Done jobs are not listed.",
        schema_extra={"enum": [state.value for state in _LISTED]},
    ),
]
JobIdInPath = Annotated[str, PathParameter(description="The job's id, as listed.")]


@get(
    "/overview",
    summary="Get the state of the installation",
    description=getdoc(GetOverview),
    responses={**json_response(200, an_installation=examples.OVERVIEW), **problems()},
    opt=_ADMIN,
)
async def get_overview(application: UseCases) -> OverviewResponse:
    """Return versions and numbers."""
    operations = application.operations
    tools = await operations.installation.media_tools()
    return OverviewResponse.of(operations.installation, tools, await operations.get_overview())


@get(
    "/jobs",
    summary="List jobs",
    description=getdoc(ListJobs),
    responses={**json_response(200, a_page=examples.JOBS), **problems("invalid_limit", "invalid_cursor")},
    opt=_ADMIN,
)
async def list_jobs(
    application: UseCases, job_state: StateText, limit: Limit = DEFAULT_PAGE_LIMIT, cursor: CursorText = None
) -> JobList:
    """Return a page of jobs."""
    return JobList.of(await application.operations.list_jobs(_listed(job_state), limit=limit, cursor=cursor))


@post(
    "/jobs/{job_id:str}/retry",
    status_code=200,
    summary="Retry a dead job",
    description=getdoc(RetryJob),
    responses={
        **json_response(200, queued_again=examples.RETRIED),
        **problems("job_not_found", "job_not_dead", "not_failed", "nothing_to_retry"),
    },
    opt=_ADMIN,
)
async def retry_job(job_id: JobIdInPath, application: UseCases) -> JobView:
    """Queue the job again."""
    return JobView.of(await application.operations.retry_job(JobId(job_id)))


@get(
    "/users",
    summary="List users",
    description=getdoc(ListUsers),
    responses={**json_response(200, a_page=examples.USERS), **problems("invalid_limit", "invalid_cursor")},
    opt=_ADMIN,
)
async def list_users(application: UseCases, limit: Limit = DEFAULT_PAGE_LIMIT, cursor: CursorText = None) -> UserList:
    """Return a page of users."""
    return UserList.of(await application.operations.list_users(limit=limit, cursor=cursor))


def _listed(text: str) -> JobState:
    """The state to list.

    Raises:
        ClientException: there is no such state, or it is not listed.
    """
    found = next((state for state in _LISTED if state == text), None)
    if found is None:
        raise ClientException(f"state: must be one of {', '.join(_LISTED)}.")
    return found


ROUTES = [get_overview, list_jobs, retry_job, list_users]
