"""Make the first steward on an empty database: the one account that nobody could have granted."""

import json
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone

from portal.actions import accounts
from portal.actions.deed import RuleBroken
from portal.actions.system import system_user
from portal.models import Grant
from portal.places import by_code
from portal.roles import Role


class Command(BaseCommand):
    help = "Open the first steward's account and print its one-time password, once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username", metavar="USERNAME")
        parser.add_argument(
            "--full-name", default="", help="the steward's name; the user name where not given"
        )
        parser.add_argument("--json", action="store_true", help="print {username, password}")

    def handle(self, *args: Any, **options: Any) -> None:
        today = timezone.localdate()
        if Grant.objects.current(today).filter(role=Role.STEWARD, user__is_active=True).exists():
            raise CommandError("There is already a steward, who opens further accounts on the page Accounts.")
        province = by_code(settings.PROVINCE_CODE, today)
        if province is None:
            raise CommandError(
                f"No place has the code {settings.PROVINCE_CODE} today. Run `manage.py load_territory` first."
            )
        by = system_user()
        try:
            with transaction.atomic():
                user = accounts.open_account(
                    username=options["username"], full_name=options["full_name"] or options["username"], by=by
                )
                accounts.grant(user=user, role=Role.STEWARD, anchor=province.place, since=today, by=by)
                password = accounts.issue_slip(user=user, by=by)
        except RuleBroken as broken:
            raise CommandError(" ".join(broken.messages)) from broken
        if options["json"]:
            self.stdout.write(json.dumps({"username": user.username, "password": password}))
        else:
            self.stdout.write(f"User name: {user.username}\nOne-time password: {password}")
