"""What a request may bring: forms in UTF-8, of a size."""

import pytest

from tests.checkers.html import problems_of
from tests.page_client import PageClient

FORM = "application/x-www-form-urlencoded"


@pytest.fixture
def client(sqlite_app) -> PageClient:
    return PageClient(sqlite_app)


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b'{"code": "A"}', "application/json", 415),
        (b"<a/>", "text/xml", 415),
        (b"code=A", "text/plain", 415),
        (b"code=A", "", 415),
        (b"code=%FF%FE", FORM, 400),
        (b"code=\xff\xfe", FORM, 400),
        (b"code=%C3%A9", FORM, "read"),
        (b"code=%00", FORM, "read"),
        (b"code=%ED%A0%80", FORM, 400),  # half of a pair
        (b"", FORM, "read"),
        (b"", "", "read"),
        (b"code=" + b"A" * 499_000, FORM, "read"),
        (b"code=" + b"A" * 500_000, FORM, 413),
        (b"code=" + b"A" * 2_000_000, FORM, 413),
        (b"&".join(b"a%d=1" % n for n in range(199)), FORM, "read"),
        (b"&".join(b"a%d=1" % n for n in range(201)), FORM, 413),
    ],
)
def test_only_forms_are_read(client, body, kind, status):
    token = client.any_token().encode()
    is_form = kind == FORM and body
    if status == "read" and is_form:
        body = b"csrf_token=" + token + b"&" + body
    for path, when_read in (("/return", {422}), ("/staff/sign-in", {422}), ("/finish", {303})):
        answer = client.post(path, data=body, content_type=kind or None)
        # A form without its token is read as well, and then refused.
        expected = {status} if status != "read" else when_read if is_form else {400, *when_read}
        assert answer.status_code in expected, path


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/consultations/%00/", 404),
        ("/consultations/a%00b/join", 404),
        ("/return?closed=%00", 400),
        ("/return?closed=%FF", 200),
        ("/consultations/%FF/", 404),
        ("/consultations/" + "x" * 5000 + "/", 404),
    ],
)
def test_an_address_with_what_no_text_holds_is_refused_in_a_plain_page(client, path, status):
    assert client.get(path).status_code == status


def test_a_form_in_parts_is_read_too(client):
    data = {"csrf_token": client.any_token(), "code": "2222-2222-2222"}
    assert client.post("/return", data=data, content_type="multipart/form-data").status_code == 422


def test_an_error_page_gives_the_text_back_without_what_a_page_may_not_hold(sqlite_app):
    answer = sqlite_app.test_client().post("/return", data={"text": "a long text\0 of somebody, kept"})
    assert answer.status_code == 400
    assert "a long text of somebody, kept" in answer.text
    assert problems_of(answer.text) == []
