"""What a test sees when something goes wrong, each in a project of its own."""

import pytest

from understudy_pytest import ControlError

SILENT_CLIENT = """
import socket

def test_waits(understudy, understudy_token):
    host, port = understudy.url[len("http://"):].split(":")
    with socket.create_connection((host, int(port))) as client:
        client.sendall(
            f"GET /v2/realtime?token={understudy_token} HTTP/1.1\\r\\nHost: {host}\\r\\nConnection: Upgrade\\r\\n"
            "Upgrade: websocket\\r\\nSec-WebSocket-Version: 13\\r\\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\\r\\n\\r\\n"
            .encode()
        )
        session = understudy.next_session(understudy_token)
        session.received("audio", count=3, timeout=0.1)
"""


def test_a_wait_that_fails_shows_the_trace(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(SILENT_CLIENT)
    result = pytester.runpytest_subprocess()

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*did not receive audio 3x within 100 ms*", "*The trace ends:*", '*"kind": "request"*'])


def test_no_session_is_a_timeout(pytester: pytest.Pytester) -> None:
    pytester.makepyfile("def test_it(understudy): understudy.next_session('nobody', timeout=0.1)")
    result = pytester.runpytest_subprocess()

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*WaitTimeout: *within 100 ms*"])


def test_flags_come_from_the_configuration(pytester: pytest.Pytester) -> None:
    pytester.makeini("[pytest]\nunderstudy_flags = --clock manual")
    pytester.makepyfile("def test_it(understudy): understudy.advance(15)")

    pytester.runpytest_subprocess().assert_outcomes(passed=1)


def test_a_wrong_flag_is_an_error_that_says_so(pytester: pytest.Pytester) -> None:
    pytester.makeini("[pytest]\nunderstudy_flags = --prot 1")
    pytester.makepyfile("def test_it(understudy): pass")
    result = pytester.runpytest_subprocess()

    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*The fake does not listen (exit code 2)*", "*Did you mean --port?*"])


def test_a_command_that_is_not_there_is_named(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UNDERSTUDY_CLI", "no-such-command --really")
    pytester.makepyfile("def test_it(understudy): pass")
    result = pytester.runpytest_subprocess()

    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*The fake cannot be started: no-such-command --really*"])


def test_an_unknown_scenario_is_refused_with_a_suggestion(understudy, understudy_token) -> None:
    with pytest.raises(ControlError, match="drop-mid-word") as refused:
        understudy.assign(understudy_token, "drop-mid-wrd")
    assert refused.value.status in (400, 404, 422)
