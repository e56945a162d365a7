"""One visit sent fifty times at the same moment, as by a phone that never hears an answer."""

import threading

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from assignments.models import Petition, Visit
from tests.visit_scene import Scene

SEND = reverse("assignments:offline_send")
ASKED = {"request0-topic": "roads", "request0-text": "Lan can cầu ván gãy hai nhịp."}


@pytest.mark.django_db(transaction=True)
def test_fifty_sendings_of_one_visit_at_once_are_stored_once():
    scene = Scene()
    posted, start, answers = scene.posted(**ASKED), threading.Barrier(50), []
    browsers = [Client() for _ in range(50)]
    for browser in browsers:
        browser.force_login(scene.cadre.user)

    def post(browser):
        try:
            start.wait()
            answers.append(browser.post(SEND, posted).json()["state"])
        finally:
            connection.close()

    senders = [threading.Thread(target=post, args=[browser]) for browser in browsers]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()
    assert answers == ["sent"] * 50
    assert Visit.objects.count() == 1 == Petition.objects.count()
