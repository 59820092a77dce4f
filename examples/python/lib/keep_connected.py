import asyncio
import random

from . import report
from .failure import Failure

# How many attempts in a row may fail without a result before the client gives up.
MOST_RETRIES = 4
FIRST_PAUSE_S = 0.5
LONGEST_PAUSE_S = 8


async def keep_connected(converse, count_results):
    """Runs one conversation after another until one ends normally.

    A broken connection is replaced after a pause that grows with each attempt. If the first connection fails or the key
    is refused, there is no further attempt.
    """
    failures = 0
    was_ever_open = False
    while True:
        before = count_results()
        try:
            return await converse()
        except Failure as failure:
            was_ever_open = was_ever_open or failure.was_open
            failures = 1 if count_results() > before else failures + 1
            if not failure.may_retry or not was_ever_open or failures > MOST_RETRIES:
                raise
            report.error(failure.kind, str(failure))
        pause = min(LONGEST_PAUSE_S, FIRST_PAUSE_S * 2 ** (failures - 1))
        # Many clients may lose a server at the same moment; they should not all return at the same moment.
        await asyncio.sleep(pause * random.uniform(0.75, 1.25))
