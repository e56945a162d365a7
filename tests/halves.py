"""What CI asks by halves, one on each database, as the answer does not depend on the database.

HALF=1 or 2 takes that half; without it, as in `make test`, everything is asked.
"""

import os
from pathlib import Path

HALF = int(os.environ.get("HALF", "0"))
BROWSER = Path(__file__).with_name("browser")
# What a phone sends arrives in any order and more than once: here locks decide, and each database has its own.
ON_BOTH = {
    "test_many_visits_journey",
    "test_offline_journey",
    "test_offline_refusals",
    "test_visit_journey",
    "test_wiping_journey",
    "test_word_journey",
}


def browser_files(half: int) -> set[str]:
    """The names of the files of browser tests that belong to a half; 0 for all of them."""
    names = sorted(path.stem for path in BROWSER.glob("test_*.py"))
    parted = [name for name in names if name not in ON_BOTH]
    return {*names} if not half else {*parted[half - 1 :: 2], *ON_BOTH}
