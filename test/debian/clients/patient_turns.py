"""A client of turns that connects again where that may help: a 400, 401 or 402 is final, anything else is not. It sends
the parameters of older releases, too. Prints its attempts as JSON: the status and the reason of each refusal, and the
turns.

Usage: patient_turns.py URL KEY WAV
"""

import asyncio
import json
import sys
import wave

import aiohttp

FINAL = (400, 401, 402)
MOST_ATTEMPTS = 3
PAUSE_S = 0.05
END_LIMIT_S = 20
QUERY = {
    "encoding": "pcm_s16le",
    "language": "en,nl",
    "phrases": "doctor Jansen,passport",
    "bias_strength": "2.0",
    "patience": "0.5",
    "min_patience_seconds": "0.2",
    "max_patience_seconds": "1.5",
}


async def take_a_turn(session, url, key, path):
    async with session.ws_connect(url, params=QUERY, headers={"Authorization": f"ApiKey {key}"}) as ws:
        with wave.open(path, "rb") as audio:
            while chunk := audio.readframes(1600):
                await ws.send_bytes(chunk)
        await ws.send_json({"type": "flush_request"})
        texts = []
        async with asyncio.timeout(END_LIMIT_S):
            async for frame in ws:
                message = json.loads(frame.data)
                if message["type"] == "turn_end_candidate":
                    candidate = message["text"]
                elif message["type"] == "turn_end":
                    texts.append(candidate)
                    if len(texts) == 2:
                        break
        return texts


async def attempt(url, key, path):
    got = {"refusals": [], "texts": []}
    async with aiohttp.ClientSession() as session:
        for _ in range(MOST_ATTEMPTS):
            try:
                got["texts"] = await take_a_turn(session, url, key, path)
                break
            except aiohttp.WSServerHandshakeError as error:
                got["refusals"].append([error.status, error.headers.get("X-Error-Message")])
                if error.status in FINAL:
                    break
                await asyncio.sleep(PAUSE_S)
    return got


if __name__ == "__main__":
    print(json.dumps(asyncio.run(attempt(*sys.argv[1:]))))
