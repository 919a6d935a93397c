"""Access: principals, quotas, rate limits, idempotency keys."""
