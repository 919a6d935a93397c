"""The least that a Litestar application can do: the ceiling of this framework."""

from litestar import Litestar, post


@post("/", status_code=200, sync_to_thread=False)
def empty() -> None:
    """Answer nothing."""


app = Litestar(route_handlers=[empty], openapi_config=None, logging_config=None)
