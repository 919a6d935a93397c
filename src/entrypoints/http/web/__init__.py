"""The web page, its files, and its sign-in on the machine of the server."""
