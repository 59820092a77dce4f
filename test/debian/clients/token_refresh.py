"""A client of Reson8 that never shows its key to a socket: it asks for a token, opens a session with it, asks for
another while that is open, opens a second session with the new one, and ends both. Prints what it got as JSON.

Usage: token_refresh.py URL TOKEN_URL KEY WAV
"""

import asyncio
import json
import sys
import wave

import aiohttp


async def token_from(session, url, key):
    async with session.post(url, headers={"Authorization": f"ApiKey {key}"}) as response:
        response.raise_for_status()
        return await response.json()


async def finish(ws, pcm):
    """Sends what is left, flushes, and returns the text up to the confirmation."""
    await ws.send_bytes(pcm)
    await ws.send_json({"type": "flush_request", "id": "end"})
    texts = []
    while True:
        message = json.loads((await ws.receive(timeout=20)).data)
        if message["type"] == "flush_confirmation":
            await ws.close()
            return " ".join(texts)
        texts.append(message["text"])


async def dictate_twice(url, token_url, key, path):
    with wave.open(path, "rb") as audio:
        pcm = audio.readframes(audio.getnframes())
    half = len(pcm) // 4 * 2
    async with aiohttp.ClientSession() as session:
        first = await token_from(session, token_url, key)
        headers = {"Authorization": f"Bearer {first['access_token']}"}
        async with session.ws_connect(url, headers=headers) as one:
            await one.send_bytes(pcm[:half])
            second = await token_from(session, token_url, key)
            protocols = ("bearer", second["access_token"])
            async with session.ws_connect(url, protocols=protocols) as other:
                texts = [await finish(other, pcm), await finish(one, pcm[half:])]
    return {
        "types": [first["token_type"], second["token_type"]],
        "seconds": [first["expires_in"], second["expires_in"]],
        "texts": texts,
    }


if __name__ == "__main__":
    print(json.dumps(asyncio.run(dictate_twice(*sys.argv[1:]))))
