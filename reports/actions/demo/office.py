"""What the office does with recommendations: two alike joined under one answer, one awaiting a direction."""

from datetime import timedelta

from assignments.actions.petition_aside import ask_direction
from assignments.actions.petition_bulk import record_petitions
from assignments.actions.petition_groups import join
from assignments.actions.petitions import answer
from assignments.topics import AnswerClass, PetitionState, Topic
from reports.actions.demo.bodies import ECONOMY
from reports.actions.demo.requests import HAMLET_OF_CANBO, Desk
from reports.actions.demo.scene import Scene
from reports.actions.demo.texts import ANSWER_TO_BOTH, BEYOND_COMPETENCE

S = PetitionState
# Also by the number of its hamlet: who leads, and whose request no body of the commune can solve.
LEADING, BEYOND = 5, 7
DRAINAGE = (Topic.ENVIRONMENT, "Kênh thoát nước chung của hai ấp bị bồi lắng, đề nghị nạo vét.")
ALIKE = (Topic.ENVIRONMENT, "Nước đọng dọc kênh thoát nước sau mưa lớn, đề nghị khơi thông.")
BRIDGE = (Topic.ROADS, "Đề nghị làm cầu qua kênh giáp ranh xã bên, hiện phải đi vòng bốn cây số.")


def join_and_ask(scene: Scene) -> None:
    desk, xa = Desk(scene), scene.accounts["xa"]
    hamlets = {hamlet.number: hamlet for hamlet in scene.home.hamlets}
    accepted = [(S.SUBMITTED, 16), (S.ACCEPTED, 14)]
    told = [
        desk.past(hamlets[LEADING], accepted, xa, ECONOMY, DRAINAGE),
        desk.past(hamlets[HAMLET_OF_CANBO], [(S.SUBMITTED, 11)], xa, ECONOMY, ALIKE),
        desk.past(hamlets[BEYOND], [(S.SUBMITTED, 6)], xa, ECONOMY, BRIDGE),
    ]
    leader, alike, beyond = record_petitions(petitions=told, by=scene.by)
    join(petition=leader, members=[alike], by=xa)
    answer(
        petition=leader,
        answer=AnswerClass.BEING_SOLVED,
        text=ANSWER_TO_BOTH,
        document="33/KT (mẫu)",
        promised=scene.today + timedelta(days=20),
        by=scene.accounts["coquan"],
    )
    assert scene.province_org is not None
    ask_direction(petition=beyond, committee=scene.province_org, reason=BEYOND_COMPETENCE, by=xa)
