"""A microphone client of Scriptix: sends a recording as it would be spoken and prints what it got as JSON.

Usage: scriptix_microphone.py URL HEADER TOKEN WAV PACE
"""

import asyncio
import json
import sys
import wave

import websockets

CHUNK_MS = 100


async def send_audio(ws, path, pace):
    with wave.open(path, "rb") as audio:
        assert (audio.getframerate(), audio.getnchannels(), audio.getsampwidth()) == (16000, 1, 2)
        while True:
            chunk = audio.readframes(16 * CHUNK_MS)
            if not chunk:
                break
            await ws.send(chunk)
            await asyncio.sleep(CHUNK_MS / 1000 / pace)
    await ws.send(json.dumps({"action": "stop"}))


async def transcribe(url, header, token, path, pace):
    got = {"states": [], "partials": [], "finals": [], "stopped": None}
    async with websockets.connect(url, extra_headers={header: token}) as ws:
        await ws.send(json.dumps({"action": "start"}))
        sending = None
        async for frame in ws:
            # Some clients compare the bytes of the last message and do not parse it.
            if frame == '{"state":"stopped"}':
                got["stopped"] = frame
                continue
            message = json.loads(frame)
            if "error" in message:
                raise RuntimeError(message["error"])
            if "state" in message:
                got["states"].append(message["state"])
                if message["state"] == "listening":
                    sending = asyncio.create_task(send_audio(ws, path, pace))
            elif message["is_final"]:
                got["finals"].append(message)
            else:
                got["partials"].append(message)
        await sending
    return {**got, "close_code": ws.close_code, "close_reason": ws.close_reason}


if __name__ == "__main__":
    url, header, token, path, pace = sys.argv[1:]
    print(json.dumps(asyncio.run(transcribe(url, header, token, path, float(pace)))))
