"""Webhooks: endpoints, deliveries, and which addresses may be called."""
