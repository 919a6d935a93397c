"""Time, ids and local disk space by the operating system."""
