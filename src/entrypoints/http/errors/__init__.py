"""Error codes, and errors as RFC 9457 problem documents."""
