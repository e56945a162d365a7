"""Take the pictures of docs/field.md: a cadre's day on a phone, out of the demonstration. `make screenshots`.

The database is made anew in a folder that is thrown away, so that every picture shows the demonstration of its day.
"""

import importlib
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from http.client import HTTPConnection
from io import BytesIO
from pathlib import Path

import django
from django.core.management import call_command
from PIL import Image
from playwright.sync_api import Page, sync_playwright

from tests.missing import chromium

HOME = Path(__file__).resolve().parent.parent
PICTURES = HOME / "docs" / "screenshots"
WIDTH, HEIGHT = 390, 844
CADRE, WAITING_SECONDS = "canbo", 60
# Of a page of paper, ink and one green so many are enough.
COLOURS, LARGEST = 64, 80_000
Take = Callable[[str, int], None]


def main() -> int:
    browsed_with = chromium()
    if browsed_with is None:
        print("Chromium is needed: apt install chromium", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory() as folder:
        os.environ.update(
            DEMO="1",
            DATABASE_URL=f"sqlite:///{folder}/screenshots.sqlite3",
            DJANGO_SETTINGS_MODULE="portal.settings",
        )
        django.setup()
        call_command("migrate", verbosity=0)
        call_command("demo")
        answered = answered_request()
        with served() as address, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=str(browsed_with), args=["--no-sandbox"])
            context = browser.new_context(
                base_url=address,
                viewport={"width": WIDTH, "height": HEIGHT},
                locale="vi-VN",
                timezone_id="Asia/Ho_Chi_Minh",
            )
            page = context.new_page()
            day(page, answered, partial(take_picture, page))
            browser.close()
    return 0


def answered_request() -> str:
    """The address of one of the cadre's own that is solved."""
    models = importlib.import_module("assignments.models")
    rows = models.Petition.objects.filter(raised_by__user__username=CADRE, state="answered", answer="solved")
    return f"/kien-nghi/{rows.order_by('pk')[0].uuid}/"


@contextmanager
def served() -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = subprocess.Popen(
        [sys.executable, "manage.py", "serve", "--port", str(port)], cwd=HOME, stdout=subprocess.DEVNULL
    )
    try:
        for _second in range(WAITING_SECONDS):
            if answers(port):
                break
            time.sleep(1)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait()


def answers(port: int) -> bool:
    try:
        connection = HTTPConnection("127.0.0.1", port, timeout=2)
        connection.request("GET", "/dang-nhap/")
        return connection.getresponse().status == 200
    except OSError:
        return False


def day(page: Page, answered: str, take: Take) -> None:
    page.goto("/dang-nhap/")
    page.fill("#id_username", CADRE)
    page.fill("#id_password", f"gan-dan-{CADRE}")
    page.locator("form:has(#id_password) button[type=submit]").click()
    page.wait_for_selector("html[data-offline=ready]", state="attached")
    take("field-home", 1000)
    page.get_by_role("heading", name="Việc cần thực hiện trong tháng").evaluate(
        "it => it.scrollIntoView({behavior: 'instant'})"
    )
    take("field-due", 1000)
    page.goto("/di-co-so/moi/")
    take("field-visit", 1300)
    page.context.set_offline(True)
    page.goto("/di-co-so/moi/")
    page.locator("summary", has_text="Kiến nghị 1").click()
    page.select_option("#id_request0-topic", "roads")
    page.fill("#id_request0-text", "Lan can cầu qua kênh gãy một đoạn (mẫu).")
    page.get_by_role("button", name="Giữ lại và gửi").click()
    page.get_by_text("Chờ gửi", exact=True).wait_for()
    page.evaluate("scrollTo(0, 0)")
    take("field-outbox", 900)
    page.context.set_offline(False)
    page.goto(answered)
    take("field-request", 1100)
    page.goto(f"{answered}tra-loi-cho-dan/")
    take("field-answer", 1200)


def take_picture(page: Page, name: str, height: int) -> None:
    """As high as what is told needs, so that the bar at the bottom covers nothing of it."""
    page.set_viewport_size({"width": WIDTH, "height": height})
    page.wait_for_load_state()
    picture = Image.open(BytesIO(page.screenshot())).convert("RGB")
    path = PICTURES / f"{name}-{WIDTH}.png"
    picture.quantize(COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)
    size = path.stat().st_size
    print(f"{path.relative_to(HOME)}: {size:,} bytes")
    assert size <= LARGEST, path


if __name__ == "__main__":
    sys.exit(main())
