"""`telecine doctor`: checks everything that an installation depends on, and states what to do about each problem.

It changes nothing in the installation and may run while the installation serves. It queries the servers and programs
directly, not only through the adapters.
"""
