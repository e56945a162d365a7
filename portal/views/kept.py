"""What was typed before the session ended: carried through the sign-in page and offered to be sent again.

The words travel in the reader's own page, signed, so that nobody can plant a form for somebody else to send.
"""

from dataclasses import dataclass
from urllib.parse import urlsplit

from django.core import signing
from django.http import HttpRequest
from django.http.request import RawPostDataException
from django.utils.http import url_has_allowed_host_and_scheme

SALT = "portal.kept"
LONGEST = 300_000
KEEP_FOR = 12 * 3600
# A text of this length is worth being shown, so that the reader sees what will be sent.
WORTH_SHOWING = 20
NEVER_KEPT = {"csrfmiddlewaretoken"}


@dataclass(frozen=True)
class Kept:
    path: str
    fields: list[tuple[str, str]]
    files: bool = False

    @property
    def texts(self) -> list[str]:
        return [value for _name, value in self.fields if len(value) >= WORTH_SHOWING and " " in value]

    @property
    def token(self) -> str:
        return signing.dumps([self.path, self.fields, self.files], salt=SALT, compress=True)


def _may_be_kept(name: str) -> bool:
    return name not in NEVER_KEPT and "password" not in name


def pack(request: HttpRequest) -> Kept | None:
    """The posted fields of this request, or nothing where there are none or too many."""
    try:
        posted = request.POST
    except RawPostDataException:
        return None
    fields = [(name, value) for name, values in posted.lists() for value in values if _may_be_kept(name)]
    if not fields or sum(len(name) + len(value) for name, value in fields) > LONGEST:
        return None
    return Kept(request.get_full_path(), fields, bool(request.FILES))


def unpack(request: HttpRequest, token: str) -> Kept | None:
    """Nothing where the token is old, was not made here, or names a page of another site."""
    try:
        path, fields, files = signing.loads(token, salt=SALT, max_age=KEEP_FOR)
    except signing.BadSignature:
        return None
    if not url_has_allowed_host_and_scheme(path, allowed_hosts=None, require_https=request.is_secure()):
        return None
    return Kept(path, [(name, value) for name, value in fields], files)


def comes_from_here(request: HttpRequest) -> bool:
    """The browser itself says that the form stood on a page of this portal."""
    sender = request.headers.get("Origin") or request.headers.get("Referer", "")
    return bool(sender) and urlsplit(sender).netloc == request.get_host()
