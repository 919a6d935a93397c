"""Runs untrusted programs: limited, sandboxed, and killed with every process that they start."""
