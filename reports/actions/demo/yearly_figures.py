"""Figures, work items, a session and good models of the demonstration: of invented cells and hamlets only."""

from datetime import date

from assignments.actions.facts import FactEntry, record_facts
from assignments.actions.work import (
    ItemEntry,
    ModelEntry,
    ProgressEntry,
    SessionEntry,
    record_models,
    record_progress,
    record_sessions,
    register_items,
)
from assignments.fact_words import Sector, WorkState
from assignments.facts import day_of, kinds_on
from portal.dates import next_month
from reports.actions.demo.scene import Hamlet, Scene

WORK = [
    ("Bê tông hóa 1 km đường ấp (mẫu)", Sector.COUNTRYSIDE, WorkState.ON_TIME, 60),
    ("Trồng hoa hai bên đường ấp (mẫu)", Sector.SOCIETY, WorkState.ABOVE, 120),
    ("Vận động hộ phân loại rác tại nhà (mẫu)", Sector.MASS, WorkState.LATE, 30),
]
# By the code of the catalogue: what each third cell answers.
FIGURES = {
    "MEETING_PLACE": (1, 1, 0),
    "SECRETARY_HEAD": (1, 0, 1),
    "DEPUTY_FRONT": (0, 1, 1),
    "WORKING_RULES": (1, 1, 1),
    "TRAINED": (1, 0, 1),
    "THEMATIC": (4, 3, 4),
    "SOURCE": (3, 6, 7),
    "ADMITTED": (1, 2, 0),
    "COMMITTED": (20, 22, 24),
    "REVIEWED": (20, 19, 24),
}


def tell_figures(scene: Scene) -> None:
    hamlets = [hamlet for hamlet in scene.home.hamlets if hamlet.cell]
    _facts(scene, hamlets)
    _work(scene, hamlets[:6])
    day = min(date(scene.today.year, 1, 15), scene.today)
    sessions = [
        SessionEntry("Nghị quyết Đại hội (mẫu)", day, 1, 30 + number, org_id=hamlet.cell.pk)
        for number, hamlet in enumerate(hamlets[:4])
        if hamlet.cell
    ]
    record_sessions(entries=sessions, by=scene.by)
    models = [
        ModelEntry(hamlet.place.pk, f"Dân vận khéo mẫu {number}", Sector.MASS, day)
        for number, hamlet in enumerate(hamlets[:3], 1)
    ]
    record_models(entries=models, by=scene.by)


def _facts(scene: Scene, hamlets: list[Hamlet]) -> None:
    # The reform made the cells those of the commune of today; before its year they lay elsewhere.
    for year in range(2025, scene.today.year + 1):
        kinds = {kind.code: kind for kind in kinds_on(day_of(year))}
        entries = [
            FactEntry(hamlet.cell.pk, kinds[code], year, values[number % 3], source="Số liệu mẫu")
            for number, hamlet in enumerate(hamlets)
            if hamlet.cell
            for code, values in FIGURES.items()
            if code in kinds
        ]
        record_facts(entries=entries, by=scene.by)


def _work(scene: Scene, hamlets: list[Hamlet]) -> None:
    year = scene.today.year
    entries = [
        ItemEntry(year=year, text=text, sector=sector, org_id=hamlet.cell.pk)
        for hamlet in hamlets
        if hamlet.cell
        for text, sector, _state, _percent in WORK
    ]
    made = register_items(entries=entries, by=scene.by)
    month = max(next_month(scene.today, -1), date(year, 1, 1))
    states = {text: (state, percent) for text, _sector, state, percent in WORK}
    progress = [
        ProgressEntry(one.pk, month, states[one.text][0], states[one.text][1])
        for number, one in enumerate(made)
        # One in seven reports nothing, as happens.
        if number % 7
    ]
    record_progress(entries=progress, by=scene.by)
