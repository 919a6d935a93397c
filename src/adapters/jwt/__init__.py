"""Bearer tokens as JSON Web Tokens (RFC 7519), checked by the rules of RFC 8725."""
