"""Webhooks: routes, and their bodies."""
