"""Who the visitor is behind web servers in front: as many names are believed as there are servers."""

from dataclasses import replace

import pytest
from flask import Flask, request

from tests.compiled import app_for
from tests.conftest import config_for

CHAIN = {"X-Forwarded-For": "6.6.6.6, 203.0.113.7, 198.51.100.1", "X-Forwarded-Host": "evil.example"}


def seen(app: Flask) -> tuple[str | None, str]:
    """The address and host that a request is taken for."""
    found: list[tuple[str | None, str]] = []
    app.before_request(lambda: found.append((request.remote_addr, request.host)))
    app.test_client().get("/healthz", headers=CHAIN)
    return found[0]


@pytest.mark.parametrize(
    ("proxies", "address"), [(0, "127.0.0.1"), (1, "198.51.100.1"), (2, "203.0.113.7"), (3, "6.6.6.6")]
)
def test_as_many_names_are_believed_as_there_are_servers_and_no_host(sqlite_url, proxies, address):
    app = app_for(replace(config_for(sqlite_url), proxies=proxies))
    assert seen(app) == (address, "localhost")
