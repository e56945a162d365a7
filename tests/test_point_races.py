"""A visit tells a point while its words are being corrected: what was told is never changed behind it."""

from datetime import timedelta

import pytest

from assignments.actions import points
from assignments.models import Point, VisitPoint
from tests import make
from tests.test_review_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)
OLD, NEW = "LOI-TRUYEN-DAT-DAU", "LOI-DA-SUA-LAI"


def test_of_a_telling_and_a_correction_at_once_the_later_one_knows_of_the_earlier():
    land, until = make.land(), make.today() + timedelta(days=9)
    who, staff = make.following_cadre(land.hamlet, land.commune), make.commune_staff(land.commune)
    for _round in range(4):
        point = points.issue_point(place=land.commune, text=OLD, audience="hamlets", until=until, by=staff)
        heard = []

        def tell(point=point, heard=heard):
            make.visit(who, land.hamlet, points=[point])
            heard.append(Point.objects.get(pk=point.pk).text)

        refused = at_once(
            tell, lambda point=point: points.correct_point(point=point, text=NEW, until=until, by=staff)
        )
        # Either the telling was first and its words stand, or the words were new and the old ones are not told.
        assert VisitPoint.objects.filter(point=point).count() == (1 if refused else 0)
        assert heard == [OLD if refused else NEW] and Point.objects.get(pk=point.pk).text == heard[0]


def test_two_who_issue_it_anew_at_once_leave_one_new_point():
    land, until = make.land(), make.today() + timedelta(days=9)
    staff = [make.commune_staff(land.commune) for _one in range(3)]
    point = points.issue_point(place=land.commune, text=OLD, audience="hamlets", until=until, by=staff[0])
    told = at_once(
        *[
            lambda by=by: points.replace_point(
                point=point, place=land.commune, text=NEW, audience="hamlets", until=until, by=by
            )
            for by in staff
        ]
    )
    assert len(told) == 2 and Point.objects.filter(text=NEW).count() == 1
