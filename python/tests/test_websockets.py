"""A client with websockets, whose tests run beside each other."""

import asyncio
import json
from asyncio import to_thread
from urllib.parse import urlencode

import pytest

websockets = pytest.importorskip("websockets")


async def dictate(url, token, frames=10):
    """Sends a second of silence, and returns the states and the close code."""
    states = []
    async with websockets.connect(f"{url}?{urlencode({'token': token, 'type': 'fast'})}") as ws:
        await ws.send(json.dumps({"action": "start"}))
        for _ in range(frames):
            await ws.send(bytes(3200))
        await ws.send(json.dumps({"action": "stop"}))
        try:
            async for message in ws:
                states.append(json.loads(message).get("state"))
        except websockets.ConnectionClosed:
            pass
        return states, ws.close_code


def test_client_starts_and_stops(understudy, understudy_token):
    states, code = asyncio.run(dictate(understudy.scriptix["realtime"], understudy_token))
    session = understudy.next_session(understudy_token)
    session.received("stop")

    assert states[-1] == "stopped"
    assert code == 1000
    assert session.audio_ms == 1000
    assert session.count("audio") == 10
    assert session.messages("client") == [{"action": "start"}, {"action": "stop"}]
    assert not session.is_open


def test_client_gets_its_scenario(understudy, understudy_token):
    understudy.assign(understudy_token, "refused-401")

    with pytest.raises(websockets.InvalidHandshake):
        asyncio.run(dictate(understudy.scriptix["realtime"], understudy_token))


@pytest.mark.parametrize("number", range(8))
def test_sessions_of_tests_do_not_mix(understudy, understudy_token, number):
    asyncio.run(dictate(understudy.scriptix["realtime"], understudy_token, frames=number + 1))

    assert [each.audio_ms for each in understudy.sessions(understudy_token)] == [(number + 1) * 100]
    assert understudy.next_session(understudy_token).count("audio") == number + 1


def test_server_says_what_a_test_wants(understudy, understudy_token):
    said = [{"text": "yes", "is_final": True}, "no JSON", b"\x00\x01"]

    async def client():
        url = f"{understudy.scriptix['realtime']}?token={understudy_token}"
        async with websockets.connect(url) as ws:
            await ws.send(json.dumps({"action": "start"}))
            session = await to_thread(understudy.next_session, understudy_token)
            await to_thread(session.received, "start")
            for message in said:
                await to_thread(session.send, message)
            heard = [await ws.recv() for _ in range(5)]
            await to_thread(session.close, 1011, "broken")
            await ws.wait_closed()
            return heard[2:], ws.close_code

    heard, code = asyncio.run(client())
    assert [json.loads(heard[0]), *heard[1:]] == said
    assert code == 1011
