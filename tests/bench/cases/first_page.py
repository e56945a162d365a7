"""What the first page of a cadre weighs on a phone that has never been here: requests, and bytes as they are sent.

What the style sheets name is counted too; what the service worker fetches afterwards for days without a signal is not.
"""

import gzip
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from urllib.parse import urljoin

from django.conf import settings
from django.contrib.staticfiles import finders
from django.test import Client

from tests.bench import ground
from tests.bench.cases.posts import VISITS
from tests.bench.measure import Figure, measure

FETCHED_FOR_RELATION = {"stylesheet", "icon", "manifest", "preload", "modulepreload", "apple-touch-icon"}
NAMED_IN_STYLES = re.compile(rb"url\(\s*['\"]?([^'\")]+)")


class Fetched(HTMLParser):
    """The addresses that a browser asks for by itself once it has the page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.addresses: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attributes}
        if tag == "link" and FETCHED_FOR_RELATION & set(told.get("rel", "").split()):
            self.addresses.append(told["href"])
        elif tag in {"script", "img", "iframe", "source"} and told.get("src"):
            self.addresses.append(told["src"])


def figures() -> Iterator[Figure]:
    ground.some(VISITS)
    client = ground.signed_in("canbo")
    sizes = weighed(client)
    said = f"{len(sizes)} requests, {sum(sizes.values()):,} bytes gzipped"
    yield measure("the first page of a cadre", lambda: client.get("/"), size=said)


def weighed(client: Client) -> dict[str, int]:
    """Bytes on the way by address, the page itself first; each address once."""
    page = client.get("/")
    assert page.status_code == 200, page.status_code
    sizes, waiting = {"/": len(gzip.compress(page.content))}, Fetched(page.content.decode()).addresses
    while waiting:
        address = waiting.pop(0)
        if address in sizes or address.startswith(("data:", "#")):
            continue
        content = read(client, address)
        # What is packed already, such as a font, is not packed again.
        sizes[address] = min(len(content), len(gzip.compress(content)))
        if address.endswith(".css"):
            waiting += [urljoin(address, found.decode()) for found in NAMED_IN_STYLES.findall(content)]
    return sizes


def read(client: Client, address: str) -> bytes:
    if not address.startswith(settings.STATIC_URL):
        return client.get(address).content
    found = finders.find(address.removeprefix(settings.STATIC_URL).partition("?")[0])
    assert found, f"{address} is not among the static files"
    with open(found, "rb") as file:
        return file.read()
