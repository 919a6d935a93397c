"""Reading request bodies: JSON, raw streams and multipart forms."""
