"""Writes the layouts of papers into a directory, for an office that wants to make them its own."""

import shutil
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal.documents.templates import BUILT_IN
from portal.documents.word_layouts import write_layouts


class Command(BaseCommand):
    help = "Write the built-in layouts of papers into a directory; files that are there already stay."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path)
        parser.add_argument("--rebuild", action="store_true", help="make the built-in Word layouts anew")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["rebuild"]:
            write_layouts(BUILT_IN)
        folder: Path = options["folder"]
        if folder.is_file():
            raise CommandError(f"{folder} is a file, not a directory.")
        folder.mkdir(parents=True, exist_ok=True)
        for source in sorted(BUILT_IN.iterdir()):
            target = folder / source.name
            if target.exists():
                self.stdout.write(f"kept    {target}")
            else:
                shutil.copyfile(source, target)
                self.stdout.write(f"written {target}")
