"""Every setting of the portal. All that differs between machines comes from the environment (or a `.env` file).

Safe by default: without DEMO=1 the portal wants a secret key, the hosts it answers for and HTTPS, and says so.
"""

from pathlib import Path

import environ
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

HOME = Path(__file__).resolve().parent.parent
DEMO_SECRET = "demo-only-secret-key-which-production-refuses-to-start-with"

env = environ.Env()
environ.Env.read_env(HOME / ".env")

# DEMO shows a banner on every page, print and export, and lets the invented accounts sign in.
DEMO = env.bool("DEMO", default=False)
DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = env.str("SECRET_KEY", default=DEMO_SECRET if DEMO else "")
if not SECRET_KEY:
    raise ImproperlyConfigured("Set SECRET_KEY (see docs/operating.md), or DEMO=1 for the demonstration.")
if SECRET_KEY == DEMO_SECRET and not DEMO:
    raise ImproperlyConfigured(
        "SECRET_KEY is the demonstration's. Make one of your own (see docs/operating.md)."
    )
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"] if DEMO else [])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

# The province whose office runs this portal; its own name through time comes from the territory.
PROVINCE_CODE = env.str("PROVINCE_CODE", default="86")
# Where no reporting period is laid down, visits of a month are entered until this day of the next one.
ENTRY_DAYS_AFTER_MONTH = env.int("ENTRY_DAYS_AFTER_MONTH", default=5)

# So many hours after it was sent, an urgent word that nobody has seen is shown one step higher as well; 0: never.
URGENT_HOURS = env.int("URGENT_HOURS", default=4)
# Of a body with fewer cases than this in a period neither the median nor the share in time is shown.
ANSWER_TIMES_FEWEST = env.int("ANSWER_TIMES_FEWEST", default=5)
# So many months after the work on a recommendation has ended its row forgets which household had asked.
PETITION_HOUSEHOLD_MONTHS = env.int("PETITION_HOUSEHOLD_MONTHS", default=6)
# So many months after the report of its month a photograph of a public work is deleted.
PHOTO_MONTHS = env.int("PHOTO_MONTHS", default=12)
# Off where the Party committee evaluates on a network of its own: only decided results come here (docs/evaluation.md).
EVALUATION_HERE = env.bool("EVALUATION_HERE", default=True)

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "axes",
    "import_export",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
    "portal",
    "assignments",
    "reports",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "portal.middleware.content_security_policy",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "portal.middleware.language",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "portal.middleware.renewed_session",
    "portal.middleware.reach",
    "portal.middleware.first_password",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [HOME / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.csrf",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "portal.context.portal",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "portal.templatetags.look",
                "portal.templatetags.origin",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
INSTALLED_APPS.insert(0, "django.forms")

# SQLite as an embedded default: write-ahead log and IMMEDIATE transactions keep concurrent visits from failing.
DATABASES = {"default": env.db("DATABASE_URL", default=f"sqlite:///{HOME / 'var' / 'gandan.sqlite3'}")}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-65536;",
    }
else:
    DATABASES["default"]["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", default=60)
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "portal.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "portal:sign_in"
# Answers a post whose session has ended, so that nothing typed is lost.
KEEP_POSTED = "portal.views.sign_in.ask_again"
LOGIN_REDIRECT_URL = "reports:home"
LOGOUT_REDIRECT_URL = "portal:sign_in"
CSRF_FAILURE_VIEW = "portal.views.errors.csrf_failure"
AXES_FAILURE_LIMIT = 6
AXES_COOLOFF_TIME = 0.25
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_LOCKOUT_CALLABLE = "portal.views.errors.locked_out"
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False

# A working day on one sign-in, renewed by use (portal.sessions); the cadre's own phone may be signed in longer.
SESSION_COOKIE_AGE = env.int("SESSION_HOURS", default=12) * 3600
SESSION_ENGINE = "portal.sessions"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SECURE = not (DEMO or DEBUG)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=SECURE)
SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", default=31_536_000 if SECURE else 0)
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = SECURE
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if env.bool("BEHIND_PROXY", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_CSP = {
    "default-src": ["'self'"],
    "img-src": ["'self'", "data:"],
    "object-src": ["'none'"],
    "base-uri": ["'self'"],
    "form-action": ["'self'"],
    "frame-ancestors": ["'none'"],
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 5_000_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5_000
FILE_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
FILE_UPLOAD_HANDLERS = [
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "portal.handlers.FileOnDisk",
]
UPLOAD_MAX_BYTES = 30_000_000

# A directory whose files take the place of the built-in layouts of papers, name by name (docs/papers.md).
PAPER_TEMPLATES = env.str("PAPER_TEMPLATES", default="")

# More places or organisations than this for one cadre at once are listed as an overload; nothing is refused.
MOST_FOLLOWED = env.int("MOST_FOLLOWED", default=6)

# So long a phone keeps the page to log visits without having met the portal.
OFFLINE_DAYS = env.int("OFFLINE_DAYS", default=14)

LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", _("Vietnamese")), ("en", _("English"))]
LANGUAGE_COOKIE_NAME = "gandan_language"
# The second holds what Django itself says where its own catalogue has gaps; `make messages` leaves it alone.
LOCALE_PATHS = [HOME / "locale", HOME / "locale" / "frameworks"]
FORMAT_MODULE_PATH = ["portal.formats"]
USE_THOUSAND_SEPARATOR = True
TIME_ZONE = "Asia/Ho_Chi_Minh"
USE_TZ = True

STATIC_URL = "static/"
STATICFILES_DIRS = [HOME / "static"]
STATIC_ROOT = env.path("STATIC_ROOT", default=str(HOME / "var" / "static"))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEMO or DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = DEMO or DEBUG

# Mail goes out only for the daily digest: counts and links. Without EMAIL_URL none is sent (docs/operating.md).
EMAIL_URL = env.str("EMAIL_URL", default="consolemail://" if DEMO else "")
MAIL_IS_SET = bool(EMAIL_URL)
vars().update(env.email_url_config(EMAIL_URL or "dummymail://"))
DEFAULT_FROM_EMAIL = env.str("MAIL_FROM", default="gan-dan@localhost")
# The address under which the portal is opened, for links in mails.
SITE_URL = env.str("SITE_URL", default="http://127.0.0.1:8000" if DEMO else "").rstrip("/")
# From this hour until that one nobody is written to.
QUIET_FROM, QUIET_UNTIL = env.int("QUIET_FROM", default=20), env.int("QUIET_UNTIL", default=6)
# An office's own way of telling people, by its dotted path: called with user, subject, body and counts.
NOTICE_CHANNEL = env.str("NOTICE_CHANNEL", default="")

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

# The upper floors, named as strings so that the ground floor imports none of them.
REACH = "assignments.access.reach"
SHEET_KINDS = [
    "portal.imports.hamlets.Hamlets",
    "portal.imports.party_orgs.PartyOrgs",
    "portal.imports.head_counts.HeadCounts",
    "assignments.imports.cadres.Cadres",
    "assignments.imports.assignments.Assignments",
    "portal.imports.households.Households",
    "assignments.imports.visits.Visits",
    "assignments.imports.facts.FactSheet",
    "assignments.imports.work_items.WorkItemSheet",
    "assignments.imports.sessions.SessionSheet",
    "assignments.imports.good_models.GoodModelSheet",
    "assignments.imports.accounts.AccountSheet",
    "assignments.imports.cell_meetings.CellMeetings",
    "reports.imports.grades.Grades",
]
NAVIGATION = "reports:home"
# What the worker does every night; `manage.py nightly` asks for it the first time, and so does `manage.py serve`.
NIGHTLY = [
    "assignments.tasks.forget_households",
    "assignments.tasks.forget_photos",
    "reports.tasks.freeze_figures",
]

SILENCED_SYSTEM_CHECKS = ["axes.W001"]
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="WARNING")},
}
