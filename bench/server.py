"""How fast pages are served, beside bare ones in the same server: ``python bench/server.py``.

A figure of pages a second says as much about the machine as about us. So each page stands beside the
least that could do the same, served by the same process: a fixed text, a list of twenty items from a
template, one committed insert. The ratio is what we add. Only this machine's loopback is asked, for
a few seconds, by clients that stop by themselves.

usage: bench/server.py [--server gunicorn|granian] [--seconds 4] [--clients 8]
"""

import argparse
import http.client
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import contextmanager
from pathlib import Path

from flask import Flask
from jinja2 import Template
from sqlalchemy import insert
from werkzeug.middleware.dispatcher import DispatcherMiddleware

from consult import create_app
from consult.consultations.models import Consultation
from consult.db import db
from consult.home import Config
from consult.operations import schema
from consult.operations.server import serve_for_ever

HOST = "127.0.0.1"
WORKERS, THREADS = 2, 4
TWENTY = Template(
    "<!doctype html><title>Twenty</title>"
    "<ul>{% for i in items %}<li><a href='/{{ i }}'>{{ i }}</a>{% endfor %}</ul>",
    autoescape=True,
)
PAGES = [
    ("GET", "/bare/page", None),
    ("GET", "/healthz", "/bare/page"),
    ("GET", "/bare/twenty", None),
    ("GET", "/", "/bare/twenty"),
    ("POST", "/bare/insert", None),
]


def make(folder: Path) -> Flask:
    """The application with 20 consultations, and bare pages mounted beside it."""
    config = Config(database_url=f"sqlite:///{folder / 'bench.sqlite'}", secret_key="b" * 40)
    app = create_app(config)
    with app.app_context():
        if schema.upgrade().startswith("Created"):
            rows = [{"slug": f"topic-{n}", "title": f"Topic {n}", "state": "published"} for n in range(20)]
            db.session.execute(insert(Consultation), rows)
            db.session.execute(db.text("CREATE TABLE bare (id INTEGER PRIMARY KEY, words TEXT)"))
            db.session.commit()
        db.session.remove()
    app.wsgi_app = DispatcherMiddleware(app.wsgi_app, {"/bare": bare(app).wsgi_app})
    return app


def bare(consult: Flask) -> Flask:
    """The least that serves a page, a list, and a commit on the same database."""
    app = Flask("bare")

    @app.get("/page")
    def page() -> str:
        return "ok\n"

    @app.get("/twenty")
    def twenty() -> str:
        return TWENTY.render(items=[f"topic-{n}" for n in range(20)])

    @app.post("/insert")
    def insert_one() -> str:
        with consult.app_context(), db.engine.begin() as connection:
            connection.execute(db.text("INSERT INTO bare (words) VALUES ('a few words of somebody')"))
        return "ok\n"

    return app


def serve(kind: str, port: int, folder: Path) -> None:
    """Serve until told to stop."""
    if kind == "gunicorn":
        serve_for_ever(make(folder), bind=f"{HOST}:{port}", workers=WORKERS)
        return
    from granian import Granian  # not a dependency: only for this comparison
    from granian.constants import Interfaces

    make(folder)
    os.environ["BENCH_FOLDER"] = str(folder)
    sys.path.insert(0, str(Path(__file__).parent))
    Granian(
        "server:for_granian",
        address=HOST,
        port=port,
        interface=Interfaces.WSGI,
        workers=WORKERS,
        blocking_threads=THREADS,
        factory=True,
        log_enabled=False,
    ).serve()


def for_granian() -> Flask:
    return make(Path(os.environ["BENCH_FOLDER"]))


@contextmanager
def running(kind: str, folder: Path):
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port = probe.getsockname()[1]
    command = [sys.executable, __file__, "--serve", kind, str(port), str(folder)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as server:
        try:
            for _ in range(200):
                try:
                    ask(http.client.HTTPConnection(HOST, port, timeout=5), "GET", "/healthz")
                    break
                except OSError:
                    time.sleep(0.1)
            yield port
        finally:
            server.terminate()
            server.wait(40)


def ask(connection: http.client.HTTPConnection, method: str, path: str) -> int:
    connection.request(method, path)
    answer = connection.getresponse()
    answer.read()
    return answer.status


def measure(
    port: int, method: str, path: str, *, seconds: float, clients: int
) -> tuple[float, float, float, int]:
    """Requests a second, median and 95th percentile in milliseconds, and failures."""
    times: list[float] = []
    failures = [0]
    until = time.monotonic() + seconds

    def one() -> None:
        connection = http.client.HTTPConnection(HOST, port, timeout=30)
        while (began := time.monotonic()) < until:
            try:
                if ask(connection, method, path) != 200:
                    failures[0] += 1
            except (OSError, http.client.HTTPException):
                failures[0] += 1
                connection.close()
            times.append(time.monotonic() - began)

    threads = [threading.Thread(target=one) for _ in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    cuts = statistics.quantiles(times, n=20)
    return len(times) / seconds, 1000 * cuts[9], 1000 * cuts[18], failures[0]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--server", choices=("gunicorn", "granian"), default="gunicorn")
    parser.add_argument("--seconds", type=float, default=4)
    parser.add_argument("--clients", type=int, default=8)
    parser.add_argument("--serve", nargs=3, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.serve:
        kind, port, folder = options.serve
        serve(kind, int(port), Path(folder))
        return
    seconds, clients = min(options.seconds, 60), min(options.clients, 64)
    print(
        f"{options.server}, {WORKERS} workers, {clients} clients, {seconds:g} s each,"
        f" load before {os.getloadavg()[0]:.1f}"
    )
    print(f"{'page':20} {'a second':>9} {'median':>9} {'95 %':>9} {'failed':>7} {'times the bare one':>19}")
    medians: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as folder, running(options.server, Path(folder)) as port:
        for method, path, floor in PAGES:
            measure(port, method, path, seconds=0.5, clients=clients)
            rate, median, slow, failed = measure(port, method, path, seconds=seconds, clients=clients)
            medians[path] = median
            ratio = f"{median / medians[floor]:.1f}" if floor else "-"
            print(
                f"{method + ' ' + path:20} {rate:9.0f} {median:7.1f}ms {slow:7.1f}ms {failed:7} {ratio:>19}"
            )


if __name__ == "__main__":
    main()
