"""Files spoilt in every way: none of them breaks the engine, and none is taken in by half.

FUZZ_FILES says how many (`make fuzz` tries 10,000), FUZZ_SEED from which number they are made. A failure names the
file's own number: `make fuzz SEED=1:17 ARGS=tests/test_fuzz.py` tries that file alone.
"""

import io
import os
import traceback
from random import Random

import pytest
from django.db import transaction

from portal.actions.deed import RuleBroken
from portal.actions.system import system_user
from portal.imports import engine, reading
from portal.models import ImportState, RowFate
from tests.fuzz.mutations import Spoilt, secret_text, spoilt
from tests.fuzz.seeds import XLS_ROWS, World, as_xls, world
from tests.fuzz.watch import (
    Broken,
    Seen,
    Tables,
    hold,
    hold_no_secret,
    hold_preview,
    hold_saved,
    tables,
    taken_in,
)

pytestmark = [pytest.mark.django_db, pytest.mark.fuzz]

FILES = int(os.environ.get("FUZZ_FILES", "300"))
SEED, _, ONLY = os.environ.get("FUZZ_SEED", "1").partition(":")
MOST_TOLD = 10


def tried(file: Spoilt, random: Random, there: World, before: Tables, monkeypatch: pytest.MonkeyPatch) -> str:
    """The way of one file through the engine; what it came to."""
    seen = Seen()
    monkeypatch.setattr(reading, "open_workbook", seen.opened)
    by = system_user() if random.random() < 0.3 else there.by[file.read_as]
    name = "Danh sách.xlsx" if random.random() < 0.9 else f"DS {secret_text(random)} \udc80\x00.xlsx"
    run = taken_in(file.read_as, io.BytesIO(file.content), name, by)
    if run is None:
        hold(tables() == before, "something was written while columns were asked for")
        return "asking"
    hold_preview(run, seen, before)
    if run.state == ImportState.FAILED:
        return "failed"
    if run.counts[RowFate.REFUSED]:
        with pytest.raises(RuleBroken):
            engine.save(run=run, good_only=False, consent=True, at_once=True)
        hold(tables() == before, "refused rows were saved")
    engine.save(run=run, good_only=True, consent=True, at_once=True)
    hold_saved(run, before)
    return "saved"


def test_no_spoilt_file_breaks_anything_or_is_taken_in_by_half(monkeypatch):
    there, ended, broken = world(), dict.fromkeys(("failed", "asking", "saved"), 0), []
    system_user()
    before = tables()
    for number in [int(ONLY)] if ONLY else range(FILES):
        random = Random(f"{SEED}:{number}")
        file = spoilt(random, there.lists)
        try:
            with transaction.atomic():
                ended[tried(file, random, there, before, monkeypatch)] += 1
                transaction.set_rollback(True)
        except Exception:  # Whatever it is, the file's number has to be told.
            again = f"make fuzz SEED={SEED}:{number} ARGS=tests/test_fuzz.py"
            told = f"{again} ({file.kind} as {file.read_as}, {file.form}: {file.told})"
            broken.append(f"{told}\n{traceback.format_exc(limit=-4)}")
            if len(broken) == MOST_TOLD:
                break
    assert not broken, "\n\n".join(broken)
    # The files are spoilt so that many, but by far not all, can still be read.
    assert ONLY or min(ended["failed"], ended["saved"]) > FILES // 10


def test_a_list_too_long_for_an_old_workbook_is_written_as_far_as_it_goes():
    """Repeated often enough a list of five rows outgrows .xls, as it did among 10,000."""
    assert as_xls([["a"]] * (XLS_ROWS + 1), "Ấp", [])


def test_a_key_drawn_at_random_is_no_identity_number_and_one_beside_it_is():
    key = '"f7d3722616984a99981414449fb26059"'
    hold_no_secret(f"[{key}]")
    with pytest.raises(Broken):
        hold_no_secret(f'[{key}, "099981414449"]')
