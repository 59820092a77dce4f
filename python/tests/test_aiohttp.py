"""A client of Reson8 with aiohttp."""

import asyncio

import pytest

aiohttp = pytest.importorskip("aiohttp")


def test_flush_is_confirmed(understudy, understudy_token):
    async def client():
        headers = {"Authorization": f"ApiKey {understudy_token}"}
        async with aiohttp.ClientSession() as http:
            async with http.ws_connect(understudy.reson8["realtime"], headers=headers) as ws:
                await ws.send_bytes(bytes(3200))
                await ws.send_json({"type": "flush_request", "id": "one"})
                return await ws.receive_json()

    assert asyncio.run(client()) == {"type": "flush_confirmation", "id": "one"}
    session = understudy.next_session(understudy_token)
    session.received("flush")
    assert session.info["dialect"] == "reson8"


def test_refused_key(understudy, understudy_token):
    understudy.assign(understudy_token, "refused-401")

    async def client():
        headers = {"Authorization": f"ApiKey {understudy_token}"}
        async with aiohttp.ClientSession() as http:
            async with http.ws_connect(understudy.reson8["realtime"], headers=headers):
                pass

    with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
        asyncio.run(client())
    assert refused.value.status == 401
