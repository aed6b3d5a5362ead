"""The pages are served: gunicorn, with threads, inside the process of `consult serve`.

Each worker is forked with the application made, and makes its own connections to the database: one
that crossed a fork would be shared by two processes. The access log holds the time, the method, the
route as it is written in the code, the status, the length and the milliseconds: no address of a
person, no query string, and not the path itself, because a path may hold a one-time link.

*gunicorn or granian?* Both with two workers of four threads and eight clients, on two busy cores,
three turns each with ``bench/server.py``, medians: a fixed text took 3.5 ms from gunicorn and 1.1 ms
from granian, one commit 7.9 and 4.4 ms, our front page with twenty consultations 21 and 25 ms. Of a
real page the server is a small part, and either serves ten times what 200 people ask for. gunicorn
was chosen: it is Python that can be read, forks workers that share what was loaded, finishes what is
under way, and lets the log hold the route in place of the path, which granian's cannot. If pages
ever took 2 ms, granian would be worth the change: nothing but this module knows the server.
"""

import gc
import socket
from typing import Any

from flask import Flask, request
from gunicorn.app.base import BaseApplication

from consult.db import db

THREADS = 4
GRACE_SECONDS = 30
ROUTE = "consult.route"
LOG_LINE = f"%(t)s %(p)s %(m)s %({{{ROUTE}}}e)s %(s)s %(B)s %(M)sms"


def serve_for_ever(app: Flask, *, bind: str, workers: int) -> None:
    """The pages are served at ``bind`` until the process is told to stop; what is under way is finished.

    Parameters
    ----------
    app : Flask
        The application, never asked for a page before.
    bind : str
        Host and port, ``127.0.0.1:8000``.
    workers : int
        How many processes answer, each with four threads.
    """
    leave_route_for_log(app)
    with app.app_context():
        db.engine.dispose()
    # What is loaded stays where it is: a collector that walked over it would give every worker a copy.
    gc.collect()
    gc.freeze()
    _Server(app, settings(app, bind=bind, workers=workers)).run()


def is_answered(bind: str) -> bool:
    """Whether something is being served there already."""
    host, _, port = bind.rpartition(":")
    try:
        socket.create_connection((host, int(port)), timeout=1).close()
    except OSError:
        return False
    return True


def settings(app: Flask, *, bind: str, workers: int) -> dict[str, Any]:
    """What gunicorn is told."""

    def _own_connections(_server: Any, _worker: Any) -> None:
        with app.app_context():
            db.engine.dispose(close=False)

    return {
        "bind": [bind],
        "workers": workers,
        "threads": THREADS,
        "worker_class": "gthread",
        "graceful_timeout": GRACE_SECONDS,
        "keepalive": 5,
        "proc_name": "consult",
        "accesslog": "-",
        "access_log_format": LOG_LINE,
        "loglevel": "warning",
        "control_socket_disable": True,  # one way less to reach a running server
        "post_fork": _own_connections,
    }


def leave_route_for_log(app: Flask) -> None:
    """Each request carries the route that answers it, for the access log."""

    @app.before_request
    def _leave_route() -> None:
        if request.url_rule is not None:
            request.environ[ROUTE] = request.url_rule.rule


class _Server(BaseApplication):  # type: ignore[misc]  # gunicorn has no types
    def __init__(self, app: Flask, options: dict[str, Any]) -> None:
        self.app = app
        self.options = options
        super().__init__(prog="consult")

    def load_config(self) -> None:
        for name, value in self.options.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        return self.app
