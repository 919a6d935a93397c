"""Settings of bearer tokens."""

from typing import Annotated

from msgspec import Meta

from entrypoints.config.addresses import is_key_set_address
from entrypoints.config.values import ConcernSettings, Seconds, Secret, variable

MIN_SECRET_BYTES = 32


class TokenSettings(ConcernSettings, frozen=True, kw_only=True, rename=variable):
    """How bearer tokens are checked: with a secret (HS256), or with the keys of an identity provider."""

    jwt_secret: Annotated[
        Secret | None,
        Meta(
            description="Secret of at least 32 bytes that signs HS256 tokens. Unset: a generated one in the data "
            "folder. Required with Postgres, whose processes share no folder, unless `TELECINE_JWKS_URL` is set."
        ),
    ] = None
    jwks_url: Annotated[
        str | None,
        Meta(
            description="URL of the JSON Web Key Set of an identity provider that issues RS256, ES256 or EdDSA tokens: "
            "https, or http on a loopback address. Also set the audience; otherwise tokens that the provider issued "
            "for other services are accepted. Unset: HS256."
        ),
    ] = None
    jwks_max_age_seconds: Annotated[
        Seconds, Meta(description="Time in seconds after which the key set is fetched again.")
    ] = 300.0
    jwt_audience: Annotated[str | None, Meta(description="`aud` that a token must have. Unset: not checked.")] = None
    jwt_issuer: Annotated[str | None, Meta(description="`iss` that a token must have. Unset: not checked.")] = None
    token_lifetime_seconds: Annotated[
        int, Meta(ge=1, le=10 * 365 * 86_400, description="Lifetime in seconds of tokens from `telecine token`.")
    ] = 30 * 86_400

    def problems(self) -> list[str]:
        problems: list[str] = []
        if self.jwt_secret is not None and len(self.jwt_secret.reveal().encode()) < MIN_SECRET_BYTES:
            problems.append(f"TELECINE_JWT_SECRET: at least {MIN_SECRET_BYTES} bytes are required")
        if self.jwks_url is not None and not is_key_set_address(self.jwks_url):
            problems.append("TELECINE_JWKS_URL: an https URL with a host is required, or http to a loopback address")
        if self.jwt_secret is not None and self.jwks_url is not None:
            problems.append(
                "TELECINE_JWKS_URL: not with TELECINE_JWT_SECRET, because tokens are checked in one way only"
            )
        return problems
