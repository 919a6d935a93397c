"""The `telecine` command."""
