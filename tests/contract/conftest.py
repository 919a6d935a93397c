"""Fixtures that several contract suites share."""

from tests.contract.database_fixtures import database as database
