"""A scriptable stand-in for the Scriptix and Reson8 speech-to-text services, for tests in Python.

The fixtures of :mod:`understudy_pytest.plugin` come by themselves where the package is installed. Without pytest,
:func:`start` gives the same server to any test.
"""

from .control import ControlError, WaitTimeout
from .server import Understudy, start
from .session import Session

__all__ = ["ControlError", "Session", "Understudy", "WaitTimeout", "start"]
