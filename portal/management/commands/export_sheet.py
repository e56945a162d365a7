"""Writes what is in the portal as a sheet that can be imported again: the same lists as the page offers."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import override

from portal.actions.deed import RuleBroken
from portal.actions.looks import download_list
from portal.exports.listings import write_listing
from portal.exports.tables import Footer
from portal.forms.purposes import Purpose
from portal.imports.kinds import SheetKind, all_kinds, kind_named
from portal.imports.scope import Scope
from portal.management.commands.import_sheet import scope_asked


class Command(BaseCommand):
    help = (
        "Writes what holds on a day as an .xlsx of one kind, in the layout of its form; imported back it changes "
        "nothing. Only what the account could import is in it. Households are written for one commune (--under). "
        "Names of people are left out unless --names is given; heads of households are only for an account of the "
        "commune's staff. Every list is written to the audit book."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        kinds = [name for name, kind in all_kinds().items() if kind.has_listing]
        parser.add_argument("kind", choices=kinds, metavar="KIND", help=", ".join(kinds))
        parser.add_argument("--out", type=Path, required=True, metavar="FILE", help="the workbook to write")
        parser.add_argument("--under", metavar="CODE", help="the commune, by its code on the day of the list")
        parser.add_argument("--on", dest="since", metavar="DATE", help="the day, as 2026-01-05 (today)")
        parser.add_argument(
            "--by",
            metavar="USERNAME",
            help="in whose name and reach; otherwise the portal's own, with every place",
        )
        parser.add_argument("--names", action="store_true", help="with names and telephones of people")
        parser.add_argument(
            "--purpose", choices=Purpose.values, default=Purpose.REPORT, metavar="PURPOSE",
            help=f"what it is for, printed in the footer and kept in the audit book: {', '.join(Purpose.values)}",
        )  # fmt: skip
        parser.add_argument("--json", action="store_true", help="print the answer as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        kind, scope = kind_named(options["kind"]), scope_asked({**options, "decree": ""})
        if not scope.may(kind.permission):
            raise CommandError(f"{scope.by} may not import lists of this kind, and so may not take one.")
        rows = _written(kind, scope, options)
        answer = {"kind": kind.name, "rows": rows, "file": str(options["out"])}
        self.stdout.write(
            json.dumps(answer, ensure_ascii=False) if options["json"] else f"{rows} rows in {options['out']}"
        )


def _written(kind: SheetKind, scope: Scope, options: dict[str, Any]) -> int:
    """The file appears whole or not at all."""
    purpose, out = Purpose(options["purpose"]), options["out"]
    unfinished = out.with_name(f"{out.name}.tmp")
    try:
        with override(settings.LANGUAGE_CODE), unfinished.open("wb") as file:
            footer = Footer(str(purpose.label), str(scope.by), timezone.now())
            rows = write_listing(
                file, kind=kind, scope=scope, footer=footer, demo=settings.DEMO, with_names=options["names"]
            )
            download_list(
                what=f"sheet:{kind.name}",
                purpose=purpose,
                rows=rows,
                with_names=kind.tells_names(asked_for=options["names"]),
                place_id=scope.place.pk if scope.place else None,
                by=scope.by,
            )
        unfinished.replace(out)
    except OSError as wrong:
        raise CommandError(f"{out} cannot be written: {wrong.strerror}.") from wrong
    except RuleBroken as broken:
        raise CommandError(" ".join(broken.messages)) from broken
    finally:
        unfinished.unlink(missing_ok=True)
    return rows
