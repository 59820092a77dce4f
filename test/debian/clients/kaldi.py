"""A microphone client of the older Scriptix: its messages are told apart by their fields. Prints what it got as JSON.

Usage: kaldi.py URL TOKEN WAV
"""

import asyncio
import json
import sys
import wave

import aiohttp


async def send_audio(ws, path):
    with wave.open(path, "rb") as audio:
        while True:
            chunk = audio.readframes(1600)
            if not chunk:
                break
            await ws.send_bytes(chunk)
    await ws.send_json({"action": "stop"})


async def transcribe(url, token, path):
    got = {"states": [], "partials": [], "finals": []}
    async with aiohttp.ClientSession() as session:
        async with session.ws_connect(url, headers={"x-zoom-s2t-key": token}) as ws:
            await ws.send_json({"action": "start"})
            sending = None
            async for frame in ws:
                message = json.loads(frame.data)
                if "state" in message:
                    got["states"].append(message["state"])
                    if message["state"] == "listening":
                        sending = asyncio.create_task(send_audio(ws, path))
                elif "partial" in message:
                    got["partials"].append(message["partial"])
                elif "result" in message:
                    words = [word for word, _start, _end, _confidence in message["result"]]
                    got["finals"].append({"speaker": message["speaker"], "text": message["text"], "words": words})
            await sending
            got["close_code"] = ws.close_code
    return got


if __name__ == "__main__":
    print(json.dumps(asyncio.run(transcribe(*sys.argv[1:]))))
