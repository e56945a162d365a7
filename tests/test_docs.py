"""The documents say what is there."""

import re
from io import StringIO

from django.conf import settings
from django.core.management import call_command, get_commands

README = (settings.HOME / "README.md").read_text(encoding="utf-8")


def test_the_data_dictionary_is_that_of_the_models():
    printed = StringIO()
    call_command("data_dictionary", stdout=printed)
    kept = (settings.HOME / "docs" / "data-dictionary.md").read_text(encoding="utf-8")
    assert printed.getvalue() == kept, "manage.py data_dictionary > docs/data-dictionary.md"


def test_every_place_the_readme_names_exists():
    named = {
        path
        for path in re.findall(r"`([a-z_]+/[\w./-]*)`", README)
        if path.split("/")[0]
        in {"portal", "assignments", "reports", "docs", "templates", "static", "tests", "seeds"}
    }
    assert len(named) > 20
    assert [path for path in sorted(named) if not (settings.HOME / path).exists()] == []


def test_every_picture_and_document_the_readme_links_exists():
    linked = re.findall(r"\]\(([^)#:]+)\)", README)
    assert linked
    assert [path for path in linked if not (settings.HOME / path).exists()] == []


def test_every_picture_of_the_documents_exists_tells_what_it_shows_and_is_small():
    """Read over a phone's connection, those of a day in the field above all."""
    docs = settings.HOME / "docs"
    field = re.findall(
        r'<img src="([^"]+)" width="\d+" alt="([^"]*)">', (docs / "field.md").read_text(encoding="utf-8")
    )
    assert 1 < len(field) <= 8
    for path, told in field:
        assert (docs / path).stat().st_size <= 80_000, path
        assert len(told) > 20, path
    taken = set(
        re.findall(
            r'take\("(field-\w+)"', (settings.HOME / "tests" / "screenshots.py").read_text(encoding="utf-8")
        )
    )
    assert {f"screenshots/{name}-390.png" for name in taken} == {path for path, _told in field}


def test_every_command_the_readme_names_exists():
    named = set(re.findall(r"`manage\.py ([a-z_]+)", README)) | {"load_grading"}
    assert named <= set(get_commands())
