"""`python -m seeds.articles FOLDER` writes the sheets, numbered in the order in which they are imported."""

import csv
import sys
from pathlib import Path

from seeds.articles.figures import sheets


def write(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for number, sheet in enumerate(sheets(), 1):
        name = f"{number:02}-{sheet.article}-{sheet.kind}.csv"
        with (folder / name).open("w", encoding="utf-8-sig", newline="") as file:
            csv.writer(file).writerows([sheet.head, *sheet.rows])


if __name__ == "__main__":
    write(Path(sys.argv[1]))
