"""Failpoints: proxies around adapters that kill the process at a named point, for crash tests."""
