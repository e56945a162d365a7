"""The pages of a cadre for eyes of sixty: 20 px on the smallest phone, and letters of twice the size elsewhere."""

import pytest

from assignments.actions import petitions
from tests import make
from tests.browser.test_visit_journey import Field
from tests.browser.ways import sign_in

pytestmark = pytest.mark.django_db(transaction=True)
WIDER = """() => {
  const wide = document.documentElement.clientWidth
  if (document.documentElement.scrollWidth <= wide) return []
  return [...document.querySelectorAll("body *")].filter((it) => it.getBoundingClientRect().right > wide + 1)
    .map((it) => it.outerHTML.slice(0, 120)).slice(-3)
}"""


# Letters of 20 px are those of 16 on a screen that much narrower: so does a browser whose text was made larger reckon.
@pytest.mark.parametrize("width, size", [(320, 20), (390, 32), (1280, 32)])
def test_no_page_of_a_cadre_has_to_be_moved_sideways(screens, live_server, width, size):
    field = Field()
    staff = make.commune_staff(field.land.commune)
    petition = petitions.raise_petition(
        place=field.land.hamlet, topic="roads", text="Cầu ván đầu ấp hư lan can, đề nghị sửa trước mùa mưa.",
        by=field.cadre.user, raised_by=field.cadre,
    )  # fmt: skip
    petitions.accept(petition=petition, agency=field.body, released="Cầu ván hư lan can", by=staff)
    petitions.answer(petition=petition, answer="solved", text="Đã thay lan can", document="1/CV", by=staff)
    visit = make.visit(field.cadre, field.land.hamlet)
    page = screens("phone")
    page.set_viewport_size({"width": width * 16 // size, "height": 800})
    sign_in(page, live_server.url)
    found = {}
    for path in (
        "/", "/di-co-so/moi/", "/di-co-so/nhieu/", f"/di-co-so/{visit.uuid}/", "/ngoai-tuyen/", "/lich/",
        "/kien-nghi/", "/kien-nghi/moi/", "/kien-nghi/moi/?complaint=no", f"/kien-nghi/{petition.uuid}/",
        f"/kien-nghi/{petition.uuid}/tra-loi-cho-dan/", "/bao-nhanh/moi/", "/truyen-dat/", "/di-co-so/",
        "/ca-nhan/", "/tro-giup/",
    ):  # fmt: skip
        page.goto(live_server.url + path)
        if wider := page.evaluate(WIDER):
            found[path] = wider
    assert not found
