"""Photographs of public works: off by default, small, without what the phone wrote, within reach, and for a time."""

import io
import re
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as some
from PIL import Image

from assignments.actions.photos import add_photo, allow_photos, forbid_photos, forget_photos
from assignments.actions.visits import withdraw_visit
from assignments.models import Visit, VisitPhoto
from assignments.photographs import allowed_at, last_day_kept
from assignments.pictures import LONGEST_SIDE, PictureBroken, made_anew
from assignments.tasks import forget_photos as nightly
from assignments.topics import VisitKind
from portal.actions.deed import RuleBroken
from portal.models import AuditEntry
from portal.roles import Role
from tests import make
from tests.worlds import built_once

pytestmark = pytest.mark.django_db
TODAY = make.today()
SECRET = b"GPS 10.2435 106.3756 NGUYEN"


def picture(size=(2000, 1500), form="JPEG", colour=(90, 120, 60)):
    """With words beside the picture, as a phone writes them."""
    file = io.BytesIO()
    exif = Image.Exif()
    exif[0x010E] = SECRET.decode()
    exif[0x0112] = 6
    Image.new("RGB", size, colour).save(file, form, exif=exif)
    return file.getvalue()


def field():
    make.duties()
    land = make.land()
    land.cadre = make.following_cadre(land.hamlet, land.commune)
    make.visit(land.cadre, land.hamlet)
    land.stranger = make.following_cadre(land.sibling_hamlet, land.sibling)
    land.organiser = make.person(Role.ORGANISER, land.commune)
    land.decree = make.decree()
    return land


world, land = built_once("land", field)


def visit(land):
    return Visit.objects.get(place=land.hamlet)


def allowed(land, since=TODAY):
    allow_photos(place=land.commune, since=since, decree=land.decree, by=land.organiser)


def added(land, content=None):
    return add_photo(visit=visit(land), content=content or picture(), is_public_work=True, by=land.cadre.user)


def test_no_photograph_is_kept_where_nobody_decided_so(client, land):
    with pytest.raises(RuleBroken):
        added(land)
    client.force_login(land.cadre.user)
    page = client.get(reverse("assignments:visit", args=[visit(land).uuid])).content.decode()
    assert 'type="file"' not in page
    assert not VisitPhoto.objects.exists()


def test_what_is_kept_is_small_upright_and_without_the_words_of_the_phone(land):
    allowed(land)
    photo = added(land)
    content = bytes(photo.content)
    assert SECRET in picture() and SECRET not in content and b"Exif" not in content
    with Image.open(io.BytesIO(content)) as kept:
        assert kept.format == "JPEG" and kept.size == (photo.width, photo.height) == (960, 1280)
        assert not kept.getexif()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"no picture",
        b"\xff\xd8\xff\xe0 cut",
        picture()[:400],
        b"<svg onload=alert(1)>",
        b"0" * 12_000_001,
    ],
    ids=["empty", "words", "head", "cut", "svg", "huge"],
)
def test_what_is_no_picture_is_refused_with_a_reason_and_nothing_is_kept(client, land, content):
    allowed(land)
    client.force_login(land.cadre.user)
    file = SimpleUploadedFile("anh.jpg", content, content_type="image/jpeg")
    sent = {"photo": file, "public_work": "1"}
    response = client.post(reverse("assignments:photo_add", args=[visit(land).uuid]), sent, follow=True)
    assert response.status_code == 200
    assert not VisitPhoto.objects.exists()


def test_a_bomb_of_pixels_is_refused_before_it_is_unfolded():
    file = io.BytesIO()
    Image.new("1", (20_000, 20_000)).save(file, "PNG")
    assert len(file.getvalue()) < 200_000
    with pytest.raises(PictureBroken):
        made_anew(file.getvalue())


@given(some.binary(max_size=300))
def test_whatever_is_sent_either_is_a_picture_or_is_refused(content):
    try:
        found = made_anew(content)
    except PictureBroken:
        return
    assert max(found.width, found.height) <= LONGEST_SIDE


def test_the_tick_that_it_is_a_public_work_is_needed(client, land):
    allowed(land)
    client.force_login(land.cadre.user)
    sent = {"photo": SimpleUploadedFile("anh.jpg", picture(), content_type="image/jpeg")}
    client.post(reverse("assignments:photo_add", args=[visit(land).uuid]), sent)
    assert not VisitPhoto.objects.exists()


def test_three_at_most_and_the_same_one_once(land):
    allowed(land)
    for colour in (10, 20, 30):
        added(land, picture((50, 40), colour=(colour, 0, 0)))
    again = added(land, picture((50, 40), colour=(10, 0, 0)))
    assert VisitPhoto.objects.count() == 3 and again.visit_id == visit(land).pk
    with pytest.raises(RuleBroken):
        added(land, picture((50, 40), colour=(200, 0, 0)))
    with pytest.raises(IntegrityError), transaction.atomic():
        make.made(VisitPhoto.objects.create)(
            visit=again.visit, uuid="0" * 32, content=b"", width=1, height=1, sha256=again.sha256,
            added_by=land.organiser, added_at=again.added_at, delete_on=TODAY,
        )  # fmt: skip


def test_never_of_a_household_visit(land):
    allowed(land)
    make.visit(land.cadre, land.groups[0], kind=VisitKind.HOUSEHOLD_VISIT, household=land.households[0])
    of_a_family = Visit.objects.get(kind=VisitKind.HOUSEHOLD_VISIT)
    with pytest.raises(RuleBroken):
        add_photo(visit=of_a_family, content=picture(), is_public_work=True, by=land.cadre.user)


def test_the_cadre_adds_it_on_the_page_and_a_stranger_never_sees_it(client, land):
    allowed(land)
    client.force_login(land.cadre.user)
    sent = {"photo": SimpleUploadedFile("anh.jpg", picture(), content_type="image/jpeg"), "public_work": "1"}
    page = client.post(reverse("assignments:photo_add", args=[visit(land).uuid]), sent, follow=True)
    photo = VisitPhoto.objects.get()
    address = reverse("assignments:photo", args=[photo.uuid])
    assert address in page.content.decode()
    response = client.get(address)
    assert response["Content-Type"] == "image/jpeg" and response.content == bytes(photo.content)
    assert "no-store" in response["Cache-Control"]
    client.force_login(land.stranger.user)
    refused = client.get(address)
    assert refused.status_code == 404 and bytes(photo.content)[:40] not in refused.content
    assert client.post(reverse("assignments:photo_remove", args=[photo.uuid])).status_code == 404
    client.force_login(land.cadre.user)
    client.post(reverse("assignments:photo_remove", args=[photo.uuid]))
    assert not VisitPhoto.objects.exists()
    assert {"add_photo", "remove_photo"} <= set(AuditEntry.objects.values_list("deed", flat=True))


def test_a_photograph_of_a_withdrawn_visit_is_shown_no_more_and_goes_in_the_night(client, land):
    allowed(land)
    photo = added(land)
    withdraw_visit(visit=visit(land), reason="Ghi nhầm", by=land.cadre.user)
    client.force_login(land.cadre.user)
    assert client.get(reverse("assignments:photo", args=[photo.uuid])).status_code == 404
    nightly.func()
    assert not VisitPhoto.objects.exists()


def test_it_is_deleted_so_many_months_after_the_report_of_its_month(land):
    allowed(land)
    photo = added(land)
    assert photo.delete_on == last_day_kept(TODAY)
    assert forget_photos(today=photo.delete_on - timedelta(days=1)) == 0
    assert forget_photos(today=photo.delete_on) == 1


@given(some.dates(date(2020, 1, 1), date(2040, 12, 31)))
def test_a_photograph_is_kept_for_a_year_and_at_most_a_month(day):
    kept = (last_day_kept(day) - day).days
    assert 365 < kept <= 366 + 31
    assert last_day_kept(day).day == 1


def test_the_decision_is_entered_and_ended_by_an_organiser_with_a_document(client, land):
    client.force_login(land.organiser)
    address = reverse("assignments:photo_policy", args=[land.commune.pk])
    sent = {"on": f"{TODAY:%d/%m/%Y}", "number": "9-QĐ/ĐU (mẫu)", "issuer": "Đảng ủy xã Mẫu", "signed": ""}
    assert client.post(address, sent).status_code == 302
    assert allowed_at(land.hamlet.pk, TODAY) and not allowed_at(land.sibling_hamlet.pk, TODAY)
    assert re.search("9-QĐ/ĐU", client.get(address).content.decode())
    forbid_photos(place=land.commune, on=TODAY + timedelta(days=1), decree=land.decree, by=land.organiser)
    assert not allowed_at(land.hamlet.pk, TODAY + timedelta(days=1))
    assert client.get(reverse("assignments:photo_policy", args=[land.sibling.pk])).status_code == 404
    client.force_login(make.commune_staff(land.commune))
    assert client.get(address).status_code in {403, 404}
