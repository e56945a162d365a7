"""The watch on requests of a live server."""

import threading

from django.core.signals import request_finished, request_started

from tests.in_flight import InFlight


def test_it_waits_for_a_request_that_a_page_left_behind() -> None:
    watch, let_go, told = InFlight(), threading.Event(), []
    watch.begin()

    def answer() -> None:
        request_started.send(sender=None)
        let_go.wait(5)
        told.append("answered")
        request_finished.send(sender=None)

    thread = threading.Thread(target=answer)
    thread.start()
    try:
        assert not watch.settle(most=0.1)
        let_go.set()
        assert watch.settle() and told == ["answered"]
    finally:
        let_go.set()
        thread.join()
        watch.end()


def test_nothing_is_counted_after_the_end() -> None:
    watch = InFlight()
    watch.begin()
    watch.end()
    # In a thread of its own, which has no connection that Django would look at.
    thread = threading.Thread(target=lambda: request_started.send(sender=None))
    thread.start()
    thread.join()
    assert watch.settle(most=0.1)
