"""Bearer tokens as JSON Web Tokens (RFC 7519), checked as RFC 8725 asks."""
