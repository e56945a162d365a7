"""`manage.py year_end --year Y --under CODE --out FILE.xlsx`: the year-end summary of a place as a workbook."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from portal.places import by_code
from reports.exports import write_year_end
from reports.graded_periods import GradedPeriod
from reports.models import Round
from reports.standing import cap_of, end_of, scheme_of, summary, table_of


class Command(BaseCommand):
    help = "Write the year-end summary of a place; CODE is the code in force on 31 December of the year."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--year", type=int, required=True)
        parser.add_argument("--under", required=True, metavar="CODE")
        parser.add_argument("--out", required=True, type=Path, metavar="FILE.xlsx")
        parser.add_argument("--json", action="store_true", help="print one JSON document")

    def handle(self, *, year: int, under: str, out: Path, json: bool, **options: Any) -> None:
        if not 2000 <= year <= 2100:
            raise CommandError(_("The year %(year)s is not a year of the portal.") % {"year": year})
        period = GradedPeriod(year)
        span = by_code(under, end_of(year))
        if span is None:
            raise CommandError(
                _("No place bears the code %(code)s on 31/12/%(year)s.") % {"code": under, "year": year}
            )
        locked = Round.objects.of(period).filter(place=span.place).first()
        table = table_of(locked) if locked else summary(span.place_id, period)
        scheme = scheme_of(year)
        if not out.parent.is_dir():
            raise CommandError(_("The folder of %(file)s does not exist.") % {"file": out})
        write_year_end(
            str(out), table=table, cap=cap_of(scheme, period) if scheme else None, user="manage.py year_end"
        )
        self.stdout.write(told(table, out, json))


def told(table: dict[str, Any], out: Path, as_json: bool) -> str:
    families = {row["family"]: row["counts"] for row in table["families"]}
    if as_json:
        return json.dumps(
            {"year": table["year"], "place": table["place"], "file": str(out), "families": families},
            ensure_ascii=False,
        )
    return _("%(place)s, %(year)s: %(n)s organisations written to %(file)s") % {
        **table,
        "n": len(table["lines"]),
        "file": out,
    }
