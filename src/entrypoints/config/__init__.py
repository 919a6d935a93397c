"""The settings of an installation: one Struct per concern, read from environment variables.

This package imports no web framework, no adapter, no database library and no job queue library, so that every
entrypoint can read its settings quickly.
"""
