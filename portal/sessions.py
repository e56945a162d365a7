"""Sign-ins kept in the database, each with the moment at which it was last written: its end counts from there."""

import time
from typing import Any

from django.conf import settings
from django.contrib.sessions.backends import db
from django.contrib.sessions.base_session import AbstractBaseSession

SAVED_AT = "saved_at"


class SessionStore(db.SessionStore):
    def create_model_instance(self, data: dict[str, Any]) -> AbstractBaseSession:
        return super().create_model_instance({**data, SAVED_AT: int(time.time())})

    def is_to_be_renewed(self) -> bool:
        """A sign-in in use lasts on; it is written anew a hundred times in its length, and not at every request."""
        saved_at = self.get(SAVED_AT, 0)
        return not saved_at <= time.time() < saved_at + settings.SESSION_COOKIE_AGE / 100
