"""Run the measurements: `python -m tests.bench [WORD ...] [--out bench.json]`, all or those whose name has a word.

The database is that of DATABASE_URL, else var/bench.sqlite3: never the one people work in.
"""

import argparse
import importlib
import os
import pkgutil
import sys
from pathlib import Path

import django

HOME = Path(__file__).resolve().parent.parent.parent


def set_up() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    os.environ.setdefault("DATABASE_URL", f"sqlite:///{HOME / 'var' / 'bench.sqlite3'}")
    os.environ["DEMO"] = "1"
    (HOME / "var").mkdir(exist_ok=True)
    django.setup()


def main() -> int:
    parser = argparse.ArgumentParser(prog="make bench")
    parser.add_argument(
        "words", nargs="*", help="run only the measurements whose file name has one of these words"
    )
    parser.add_argument("--out", type=Path, help="write the JSON here as well")
    chosen = parser.parse_args()
    set_up()
    measure = importlib.import_module("tests.bench.measure")
    cases = importlib.import_module("tests.bench.cases")
    figures = []
    for found in sorted(pkgutil.iter_modules(cases.__path__), key=lambda found: found.name):
        if chosen.words and not any(word in found.name for word in chosen.words):
            continue
        print(f"measuring {found.name} ...", file=sys.stderr, flush=True)
        figures += list(importlib.import_module(f"tests.bench.cases.{found.name}").figures())
    document = measure.as_json(figures)
    print(document)
    print(measure.as_table(figures), file=sys.stderr)
    if chosen.out:
        chosen.out.write_text(document + "\n")
    return 0 if figures else 1


if __name__ == "__main__":
    sys.exit(main())
