"""A recommendation on its way: raised once, answered in time, confirmed on site, and nothing forgotten."""

import uuid

import pytest

from assignments.actions import petitions
from assignments.models import Petition
from portal.actions.deed import RuleBroken
from tests import make

pytestmark = pytest.mark.django_db


def test_a_recommendation_sent_twice_is_stored_once():
    land, author, key = make.land(), make.user(), uuid.uuid4()
    for _time in range(2):
        petitions.raise_petition(place=land.hamlet, topic="roads", text="Cầu hư", by=author, uuid=key)
    petition = Petition.objects.get()
    assert petition.province == land.province
    assert petition.steps.count() == 1


def test_a_key_of_somebody_else_is_refused():
    land, key = make.land(), uuid.uuid4()
    petitions.raise_petition(place=land.hamlet, topic="roads", text="Cầu hư", by=make.user(), uuid=key)
    with pytest.raises(RuleBroken):
        petitions.raise_petition(place=land.hamlet, topic="roads", text="Khác", by=make.user(), uuid=key)


@pytest.mark.parametrize("consent", [True, False])
def test_without_consent_a_request_goes_up_as_that_of_the_group(consent):
    land = make.land()
    petition = petitions.raise_petition(
        place=land.commune, topic="water", text="Thiếu nước", by=make.user(), household=land.households[0],
        consent=consent,
    )  # fmt: skip
    assert petition.place == land.groups[0]
    assert (petition.household == land.households[0]) is consent
    assert petition.consent is consent


def test_a_recommendation_holds_no_identity_number():
    land = make.land()
    with pytest.raises(RuleBroken):
        petitions.raise_petition(place=land.hamlet, topic="roads", text="Anh 083123456789", by=make.user())
