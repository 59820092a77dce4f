"""A client of turns: streams a recording, flushes, and waits for the end of the turn. A close before it is an error.
Prints what it got as JSON.

Usage: turns_flush.py URL TOKEN WAV
"""

import asyncio
import json
import sys
import wave

import aiohttp

END_LIMIT_S = 20
# Up to the end of the first sentence: the turn is still open.
SPOKEN_CHUNKS = 31
QUERY = {"encoding": "pcm_s16le", "sample_rate": "16000", "channels": "1", "include_language": "true"}


async def take_turns(url, token, path):
    got = {"events": [], "turns": []}
    headers = {"Authorization": f"ApiKey {token}", "X-Reson8-Integration": "test:0"}
    async with aiohttp.ClientSession() as session:
        async with session.ws_connect(url, params=QUERY, headers=headers) as ws:
            with wave.open(path, "rb") as audio:
                for _ in range(SPOKEN_CHUNKS):
                    await ws.send_bytes(audio.readframes(1600))
            await ws.send_json({"type": "flush_request"})
            candidate = None
            while candidate is None or got["events"][-1] != "turn_end":
                frame = await ws.receive(timeout=END_LIMIT_S)
                if frame.type is not aiohttp.WSMsgType.TEXT:
                    raise RuntimeError(f"closed before the turn ended: {ws.close_code}")
                message = json.loads(frame.data)
                got["events"].append(message["type"])
                if message["type"] == "turn_end_candidate":
                    candidate = message
                elif message["type"] == "turn_end":
                    got["turns"].append({"text": candidate["text"], "language": candidate["language"]})
            await ws.close()
            got["close_code"] = ws.close_code
    return got


if __name__ == "__main__":
    print(json.dumps(asyncio.run(take_turns(*sys.argv[1:]))))
