"""Webhooks over HTTP: checked addresses, requests and signatures."""
