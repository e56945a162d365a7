"""Fills an empty database with the demonstration. Run again, it changes nothing; `--fresh` empties and fills anew."""

import time
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from portal.actions.system import system_user
from portal.demonstration import ACCOUNTS, demo_password
from portal.lookup import SYSTEM_USERNAME
from portal.models import User
from reports.actions.demo.at_scale import tell_province
from reports.actions.demo.story import tell_demo

RULES = [("Territory", "load_territory"), ("Rules", "load_rules"), ("Regulations of grading", "load_grading")]


class Command(BaseCommand):
    help = "Loads the demonstration: the real territory, and invented hamlets, people, visits and requests in it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--fresh", action="store_true", help="empty the database first")
        parser.add_argument(
            "--size", choices=["commune", "province"], default="commune", help="province: at its real size"
        )
        parser.add_argument("--visits", type=int, default=500_000, help="with --size province")

    def handle(self, *, fresh: bool, size: str, visits: int, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("The demonstration is loaded with DEMO=1 only, into a database of its own.")
        if fresh:
            self.tell("Emptying the database")
            call_command("flush", interactive=False, verbosity=0)
        elif User.objects.filter(is_demo=True).exists():
            self.tell("The demonstration is there already (manage.py demo --fresh makes it anew)")
            self.tell_sign_ins()
            return
        elif User.objects.exclude(username=SYSTEM_USERNAME).exists():
            raise CommandError(
                "This database holds accounts of its own. The demonstration needs an empty one."
            )
        began = time.monotonic()
        for name, command in RULES:
            self.tell(name)
            call_command(command, stdout=self.stderr if options["verbosity"] > 1 else _Nowhere())
        today, by = timezone.localdate(), system_user()
        if size == "province":
            tell_province(visits=visits, today=today, tell=self.tell, by=by)
        else:
            tell_demo(today=today, tell=self.tell, by=by)
        self.tell(f"Loaded in {time.monotonic() - began:.0f} s")

    def tell_sign_ins(self) -> None:
        self.tell("Accounts to sign in with:")
        for account in ACCOUNTS:
            told = f"{account.role}: {account.purpose}"
            self.tell(f"  {account.username:12} {demo_password(account.username):20} {told}")

    def tell(self, step: str) -> None:
        self.stdout.write(f"  {step}")
        self.stdout.flush()


class _Nowhere:
    def write(self, text: str) -> None:
        """What the loading commands say is for those who call them by themselves."""
