import asyncio
import random

from . import report
from .failure import Failure

# Attempts in a row that bring no result, before it is given up.
MOST_RETRIES = 4
FIRST_PAUSE_S = 0.5
LONGEST_PAUSE_S = 8


async def keep_connected(converse, count_results):
    """Holds one conversation after the other until one ends as it should.

    A connection that breaks is taken up again, after a pause that gets longer each time; a first connection that does
    not come about, or a key that is refused, is the end.
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
        # Many clients lose a server at the same moment; they should not all come back at the same moment.
        await asyncio.sleep(pause * random.uniform(0.75, 1.25))
