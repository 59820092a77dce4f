"""The fixtures: one server for each worker, and a token of its own for each test."""

import shlex
from typing import Iterator
from uuid import uuid4

import pytest

from .server import Understudy, start


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addini("understudy_flags", "more flags of `understudy serve`, such as --clock manual", default="")


@pytest.fixture(scope="session")
def understudy(request: pytest.FixtureRequest) -> Iterator[Understudy]:
    """A fake on a free port: one for each process, of which pytest-xdist starts several."""
    flags = shlex.split(str(request.config.getini("understudy_flags")))
    with start(*flags, folder=request.config.rootpath) as server:
        yield server


@pytest.fixture
def understudy_token(understudy: Understudy) -> Iterator[str]:
    """A token of this test only. Its client presents it, so that sessions and scenarios of tests do not mix."""
    token = f"test-{uuid4()}"
    yield token
    understudy.unassign(token)
