"""Builds the application: `bootstrap.bootstrap` picks an adapter for every port, and `use_cases` wires them.

Each module opens the adapters of one concern and takes the settings of that concern alone. An adapter with a heavy
library is imported when it is picked, which halves the start-up time of an embedded installation.
"""
