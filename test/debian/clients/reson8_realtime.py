"""A client of Reson8: streams a recording, flushes, waits for the confirmation, and prints what it got as JSON.

Usage: reson8_realtime.py URL apikey|bearer|subprotocol TOKEN WAV
"""

import asyncio
import json
import sys
import wave

import websockets


def credentials(form, token):
    if form == "subprotocol":
        return {"subprotocols": ["bearer", token]}
    return {"extra_headers": {"Authorization": {"apikey": "ApiKey ", "bearer": "Bearer "}[form] + token}}


async def send_audio(ws, path):
    with wave.open(path, "rb") as audio:
        while True:
            chunk = audio.readframes(1600)
            if not chunk:
                break
            await ws.send(chunk)
    await ws.send(json.dumps({"type": "flush_request", "id": "the end"}))


async def transcribe(url, form, token, path):
    got = {"interims": [], "finals": [], "confirmations": []}
    async with websockets.connect(url, **credentials(form, token)) as ws:
        got["subprotocol"] = ws.subprotocol
        sending = asyncio.create_task(send_audio(ws, path))
        async for frame in ws:
            message = json.loads(frame)
            if message["type"] == "flush_confirmation":
                got["confirmations"].append(message)
                break
            got["finals" if message["is_final"] else "interims"].append(message)
        await sending
        await ws.close(1000)
    return {**got, "close_code": ws.close_code}


if __name__ == "__main__":
    print(json.dumps(asyncio.run(transcribe(*sys.argv[1:]))))
