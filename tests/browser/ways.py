"""What several journeys begin with: signed in, without the way through the form, which test_sign_in.py goes."""

from django.conf import settings
from django.test import Client
from playwright.sync_api import Page

from portal.models import User


def sign_in(page: Page, base: str, username: str = "canbo-mau", onward: str = "/") -> None:
    """`base` is the server's address without a slash at its end; the page stands at `onward` afterwards."""
    client = Client()
    client.force_login(User.objects.get(username=username), backend=settings.AUTHENTICATION_BACKENDS[-1])
    name = settings.SESSION_COOKIE_NAME
    page.context.add_cookies(
        [{"name": name, "value": client.cookies[name].value, "url": base, "httpOnly": True}]
    )
    page.goto(base + onward)
