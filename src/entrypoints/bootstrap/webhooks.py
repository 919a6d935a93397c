"""Opens the sender of webhooks and the store of their secrets."""

from contextlib import AsyncExitStack
from pathlib import Path

from domain.ports.webhook_secrets import WebhookSecrets
from domain.ports.webhook_sender import WebhookSender
from entrypoints.bootstrap.tokens import token_secret
from entrypoints.config.tokens import TokenSettings
from entrypoints.config.webhooks import WebhookSettings


async def open_webhook_sender(webhooks: WebhookSettings, *, stack: AsyncExitStack) -> WebhookSender:
    """Open the sender with the operator's rules for addresses."""
    from adapters.webhook.config import WebhookConfig
    from adapters.webhook.sender import open_webhook_sender as open_sender

    config = WebhookConfig(policy=webhooks.policy, timeout_s=webhooks.timeout_seconds)
    return await stack.enter_async_context(open_sender(config))


def make_webhook_secrets(webhooks: WebhookSettings, tokens: TokenSettings, *, data_dir: Path) -> WebhookSecrets:
    """Return the secrets, encrypted with the key of the settings or else with the secret that signs tokens."""
    from adapters.webhook.secrets import StandardWebhookSecrets

    if webhooks.secret_key is not None:
        return StandardWebhookSecrets(webhooks.secret_key.reveal().encode())
    is_elsewhere = tokens.jwks_url is not None
    return StandardWebhookSecrets(None if is_elsewhere else token_secret(tokens, data_dir=data_dir))
