"""Requests that a live server is answering, so that its tables are not emptied under one that a page left behind.

On PostgreSQL emptying all tables locks one after the other, and a late request doing the same ends in a deadlock.
"""

import threading
import time
from typing import Any

from django.core.signals import request_finished, request_started


class InFlight:
    """Counts from `begin` on. The signals come from the server's threads."""

    def __init__(self) -> None:
        self.number = 0
        self.changed = threading.Condition()

    def _add(self, by: int) -> None:
        with self.changed:
            self.number += by
            self.changed.notify_all()

    def _started(self, **kwargs: Any) -> None:
        self._add(1)

    def _finished(self, **kwargs: Any) -> None:
        self._add(-1)

    def begin(self) -> None:
        request_started.connect(self._started)
        request_finished.connect(self._finished)

    def settle(self, most: float = 10, pause: float = 0.02) -> bool:
        """Wait until nothing is answered, and nothing more comes within the pause; False after `most` seconds."""
        end = time.monotonic() + most
        while time.monotonic() < end:
            with self.changed:
                if not self.changed.wait_for(lambda: self.number <= 0, timeout=end - time.monotonic()):
                    return False
            time.sleep(pause)
            if self.number <= 0:
                return True
        return False

    def end(self) -> None:
        request_started.disconnect(self._started)
        request_finished.disconnect(self._finished)
