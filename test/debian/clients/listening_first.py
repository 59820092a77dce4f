"""A microphone client of Scriptix that takes the first message after start for `listening`, and ends at the bytes of
`stopped`. Prints what it got as JSON.

Usage: listening_first.py URL TOKEN WAV
"""

import asyncio
import json
import sys
import wave

import websockets


async def send_audio(ws, path):
    with wave.open(path, "rb") as audio:
        while True:
            chunk = audio.readframes(1600)
            if not chunk:
                break
            await ws.send(chunk)
    await ws.send(json.dumps({"action": "stop"}))


async def transcribe(url, token, path):
    got = {"partials": [], "finals": [], "stopped": None}
    async with websockets.connect(url, extra_headers={"x-zoom-s2t-key": token}) as ws:
        await ws.send(json.dumps({"action": "start"}))
        first = json.loads(await ws.recv())
        if first.get("state") != "listening":
            raise RuntimeError(f"expected listening, got {first}")
        got["first"] = first
        sending = asyncio.create_task(send_audio(ws, path))
        while got["stopped"] is None:
            frame = await ws.recv()
            if '"state":"stopped"' in frame:
                got["stopped"] = frame
                continue
            message = json.loads(frame)
            if "is_final" in message:
                got["finals" if message["is_final"] else "partials"].append(message["text"])
        await sending
    return got


if __name__ == "__main__":
    print(json.dumps(asyncio.run(transcribe(*sys.argv[1:]))))
