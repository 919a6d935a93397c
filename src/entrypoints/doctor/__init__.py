"""`telecine doctor`: asks everything that an installation stands on, changes nothing of it, and says what to do.

It looks at the servers and programs themselves and not only through our adapters, beside an installation that runs.
"""
