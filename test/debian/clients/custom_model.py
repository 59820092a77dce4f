"""A client of Reson8 that keeps a custom model up to date: it looks for a model by its name, makes it if there is none,
adds and removes phrases, and posts a recording with it. Prints what it got as JSON.

Usage: custom_model.py API KEY WAV
"""

import asyncio
import json
import sys

import aiohttp

NAME = "Names"


async def call(session, method, url, **more):
    async with session.request(method, url, **more) as response:
        body = await response.json(content_type=None)
        if response.status >= 400:
            raise RuntimeError(f"HTTP {response.status}: {body.get('code')}")
        return body


async def keep(api, key, path):
    models = f"{api}/custom-model"
    async with aiohttp.ClientSession(headers={"Authorization": f"ApiKey {key}"}) as session:
        known = await call(session, "GET", models)
        model = next((each for each in known if each["name"] == NAME), None)
        if model is None:
            wanted = {"name": NAME, "description": "Of a test", "phrases": ["Zhivago", "old"]}
            model = await call(session, "POST", models, json=wanted)
        phrases = f"{models}/{model['id']}/phrases"
        added = await call(session, "POST", phrases, json={"phrases": ["Zhivago", "Brontosaurus"]})
        deleted = await call(session, "POST", f"{phrases}/delete", json={"phrases": ["old"]})
        page = await call(session, "GET", phrases, params={"page": 0, "size": 10})
        with open(path, "rb") as audio:
            transcript = await call(
                session,
                "POST",
                f"{api}/speech-to-text/prerecorded",
                params={"custom_model_id": model["id"], "bias_strength": "3"},
                data=audio,
            )
    return {
        "made": len(known) == 0,
        "added": added,
        "deleted": deleted,
        "phrases": [each["value"] for each in page["phrases"]],
        "text": transcript["text"],
    }


if __name__ == "__main__":
    print(json.dumps(asyncio.run(keep(*sys.argv[1:]))))
