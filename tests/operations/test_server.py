"""The server as people meet it: a process of its own, asked over loopback."""

import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from consult.operations.server import is_answered
from tests.operations.conftest import SECRET

PROGRAM = """
import os, sys, time
from consult import create_app
from consult.db import db
from consult.operations.server import serve_for_ever

app = create_app()
with app.app_context():
    db.session.execute(db.text("SELECT 1"))  # as every command does before it serves

@app.get("/who/<name>")
def who(name):
    kind = db.engine.dialect.name
    backend = db.session.execute(db.text("SELECT pg_backend_pid()")).scalar() if kind == "postgresql" else 0
    return f"{os.getpid()} {backend}"

@app.get("/slow")
def slow():
    open(sys.argv[2], "w").close()
    time.sleep(1.5)
    return "finished"

serve_for_ever(app, bind=f"127.0.0.1:{sys.argv[1]}", workers=2)
"""


def get(port: int, path: str) -> tuple[int, str]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("GET", path)
    answer = connection.getresponse()
    body = answer.read().decode()
    connection.close()
    return answer.status, body


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(command: list[str], port: int, url: str, log: Path) -> "Iterator[subprocess.Popen[bytes]]":
    environment = {**os.environ, "CONSULT_DATABASE_URL": url, "CONSULT_SECRET_KEY": SECRET}
    with (
        log.open("wb") as output,
        subprocess.Popen(command, env=environment, stdout=output, stderr=subprocess.STDOUT) as process,
    ):
        try:
            for _ in range(600):
                try:
                    get(port, "/healthz")
                    break
                except OSError:
                    assert process.poll() is None, log.read_text()
                    time.sleep(0.1)
            yield process
        finally:
            process.terminate()
            process.wait(60)


@pytest.fixture
def server(database_url: str, tmp_path: Path) -> "Iterator[tuple[int, subprocess.Popen[bytes], Path]]":
    port, log = free_port(), tmp_path / "log"
    command = [sys.executable, "-c", PROGRAM, str(port), str(tmp_path / "reached")]
    with serving(command, port, database_url, log) as process:
        yield port, process, log


def test_the_command_serves_a_page_with_its_style_sheet_and_stops_when_told(sqlite_url: str, tmp_path: Path):
    port, log = free_port(), tmp_path / "log"
    command = [sys.executable, "-m", "consult", "serve", "--bind", f"127.0.0.1:{port}", "--workers", "1"]
    with serving(command, port, sqlite_url, log) as process:
        status, page = get(port, "/")
        assert status == 200
        [sheet] = re.findall(r'href="(/static/consult\.[0-9a-f]+\.css)"', page)
        assert get(port, sheet)[0] == 200
        process.terminate()
        assert process.wait(30) == 0


def test_the_log_holds_the_route_and_nothing_of_the_person(server):
    port, process, log = server
    assert get(port, "/who/secret-link?name=Ana")[0] == 200
    assert get(port, "/secret-path?q=1")[0] == 404
    process.terminate()
    process.wait(30)
    said = log.read_text()
    assert "GET /who/<name> 200" in said
    for hidden in ("secret", "Ana", "127.0.0.1", "?"):
        assert hidden not in said


def test_no_connection_to_the_database_is_shared_by_two_processes(server):
    port, *_ = server
    seen = {tuple(get(port, "/who/x")[1].split()) for _ in range(60)}
    processes = {process for process, _ in seen}
    backends = [backend for _, backend in seen if backend != "0"]
    assert len(processes) == 2, "both workers answered"
    assert len(set(backends)) == len(backends)


def test_what_is_under_way_is_finished_before_it_stops(server, tmp_path: Path):
    port, process, _ = server
    answers: list[tuple[int, str]] = []
    asking = threading.Thread(target=lambda: answers.append(get(port, "/slow")))
    asking.start()
    while not (tmp_path / "reached").exists():
        time.sleep(0.01)
    process.terminate()
    asking.join(30)
    assert answers == [(200, "finished")]
    assert process.wait(30) == 0


def test_a_worker_that_dies_is_replaced(server):
    port, *_ = server
    old = {get(port, "/who/x")[1].split()[0] for _ in range(60)}
    for process in old:
        os.kill(int(process), signal.SIGKILL)
    until = time.monotonic() + 20
    new: set[str] = set()
    while not new and time.monotonic() < until:
        try:
            new = {get(port, "/who/x")[1].split()[0]} - old
        except (OSError, http.client.HTTPException):
            time.sleep(0.1)
    assert new


def test_whether_something_is_served_there_is_known():
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{listening.getsockname()[1]}"
        assert not is_answered(address)
        listening.listen()
        assert is_answered(address)
