"""Builders, stand-ins and listings that several suites share."""
