"""Time, ids, secrets and local disk space from the operating system."""
