"""Parameters that many routes share: the use cases, the caller, and the video id in the path."""

from typing import Annotated, Any, TypeAlias, cast

from litestar import Request
from litestar.di import NamedDependency
from litestar.params import PathParameter, SkipValidation

from domain.model.ids import UserId
from entrypoints.application import Application

UseCases: TypeAlias = NamedDependency[SkipValidation[Application]]
Caller: TypeAlias = NamedDependency[UserId]
VideoIdInPath: TypeAlias = Annotated[str, PathParameter(description="The video's id, as returned when it was created.")]


def application_of(request: Request[Any, Any, Any]) -> Application:
    """The use cases that serve this request."""
    return cast("Application", request.app.state["application"])
