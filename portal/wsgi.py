"""What gunicorn serves. It refuses to start where the settings or the accounts are not safe."""

import gc
import os

from django.conf import settings
from django.core.checks.urls import check_resolver
from django.core.wsgi import get_wsgi_application
from django.db import DatabaseError, connections
from django.urls import get_resolver
from django.utils import translation
from django.utils.module_loading import import_string

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
application = get_wsgi_application()
try:
    import_string("portal.checks.refuse_demo_accounts")()
except DatabaseError:
    # A database that does not answer lets nobody in either; /health/ tells of it.
    pass
finally:
    # Each process of the server opens its own.
    connections.close_all()

# Pages and words are loaded before anybody asks, so that the first after a start do not wait for them.
check_resolver(get_resolver())
with translation.override(settings.LANGUAGE_CODE):
    translation.gettext("Sign in")
# What is loaded by now stays, and need not be looked through again and again for what to free.
gc.collect()
gc.freeze()
