"""What the measurements stand on: an up-to-date database with the territory, made once and used again."""

import sys

from django.core.management import call_command

from portal.models import Place


def territory() -> None:
    call_command("migrate", verbosity=0)
    if not Place.objects.exists():
        # Standard output is for the figures alone.
        call_command("load_territory", verbosity=0, stdout=sys.stderr)
