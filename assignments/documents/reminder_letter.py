"""The letter that reminds a body of late answers (công văn đôn đốc), laid out by Nghị định 30/2020/NĐ-CP.

By code, topic and days alone: no text of a request, no resident and no place below the commune. What only the office
knows (its number, who signs) is left for the office.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from assignments.models import Petition
from portal.dates import in_figures, on_paper
from portal.documents.word import document


def reminder_letter(
    rows: Sequence[tuple[Petition, date | None, int]], *, agency: str, seat: str, today: date, number: int
) -> bytes:
    """Rows: a recommendation, the day on which the body got it, how many working days it is late."""
    return document(
        "documents/reminder_letter.xml",
        {
            "superior": "[TÊN CƠ QUAN CHỦ QUẢN]",
            "issuer": "[TÊN CƠ QUAN BAN HÀNH]",
            "issuer_again": "[Tên cơ quan ban hành]",
            "seat": seat or "[Địa danh]",
            "day": on_paper(today),
            "agency": agency,
            "number": number,
            "rows": [_row(*row) for row in rows],
        },
    )


def _row(petition: Petition, accepted: date | None, late: int) -> dict[str, Any]:
    return {
        "code": str(petition),
        "topic": petition.get_topic_display(),
        "accepted": in_figures(accepted),
        "due": in_figures(petition.due),
        "late": late,
    }
