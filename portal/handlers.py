"""Where an uploaded file lies while it arrives. A disk without room is told on the form, as no fault of the file."""

import logging
from typing import Any

from django.core.files.uploadhandler import SkipFile, TemporaryFileUploadHandler
from django.http import HttpRequest

log = logging.getLogger(__name__)


class FileOnDisk(TemporaryFileUploadHandler):
    def new_file(self, *args: Any, **kwargs: Any) -> None:
        try:
            super().new_file(*args, **kwargs)
        except OSError:
            self._leave_out()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        try:
            super().receive_data_chunk(raw_data, start)
        except OSError:
            self._leave_out()

    def _leave_out(self) -> None:
        """The rest of the form is still read, so that nothing has to be typed again."""
        log.exception("An uploaded file could not be written")
        self.request.had_no_room = True
        raise SkipFile


def had_no_room(request: HttpRequest) -> bool:
    return getattr(request, "had_no_room", False)
