"""The people and places around one hamlet, for the tests of the pages of visits."""

import uuid

from django.urls import reverse

from assignments.topics import VisitKind
from portal.roles import Role
from tests import make

NEW = reverse("assignments:visit_new")
LIST = reverse("assignments:visits")


class Scene:
    """A hamlet followed by a cadre, with the people around."""

    def __init__(self) -> None:
        self.land = make.land()
        self.cadre = make.following_cadre(self.land.hamlet, self.land.commune, "canbo-mau")
        self.colleague = make.following_cadre(self.land.groups[0], self.land.commune)
        self.staff = make.commune_staff(self.land.commune)
        self.leader = make.person(Role.VIEWER, self.land.province)
        self.stranger = make.following_cadre(self.land.sibling_hamlet, self.land.sibling)
        self.duty, self.internal = make.duties()

    def posted(self, **changes):
        return {
            "uuid": str(uuid.uuid4()),
            "place": self.land.hamlet.pk,
            "day": make.today().strftime("%d/%m/%Y"),
            "kind": VisitKind.CELL_MEETING.value,
            "author": self.cadre.pk,
            "attendance": "attended",
            **changes,
        }


def page(client, user, url):
    client.force_login(user)
    response = client.get(url)
    assert response.status_code == 200, (url, response.status_code)
    return response.content.decode()


def send(client, user, posted, url=NEW):
    client.force_login(user)
    return client.post(url, posted)
