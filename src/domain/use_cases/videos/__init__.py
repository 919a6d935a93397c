"""Videos: registering, reading, retrying and deleting them."""
