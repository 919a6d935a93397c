"""Who checks tokens, and issues them: told by the settings, and light, so that `telecine token` answers soon."""

from contextlib import AsyncExitStack
from pathlib import Path

from adapters.jwt.token_authority import HS256TokenAuthority
from adapters.system.clock import SystemClock
from adapters.system.secret import load_or_create_secret
from domain.ports.clock import Clock
from domain.ports.token_authority import TokenAuthority
from entrypoints.settings import Settings


async def open_token_authority(settings: Settings, clock: Clock, stack: AsyncExitStack) -> TokenAuthority:
    """Who checks tokens; an identity provider, where the settings name one, is asked until the stack is closed."""
    if settings.jwks_url is None:
        return token_authority(settings)
    from adapters.jwt.jwks_token_authority import open_jwks_authority
    from adapters.jwt.key_source import JwksConfig

    config = JwksConfig(settings.jwks_url, settings.jwt_audience, settings.jwt_issuer, settings.jwks_max_age_seconds)
    return await stack.enter_async_context(open_jwks_authority(config, clock))


def token_authority(settings: Settings) -> TokenAuthority:
    """Who checks tokens and issues them, too; the embedded default makes its secret on first use.

    Raises:
        Rejected: `tokens_issued_elsewhere`, an identity provider does.
    """
    if settings.jwks_url is not None:
        from adapters.jwt.jwks_token_authority import issued_elsewhere

        raise issued_elsewhere()
    make_private(settings.data_dir)
    if settings.jwt_secret is None:
        secret = load_or_create_secret(settings.data_dir / "jwt.secret")
    else:
        secret = settings.jwt_secret.reveal().encode()
    return HS256TokenAuthority(secret, SystemClock(), audience=settings.jwt_audience, issuer=settings.jwt_issuer)


def make_private(folder: Path) -> None:
    """Everything that people have uploaded and said lies there: it is the service's own user's alone."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
