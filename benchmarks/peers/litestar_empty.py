"""A minimal Litestar application: the upper limit of what the framework can reach."""

from litestar import Litestar, post


@post("/", status_code=200, sync_to_thread=False)
def empty() -> None:
    """Return an empty response."""


app = Litestar(route_handlers=[empty], openapi_config=None, logging_config=None)
