import json

from . import report


def read_message(text):
    """A message as a dict; None for anything else, which is ignored."""
    try:
        message = json.loads(text)
    except ValueError:
        message = None
    if isinstance(message, dict):
        return message
    report.note("ignored a message that is not a JSON object")
    return None
