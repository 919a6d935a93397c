"""Settings of the web page."""

from typing import Annotated

from msgspec import Meta

from entrypoints.config.values import ConcernSettings, variable


class WebSettings(ConcernSettings, frozen=True, kw_only=True, rename=variable):
    """The web page, and how it signs in on the machine of the server."""

    page: Annotated[
        bool,
        Meta(
            description="Serve the web page at `/`. The upload module at `/telecine-upload.js` and the API are served "
            "in any case."
        ),
    ] = True
    page_local_sign_in: Annotated[
        bool | None,
        Meta(
            description="Sign the page in without a token, as the user `local` with every scope, for browsers on the "
            "machine of the server. Anyone who can use this machine's loopback addresses can sign in. Unset: only if "
            "the server listens on a loopback address, `TELECINE_PUBLIC_URL` is such an address, database and objects "
            "are in the data folder, and tokens are checked with this server's own secret."
        ),
    ] = None
