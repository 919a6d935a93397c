"""The HTTP server that the services of tests are made of."""

from http.server import ThreadingHTTPServer


class ThreadedServer(ThreadingHTTPServer):
    """A thread for each connection, and a queue that holds a burst of new ones.

    The default queue holds five. On a busy machine, the sixth simultaneous connection then fails or comes a second
    late.
    """

    request_queue_size = 128
