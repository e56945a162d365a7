"""Word that goes down and word that comes up: points to pass on, told in a few hamlets, and two urgent words."""

from datetime import timedelta
from uuid import UUID

from assignments.actions.points import issue_point
from assignments.actions.urgent import reply_urgent, see_urgent, send_urgent
from assignments.actions.visits import log_visit
from assignments.models import Point
from assignments.topics import Audience, VisitKind
from portal.places import by_code
from reports.actions.demo.followers import Followers
from reports.actions.demo.requests import HAMLET_OF_CANBO
from reports.actions.demo.scene import REFORM, Scene
from reports.actions.demo.this_week import groups_of_canbo

KEY = UUID("00000000-0000-4000-8000-000000002000")
# Hamlets that have heard it, by their numbers.
TOLD_IN = (1, 2, 4, 6)
SALT = "Mặn lên sớm: tích nước ngọt trước ngày 15, kiểm tra nắp cống và bờ bao của tổ."
CELLS = "Chi bộ bàn việc đăng ký chuyên đề của năm sau trong kỳ sinh hoạt tới."


def send_word(scene: Scene) -> None:
    province = by_code("86", REFORM)
    assert province is not None
    xa, tochuc, until = scene.accounts["xa"], scene.accounts["tochuc"], scene.today + timedelta(days=30)
    salt = issue_point(
        place=scene.home.place,
        text=SALT,
        audience=Audience.HAMLETS,
        until=until,
        document="27/TB (mẫu)",
        by=xa,
    )
    issue_point(
        place=province.place,
        text=CELLS,
        audience=Audience.CELLS,
        until=until,
        document="14/HD (mẫu)",
        by=tochuc,
    )
    _tell(scene, salt)
    _send_urgent(scene)


def _tell(scene: Scene, point: Point) -> None:
    followers = Followers(scene.assignments)
    for hamlet in scene.home.hamlets:
        if hamlet.number in TOLD_IN:
            row = followers.of_place(hamlet.place.pk, scene.today)[0]
            log_visit(
                uuid=UUID(int=KEY.int + hamlet.number), day=scene.today, kind=VisitKind.FIELD_CHECK,
                place=hamlet.place, persons=[(row.cadre,)], points=[point], nothing_new=True,
                by=scene.accounts["xa"],
            )  # fmt: skip


def _send_urgent(scene: Scene) -> None:
    """One answered; the other has been opened by nobody yet."""
    hamlet = next(one for one in scene.home.hamlets if one.number == HAMLET_OF_CANBO)
    groups, canbo = groups_of_canbo(scene, hamlet), scene.accounts["canbo"]
    answered = send_urgent(
        uuid=UUID(int=KEY.int + 100),
        place=groups[0],
        what="Cống đầu kênh bị kẹt, nước mặn đang tràn vào.",
        where="Cống số 2, đầu kênh nội đồng của tổ.",
        needed="Cần người có dụng cụ kéo cửa cống trong chiều nay.",
        by=canbo,
    )
    reader = answered.reader or scene.accounts["xa"]
    see_urgent(word=answered, by=reader)
    reply_urgent(word=answered, text="Đã báo trạm thủy nông, 15 giờ có người xuống cống.", by=reader)
    send_urgent(
        uuid=UUID(int=KEY.int + 101),
        place=groups[1],
        what="Cây đổ chắn đường liên tổ, xe không qua được.",
        where="Trước nhà văn hóa ấp.",
        needed="Cần cưa máy và hai người dọn đường.",
        by=canbo,
    )
