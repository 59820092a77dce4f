import asyncio
import json
import re
import time
import urllib.error
import urllib.request
from urllib.parse import urlsplit

from . import report
from .failure import Failure
from .messages import read_message

STATUS_LIMIT_S = 15
# A call of initialize waits until the service runs (S3:21), which takes a while after it was scaled down.
INITIALIZE_LIMIT_S = 60
POLL_EVERY_S = 5
# From the first call until the service is ready.
READY_LIMIT_S = 180


async def ready_endpoint(api_url, key):
    """The workflow of S3:165-170: get the status, initialize, and get the status again until the service is ready.
    Returns where to connect.

    Only `ready` decides; the wording of the message may change (S3:65). `api_url` is `https://api.scriptix.io`, or
    with `/api/v4/realtime`. Raises Failure.
    """
    base = re.sub(r"/api/v4/realtime$", "", api_url.rstrip("/")) + "/api/v4/realtime"
    give_up = time.monotonic() + READY_LIMIT_S

    async def call(method, name, limit):
        return await asyncio.to_thread(_call, method, f"{base}/{name}", key, limit)

    # Only for the user's information (S3:167), so a missing answer does not matter.
    before = await call("GET", "status", STATUS_LIMIT_S)
    if before is not None:
        report.note(f"service: {before.get('status')}")

    service = await call("POST", "initialize", INITIALIZE_LIMIT_S)
    while service is None or service["ready"] is not True:
        if time.monotonic() > give_up:
            raise Failure("timeout", "the service did not become ready")
        report.note(f"service: {service.get('status') if service else 'no answer'}")
        await asyncio.sleep(service.get("retry_s", POLL_EVERY_S) if service else POLL_EVERY_S)
        service = await call("GET", "status", STATUS_LIMIT_S)
    report.note("service: ready")
    endpoint = service.get("endpoint")
    if not isinstance(endpoint, str) or urlsplit(endpoint).scheme not in ("ws", "wss"):
        raise Failure("server", "the service does not say where to connect")
    return endpoint


def _call(method, url, key, limit):
    """The answer to a call; None if there is none, though a later call may have one."""
    headers = {"x-zoom-s2t-key": key, "content-type": "application/json"}
    request = urllib.request.Request(url, method=method, headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=limit) as response:
            body = read_message(response.read().decode("utf-8", "replace"))
    except urllib.error.HTTPError as answer:
        return _refused(answer)
    except OSError:
        # Includes a time-out and a connection that ended.
        report.note(f"{method} {urlsplit(url).path}: no answer")
        return None
    if body is None or not isinstance(body.get("ready"), bool):
        raise Failure("server", "the service does not say whether it is ready")
    return body


def _refused(answer):
    # Too many requests: not a failure, but the next pause is longer.
    if answer.code == 429:
        after = answer.headers.get("retry-after") or ""
        return {"status": "busy", "ready": False, "retry_s": min(60, max(1, int(after))) if after.isdigit() else 5}
    try:
        detail = json.loads(answer.read())["detail"]
    except (ValueError, TypeError, LookupError):
        detail = "the service answers"
    kind = "auth" if answer.code in (401, 403) else "server"
    raise Failure(kind, f"{detail} (HTTP {answer.code})")
