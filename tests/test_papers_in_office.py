"""Every Word file the portal makes is opened by LibreOffice. It is nobody's need but a look's: CI does without."""

import os
import subprocess

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from portal.models import User
from reports.documents.written import cell
from reports.paper_kinds import TERMS, Layout, PaperKind
from tests.missing import OFFICE, needs_office
from tests.test_demo import load
from tests.test_papers import content

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.xdist_group("demo"),
    needs_office,
]
SIGN_INS = {PaperKind.VISIT_BOOK: "canbo", PaperKind.COMMENDED: "tochuc", PaperKind.URGING: "tochuc"}
STAFF = "xa"


@pytest.fixture(scope="module")
def demonstration(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        load()
        yield
        transaction.set_rollback(True)


def drawn(kind, layout):
    """A draft of the demonstration as Word, with what the form proposes."""
    client = Client()
    user = User.objects.get(username=SIGN_INS.get(kind, STAFF))
    client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    url = f"{reverse('reports:paper', args=[kind.value])}?layout={layout}"
    page = client.get(url)
    form = page.context["form"]
    told = {name: form[name].value() or "" for name in form.fields} | {"purpose": "report", "format": "docx"}
    given = client.post(url, {**told, "issued_on": form.today.strftime("%d/%m/%Y")})
    assert given["Content-Type"].endswith("wordprocessingml.document"), kind
    return page.context["told"], content(given)


def test_libreoffice_opens_every_word_file_and_loses_nothing(demonstration, tmp_path):
    says = {}
    for kind in TERMS:
        for layout in Layout.values:
            written, made = drawn(kind, layout)
            (tmp_path / f"{kind.value}-{layout}.docx").write_bytes(made)
            cells = [cell(row[1]) for sheet in written.sheets for row in sheet.rows]
            says[f"{kind.value}-{layout}"] = [written.addressed or written.type, *cells]
    files = sorted(tmp_path.glob("*.docx"))
    subprocess.run(
        [OFFICE, "--headless", f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--convert-to", "pdf",
         "--outdir", str(tmp_path), *map(str, files)],
        check=True, capture_output=True, timeout=300, env={**os.environ, "HOME": str(tmp_path)},
    )  # fmt: skip
    for file in files:
        pages = [page.extract_text() for page in PdfReader(file.with_suffix(".pdf")).pages]
        text = "".join("".join(pages).split())
        missing = [words for words in says[file.stem] if "".join(words.split()) not in text]
        assert not missing, (file.stem, missing[:3])
        assert all(page.strip() for page in pages), file.stem
