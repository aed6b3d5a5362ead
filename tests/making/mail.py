"""A mail server as small as one can be, that really listens: what it took can be looked at."""

import socketserver
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from threading import Event, Thread
from typing import cast


class MailServer(socketserver.ThreadingTCPServer):
    """Takes mails; ``says`` is its answer to a mail, and ``holds`` keeps that back until it is set."""

    allow_reuse_address = daemon_threads = True
    block_on_close = False

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Talk)
        self.taken: list[tuple[str, EmailMessage]] = []
        self.raw: list[bytes] = []
        self.says = b"250 taken"
        self.arrived, self.holds = Event(), Event()
        self.holds.set()

    @property
    def url(self) -> str:
        """How the settings name it."""
        return f"smtp://127.0.0.1:{self.server_address[1]}"


class _Talk(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        server, to = cast("MailServer", self.server), ""
        self._say(b"220 here")
        while line := self.rfile.readline():
            verb = line[:4].upper()
            if verb == b"RCPT":
                to = line.decode().partition("<")[2].partition(">")[0]
            if verb == b"DATA":
                self._say(b"354 go on")
                lines = []
                while (line := self.rfile.readline()) not in {b".\r\n", b""}:
                    lines.append(line.removeprefix(b"."))
                server.arrived.set()
                server.holds.wait(30)
                if server.says.startswith(b"2"):
                    server.raw.append(b"".join(lines))
                    mail = message_from_bytes(b"".join(lines), policy=policy.default)
                    server.taken.append((to, cast("EmailMessage", mail)))
            self._say(server.says if verb == b"DATA" else b"221 bye" if verb == b"QUIT" else b"250 good")

    def _say(self, what: bytes) -> None:
        self.wfile.write(what + b"\r\n")


@contextmanager
def mail_server() -> Iterator[MailServer]:
    """The server, listening."""
    with MailServer() as server:
        worker = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        worker.start()
        yield server
        server.shutdown()
        worker.join(5)
