"""What gunicorn serves. It refuses to start where the settings or the accounts are not safe."""

import gc
import os

from django.core.wsgi import get_wsgi_application
from django.db import DatabaseError
from django.utils.module_loading import import_string

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
application = get_wsgi_application()
try:
    import_string("portal.checks.refuse_demo_accounts")()
except DatabaseError:
    # A database that does not answer lets nobody in either; /health/ tells of it.
    pass

# What is loaded by now stays, and need not be looked through again and again for what to free.
gc.collect()
gc.freeze()
