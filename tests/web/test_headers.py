"""Every answer carries the same guard."""

import pytest
from flask import Flask

from consult.home import Config
from tests.compiled import app_for
from tests.conftest import config_for

EXPECTED = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self' 'sha256-GUQ5ad8JK5KmEWmROf3LZd9ge94daqNvd8xy9YS1iDw=';"
        " style-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self';"
        " frame-ancestors 'none'; base-uri 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store, private",
    "Pragma": "no-cache",
}


@pytest.mark.parametrize("path", ["/", "/healthz", "/no-such-page", "/staff/sign-in", "/analyst/"])
def test_every_answer_has_the_headers_byte_for_byte(sqlite_app: Flask, path: str) -> None:
    headers = sqlite_app.test_client().get(path).headers
    assert {name: headers.get(name) for name in EXPECTED} == EXPECTED
    assert "Strict-Transport-Security" not in headers


def test_over_https_the_browser_is_told_to_stay_there(sqlite_url: str) -> None:
    plain = config_for(sqlite_url)
    config = Config(
        database_url=plain.database_url,
        secret_key=plain.secret_key,
        base_url="https://consult.abbeyford.example",
        trusted_hosts=("consult.abbeyford.example",),
    )
    client = app_for(config).test_client()
    answer = client.get("/", base_url="https://consult.abbeyford.example")
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-")
    assert {"Secure", "HttpOnly", "SameSite=Lax", "Path=/"} <= set(cookie.split("; "))


def test_a_request_for_another_host_is_refused(sqlite_app: Flask) -> None:
    assert sqlite_app.test_client().get("/", base_url="http://elsewhere.example").status_code == 400


def test_a_static_file_is_kept_for_a_year_and_comes_compressed(sqlite_app: Flask) -> None:
    from consult.web.assets import asset  # noqa: PLC0415

    answer = sqlite_app.test_client().get(
        asset("consult.css"), headers={"Accept-Encoding": "br"}, buffered=True
    )
    assert answer.status_code == 200
    assert "immutable" in answer.headers["Cache-Control"]
    assert "max-age=31" in answer.headers["Cache-Control"]
    assert answer.headers["Content-Encoding"] == "br"
    assert sqlite_app.test_client().get("/static/../manifest.json").status_code == 404
    assert sqlite_app.test_client().get("/static/manifest.json").status_code == 404


def test_a_page_comes_compressed_to_those_who_can_read_it(sqlite_app: Flask) -> None:
    client = sqlite_app.test_client()
    assert client.get("/", headers={"Accept-Encoding": "br, gzip"}).headers["Content-Encoding"] == "br"
    plain = client.get("/")
    assert "Content-Encoding" not in plain.headers
    assert b"Consultations" in plain.data
