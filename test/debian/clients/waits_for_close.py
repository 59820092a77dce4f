"""A client of Reson8 that sends a recording and then only waits until the server closes. Prints what it got as JSON.

Usage: waits_for_close.py URL KEY WAV
"""

import asyncio
import json
import sys
import wave

import websockets


async def transcribe(url, key, path):
    texts = []
    async with websockets.connect(url, extra_headers={"Authorization": f"ApiKey {key}"}) as ws:
        with wave.open(path, "rb") as audio:
            while True:
                chunk = audio.readframes(1600)
                if not chunk:
                    break
                await ws.send(chunk)
        async for frame in ws:
            message = json.loads(frame)
            if message.get("text"):
                texts.append(message["text"])
    return {"texts": texts, "close_code": ws.close_code}


if __name__ == "__main__":
    print(json.dumps(asyncio.run(transcribe(*sys.argv[1:]))))
