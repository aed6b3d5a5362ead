"""Whatever goes wrong ends in a plain page that says what to do."""

import logging

import pytest
from flask import Flask

from consult.errors import Conflict, Invalid, NotFound, NotPermitted, TooMany
from tests.checkers.html import problems_of

pytestmark = pytest.mark.new_application  # most add a page that breaks


@pytest.mark.parametrize(
    ("error", "status"),
    [(Invalid, 422), (NotFound, 404), (NotPermitted, 403), (Conflict, 409), (TooMany, 429)],
)
def test_a_domain_error_shows_its_sentence_with_its_status(
    sqlite_app: Flask, error: type, status: int
) -> None:
    @sqlite_app.get("/broken")
    def _broken() -> str:
        raise error("The cat <sat> on the mat.")

    answer = sqlite_app.test_client().get("/broken")
    assert answer.status_code == status
    assert "The cat &lt;sat&gt; on the mat." in answer.text
    assert problems_of(answer.text) == []


def test_an_unexpected_error_shows_no_detail_and_logs_no_words_of_people(
    sqlite_app: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    sqlite_app.config["PROPAGATE_UNEXPECTED"] = False

    @sqlite_app.get("/broken")
    def _broken() -> str:
        raise RuntimeError("canary-7f3a: what somebody wrote")

    with caplog.at_level(logging.DEBUG):
        answer = sqlite_app.test_client().get("/broken")
    assert answer.status_code == 500
    assert "canary" not in answer.text
    assert "Traceback" not in answer.text
    assert "canary" not in caplog.text
    assert "RuntimeError" in caplog.text
    assert problems_of(answer.text) == []


def test_a_failed_post_gives_back_what_was_typed(sqlite_app: Flask) -> None:
    sqlite_app.config["WTF_CSRF_ENABLED"] = False

    @sqlite_app.post("/broken")
    def _broken() -> str:
        raise Conflict

    words = "A long answer that took ten minutes to write"
    answer = sqlite_app.test_client().post(
        "/broken", data={"answer": words, "password": "a very long password indeed", "code": "1" * 30}
    )
    assert answer.status_code == 409
    assert words in answer.text
    assert "very long password" not in answer.text
    assert "1" * 30 not in answer.text


def test_a_request_without_its_token_changes_nothing_and_keeps_the_text(sqlite_app: Flask) -> None:
    answer = sqlite_app.test_client().post(
        "/staff/sign-in", data={"email": "somebody-long-enough@abbeyford.example"}
    )
    assert answer.status_code == 400
    assert problems_of(answer.text) == []


@pytest.mark.parametrize(("method", "path", "status"), [("get", "/nowhere", 404), ("post", "/healthz", 405)])
def test_an_http_error_is_a_page_too(sqlite_app: Flask, method: str, path: str, status: int) -> None:
    sqlite_app.config["WTF_CSRF_ENABLED"] = False
    answer = getattr(sqlite_app.test_client(), method)(path)
    assert answer.status_code == status
    assert problems_of(answer.text) == []
    if status == 405:
        assert "GET" in answer.headers["Allow"]


def test_a_missing_name_in_a_template_is_an_error_and_not_a_gap(sqlite_app: Flask) -> None:
    from flask import render_template_string  # noqa: PLC0415
    from jinja2 import UndefinedError  # noqa: PLC0415

    with sqlite_app.test_request_context(), pytest.raises(UndefinedError):
        render_template_string("{{ no_such_name }}")
