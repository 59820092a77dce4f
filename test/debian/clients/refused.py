"""Connects where nobody lets it in and prints what the library made of that as JSON.

Usage: refused.py URL HEADER VALUE
"""

import asyncio
import json
import sys

import websockets


async def connect(url, header, value):
    try:
        async with websockets.connect(url, extra_headers={header: value} if header else {}):
            return {"exception": None}
    except websockets.InvalidStatusCode as error:
        return {
            "exception": type(error).__name__,
            "status": error.status_code,
            "content_type": error.headers.get("Content-Type"),
        }


if __name__ == "__main__":
    print(json.dumps(asyncio.run(connect(*sys.argv[1:]))))
