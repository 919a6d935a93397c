"""Turns the problems that generated functions return into errors."""

from typing import TypeVar

from telecine_client.errors import ErrorResponse, UnexpectedResponse
from telecine_client.rest.models.problem import Problem

T = TypeVar("T")


def successful(answer: T | Problem | None) -> T:
    """What a generated function returned, if it is not a problem.

    Raises:
        ErrorResponse: the server rejected the request.
        UnexpectedResponse: the response has a status that the OpenAPI document does not name.
    """
    if isinstance(answer, Problem):
        raise ErrorResponse(answer.detail, status=answer.status, code=str(answer.code))
    if answer is None:
        raise UnexpectedResponse("The response has an unexpected status; is the server Telecine?")
    return answer
