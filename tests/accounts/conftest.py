"""A browser for these tests."""

import pytest
from flask import Flask

from tests.page_client import PageClient


@pytest.fixture
def client(app: Flask) -> PageClient:
    return PageClient(app)
