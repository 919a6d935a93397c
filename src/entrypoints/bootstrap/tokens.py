"""Opens the token authority.

It imports little, so that `telecine token` starts quickly.
"""

from contextlib import AsyncExitStack
from pathlib import Path

from adapters.jwt.hs256_token_authority import HS256TokenAuthority
from adapters.system.clock import SystemClock
from adapters.system.secret import load_or_create_secret
from domain.ports.clock import Clock
from domain.ports.token_authority import TokenAuthority
from entrypoints.bootstrap.data_dir import make_private
from entrypoints.config.tokens import TokenSettings


async def open_token_authority(
    tokens: TokenSettings, *, data_dir: Path, clock: Clock, stack: AsyncExitStack
) -> TokenAuthority:
    """Open the authority that checks tokens, with the installation's secret or the keys of an identity provider."""
    if tokens.jwks_url is None:
        return token_authority(tokens, data_dir=data_dir)
    from adapters.jwt.jwks_client import JwksConfig
    from adapters.jwt.jwks_token_authority import open_jwks_authority

    config = JwksConfig(
        url=tokens.jwks_url,
        audience=tokens.jwt_audience,
        issuer=tokens.jwt_issuer,
        max_age_s=tokens.jwks_max_age_seconds,
    )
    return await stack.enter_async_context(open_jwks_authority(config, clock))


def token_authority(tokens: TokenSettings, *, data_dir: Path) -> TokenAuthority:
    """Return the authority that issues and checks HS256 tokens; a secret that is not set is generated on first use.

    Raises:
        Rejected: `tokens_issued_elsewhere`: an identity provider issues them.
    """
    if tokens.jwks_url is not None:
        from adapters.jwt.jwks_token_authority import tokens_issued_elsewhere

        raise tokens_issued_elsewhere()
    secret = token_secret(tokens, data_dir=data_dir)
    return HS256TokenAuthority(secret, SystemClock(), audience=tokens.jwt_audience, issuer=tokens.jwt_issuer)


def token_secret(tokens: TokenSettings, *, data_dir: Path) -> bytes:
    """Return the secret that signs tokens; one that is not set is generated on first use."""
    make_private(data_dir)
    if tokens.jwt_secret is None:
        return load_or_create_secret(data_dir / "jwt.secret")
    return tokens.jwt_secret.reveal().encode()
