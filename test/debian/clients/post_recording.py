"""A client of Reson8 that posts a recording, one chunk after another, and prints the transcript as JSON.

Usage: post_recording.py URL KEY WAV
"""

import asyncio
import json
import sys

import aiohttp


async def chunks(path, size=65536):
    with open(path, "rb") as recording:
        while chunk := recording.read(size):
            yield chunk


async def transcribe(url, key, path):
    headers = {"Authorization": f"ApiKey {key}", "Content-Type": "application/octet-stream"}
    async with aiohttp.ClientSession() as session:
        async with session.post(url, headers=headers, data=chunks(path)) as response:
            body = await response.json(content_type=None)
            if response.status != 200:
                raise RuntimeError(f"HTTP {response.status}: {body['code']}: {body['message']}")
            return body


if __name__ == "__main__":
    print(json.dumps(asyncio.run(transcribe(*sys.argv[1:]))))
