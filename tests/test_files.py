"""The files around the code: vendored parts, templates, what may not be named, and the catalogue."""

import hashlib
import json
import re
import shutil
import subprocess
import sys
from gettext import GNUTranslations
from pathlib import Path

import pytest

from tests.missing import missing
from tests.source import FLOORS, HOME, project_files

VENDOR = HOME / "static" / "vendor"
MANIFEST = json.loads((VENDOR / "manifest.json").read_text())
CATALOGUE = HOME / "locale" / "vi" / "LC_MESSAGES" / "django.po"


def test_every_vendored_file_is_the_one_its_manifest_names() -> None:
    for entry in MANIFEST:
        assert entry["name"] and entry["version"] and entry["licence"], entry
        content = (VENDOR / entry["file"]).read_bytes()
        assert hashlib.sha256(content).hexdigest() == entry["sha256"], f"{entry['file']} was changed"
        assert (VENDOR / entry["licence_file"]).is_file(), f"{entry['file']} lacks its licence"


def test_nothing_is_vendored_without_a_line_in_the_manifest() -> None:
    named = (
        {entry["file"] for entry in MANIFEST}
        | {entry["licence_file"] for entry in MANIFEST}
        | {"manifest.json"}
    )
    assert {str(path.relative_to(VENDOR)) for path in VENDOR.rglob("*") if path.is_file()} == named


def test_every_vendored_name_stands_in_the_notice() -> None:
    notice = (HOME / "NOTICE").read_text()
    assert [entry["name"] for entry in MANIFEST if entry["name"] not in notice] == []


# Paths of whoever's machine this is, hosts of package registries, and numbers of a tracker. None is spelt out here.
MINE = sorted({str(HOME), str(HOME.parent), str(Path.home())} - {"/", "/tmp", "/home", "/srv", "/var"})
FOREIGN = re.compile(
    "|".join([*(rf"{re.escape(path)}/" for path in MINE), r"/simple/|/packages/[0-9a-f]{2}/", r"\bissue #\d"])
)


def test_the_project_speaks_of_itself_alone() -> None:
    found = []
    for path in project_files():
        if (
            path.name == "test_files.py"
            or path.suffix in {".png", ".mo", ".xlsx", ".woff2"}
            or VENDOR in path.parents
        ):
            continue
        for number, line in enumerate(path.read_text(errors="replace").splitlines(), 1):
            if FOREIGN.search(line):
                found.append(f"{path.relative_to(HOME)}:{number} {line.strip()[:100]}")
    assert not found, "\n" + "\n".join(found)


INLINE = re.compile(
    r"\sstyle\s*=|<style\b|\son[a-z]+\s*=\s*[\"']|<script(?![^>]*\bsrc=)|javascript:", re.IGNORECASE
)


def test_no_template_holds_what_the_content_policy_blocks() -> None:
    found = []
    for path in project_files():
        if path.suffix in {".html", ".svg"} and VENDOR not in path.parents:
            for number, line in enumerate(path.read_text().splitlines(), 1):
                if INLINE.search(line):
                    found.append(f"{path.relative_to(HOME)}:{number} {line.strip()[:100]}")
    assert not found, "\n" + "\n".join(found)


def test_no_button_that_stays_in_sight_lies_under_the_navigation_of_a_phone() -> None:
    """Both stick to the lower edge; a page of class gd-task leaves the navigation out there."""
    pages = [path for path in project_files() if path.suffix == ".html" and "templates" in path.parts]
    sticky = [path for path in pages if 'class="gd-save' in path.read_text()]
    assert len(sticky) > 5
    assert [path.name for path in sticky if "{% block body_class %}gd-task" not in path.read_text()] == []


def test_nothing_is_marked_safe_without_being_escaped() -> None:
    """Text from the database goes through the templates' own escaping; `format_html` escapes its arguments."""
    found = []
    for path in project_files():
        if path.parts[len(HOME.parts)] in {*FLOORS, "templates"} and path.suffix in {".html", ".py"}:
            for number, line in enumerate(path.read_text().splitlines(), 1):
                if re.search(r"\|\s*safe\b|autoescape off|mark_safe\(f|\.extra\(", line):
                    found.append(f"{path.relative_to(HOME)}:{number} {line.strip()[:100]}")
    assert not found, "\n" + "\n".join(found)


@pytest.fixture
def gathered(tmp_path: Path) -> Path:
    """The catalogue as gettext would write it today, made from a copy: the project itself is not touched."""
    for program in ("xgettext", "msgmerge", "msgattrib", "msgfmt"):
        if not shutil.which(program):
            missing(f"gettext ({program})")
    for path in project_files():
        part = path.relative_to(HOME)
        if part.parts[0] in {*FLOORS, "templates", "locale", "manage.py"}:
            (tmp_path / part).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, tmp_path / part)
    done = subprocess.run(
        [sys.executable, "manage.py", "makemessages", "-l", "vi", "--no-location"],
        cwd=tmp_path, check=False, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-600:]
    return tmp_path / CATALOGUE.relative_to(HOME)


def chosen(catalogue: Path, which: str) -> list[str]:
    listed = subprocess.run(
        ["msgattrib", which, "--no-obsolete", "--no-wrap", catalogue],
        check=True,
        capture_output=True,
        text=True,
    )
    return [
        line
        for line in listed.stdout.splitlines()
        if line.startswith(("msgid ", "msgctxt ")) and line != 'msgid ""'
    ]


def test_every_message_has_its_vietnamese(gathered: Path) -> None:
    assert chosen(gathered, "--untranslated") + chosen(gathered, "--only-fuzzy") == []


def test_the_compiled_catalogue_is_that_of_the_source(tmp_path: Path) -> None:
    """The compiled file is committed, so that nobody needs gettext to run the portal."""
    if not shutil.which("msgfmt"):
        missing("gettext (msgfmt)")
    fresh = tmp_path / "django.mo"
    subprocess.run(["msgfmt", "--check-format", "-o", fresh, CATALOGUE], check=True, capture_output=True)
    committed = CATALOGUE.with_suffix(".mo")
    assert messages(committed) == messages(fresh)


def messages(compiled: Path) -> dict:
    with compiled.open("rb") as opened:
        return {key: text for key, text in GNUTranslations(opened)._catalog.items() if key}
