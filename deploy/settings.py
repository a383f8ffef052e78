"""Django settings, in sections. Everything that varies between installations comes from env.py."""

import tomllib
from importlib import import_module
from pathlib import Path
from typing import Any

from whitenoise.compress import Compressor

from deploy import env
from deploy.content_policy import OF_PAGES
from deploy.ledger import databases
from deploy.logs import FORMS, logging_config
from deploy.retained import periods
from deploy.roles import PERMISSIONS
from deploy.thresholds import thresholds

BASE_DIR = Path(__file__).resolve().parent.parent

# --- What this installation is ------------------------------------------------------------------------------------

SECRET_KEY = env.required("SECRET_KEY")
# Earlier ones, whose signatures are still believed: of sessions, tokens, links and codes to scan.
SECRET_KEY_FALLBACKS = [key for key in env.optional("SECRET_KEY_FALLBACKS", "").split(",") if key]
DEBUG = env.flag("DEBUG")
ALLOWED_HOSTS = env.optional("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]").split(",")
# Where links in messages lead, without a slash at the end.
PUBLIC_ADDRESS = env.optional("PUBLIC_ADDRESS", f"https://{ALLOWED_HOSTS[0]}").rstrip("/")
CSRF_TRUSTED_ORIGINS = [origin for origin in env.optional("CSRF_TRUSTED_ORIGINS", "").split(",") if origin]
# A demonstration says so on every screen, prints sign-in codes, and may be filled with synthetic citizens.
DEMONSTRATION = env.flag("DEMONSTRATION")
# A rehearsal installation may be filled with synthetic citizens too, but prints no codes.
REHEARSAL = env.flag("REHEARSAL")
# What runs, as monitoring names it.
RELEASE = env.optional("RELEASE", tomllib.loads((BASE_DIR / "pyproject.toml").read_text())["project"]["version"])
HELP_PHONE = env.optional("HELP_PHONE", "12320")
# Under which licence the files of the open data page may be used.
OPEN_DATA_LICENCE = env.optional("OPEN_DATA_LICENCE", "CC BY 4.0")

# --- Applications -------------------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "accounts.admin_config.GuardedAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_q",
    "import_export",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
    "accounts",
    "sites",
    "booking",
    # For its commands.
    "deploy",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "deploy.headers.PermissionsPolicy",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # A page is a fifth of its size then. Django makes the length of every answer random, so that secrets in it (the
    # forms' tokens) cannot be guessed from it.
    "django.middleware.gzip.GZipMiddleware",
    # Before everything that may refuse a request, so that refusals carry them too.
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "accounts.admin_addresses.AdminAddresses",
]

ROOT_URLCONF = "deploy.urls"
WSGI_APPLICATION = "deploy.wsgi.application"
AUTH_USER_MODEL = "accounts.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "libraries": {
                "alerts": "booking.admin.messages.alerts",
                "calendar_words": "booking.admin.calendar.words",
                "dates": "booking.web.dates",
                "journey": "booking.web.journey.tags",
                "places": "booking.web.places",
                "relocations": "booking.web.appointments.tags",
            },
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "booking.web.frame.installation",
            ],
        },
    },
]

# --- The ledger: PostgreSQL ---------------------------------------------------------------------------------------

DATABASES = databases()
# How many seconds the replica may be behind before reads leave it, and how often each process looks.
REPLICA_LAG_SECONDS = env.number("DATABASE_REPLICA_LAG", 10)
REPLICA_CHECK_SECONDS = 2
DATA_UPLOAD_MAX_MEMORY_SIZE = 256 * 1024
# Where `manage.py backup` writes, what it encrypts with (as FIELD_KEYS), and how many bases it keeps.
BACKUPS: dict[str, Any] = {
    "folder": env.optional("BACKUP_FOLDER", ""),
    "keys": env.key_ring("BACKUP_KEYS") if env.optional("BACKUP_KEYS", "") else {},
    "keep": env.number("BACKUP_KEEP", 7),
}

# --- The gate and the cache: Redis --------------------------------------------------------------------------------

# One server, a Sentinel group or a Cluster: booking/admission/servers.py says how it is written.
REDIS_URL = env.servers("REDIS_URL")
GATE: dict[str, Any] = {
    "url": REDIS_URL,
    "connections": env.number("GATE_CONNECTIONS", 16),
    # Seconds: a gate slower than this is treated as gone, and the breaker opens.
    "timeout": 0.5,
    "retry_after": 0.5,
    # Seconds a place is kept for a booking that is being written. Longer than any request may take.
    "lease": 30,
    # How many bookings a worker process writes at once without the gate; the rest are told to come back.
    "fallback_limit": 4,
}

CACHES = {
    "default": {
        "BACKEND": "deploy.cache.SharedCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "cache",
    }
}

# --- Jobs ---------------------------------------------------------------------------------------------------------

Q_CLUSTER = {
    "name": "vaccine-booking",
    "orm": "default",
    "workers": env.number("JOB_WORKERS", 1),
    "timeout": 300,
    # Above the timeout: a job that is still running must not be handed out again.
    "retry": 420,
    "max_attempts": 5,
    "poll": 1,
    "bulk": 5,
    "save_limit": 500,
    "catch_up": False,
    "label": "Jobs",
}

# --- People -------------------------------------------------------------------------------------------------------

# Newest first; the first one encrypts, all decrypt.
FIELD_KEYS = env.key_ring("FIELD_KEYS")
# Answers "do we know this number?" without decrypting; another key than the ones above.
BLIND_INDEX_KEY = env.key_ring("BLIND_INDEX_KEY").popitem()[1]
# How long a citizen stays signed in, on the web and in the city app.
TOKEN_DAYS = 30
LOGIN_URL = "sign_in"
LOGIN_REDIRECT_URL = "home"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "accounts.backends.ProofBackend",
    "sites.backends.OfficeBackend",
]
# What each office may do; which rows it is about is sites.scope.
ROLE_PERMISSIONS = PERMISSIONS
# After how long without doing anything, and after how long at most, an administrator signs in again.
ADMIN_IDLE_SECONDS = 1800
ADMIN_SESSION_SECONDS = 12 * 3600
# From which networks the admin can be reached at all. Empty: from everywhere.
ADMIN_ADDRESSES = env.networks("ADMIN_ADDRESSES")
# How the app on the phone names this installation.
OTP_TOTP_ISSUER = "Changsha Vaccines"
# Clocks are set by the network; an app that is off is put right, not followed.
OTP_TOTP_SYNC = False

# The city app's server signs tickets with one of these keys (HS256) and names it in the header's kid. Empty: off.
TICKETS: dict[str, Any] = {
    "keys": env.key_ring("TICKET_KEYS") if env.optional("TICKET_KEYS", "") else {},
    "issuer": env.optional("TICKET_ISSUER", "city-app"),
    "audience": env.optional("TICKET_AUDIENCE", "vaccine-booking"),
}
# An identity provider that speaks OpenID Connect. Empty: off.
OIDC = {
    "discovery_url": env.optional("OIDC_DISCOVERY_URL", ""),
    "client_id": env.optional("OIDC_CLIENT_ID", ""),
    "client_secret": env.optional("OIDC_CLIENT_SECRET", ""),
    "name": env.optional("OIDC_NAME", ""),
}

# --- Messages -----------------------------------------------------------------------------------------------------

_SMS_NEEDS = {
    "console": (),
    "http": ("SMS_URL", "SMS_TOKEN"),
    "aliyun": ("SMS_KEY_ID", "SMS_SECRET", "SMS_SIGN", "SMS_TEMPLATES"),
    "tencent": ("SMS_KEY_ID", "SMS_SECRET", "SMS_SIGN", "SMS_TEMPLATES", "SMS_APP_ID"),
}
SMS_CHANNEL = env.one_of("SMS_CHANNEL", _SMS_NEEDS, "console")
for _name in _SMS_NEEDS[SMS_CHANNEL]:
    env.required(_name)
SMS: dict[str, Any] = {
    "url": env.optional("SMS_URL", ""),
    "token": env.optional("SMS_TOKEN", ""),
    "key_id": env.optional("SMS_KEY_ID", ""),
    "secret": env.optional("SMS_SECRET", ""),
    "sign": env.optional("SMS_SIGN", ""),
    "app_id": env.optional("SMS_APP_ID", ""),
    "region": env.optional("SMS_REGION", ""),
    "templates": env.pairs("SMS_TEMPLATES"),
}
# Where codes may be sent, as ISO 3166 codes. Everybody else signs in by e-mail.
SMS_COUNTRIES = frozenset(env.optional("SMS_COUNTRIES", "CN,HK,MO,TW").split(","))
# Signs what the gateway passes on of text messages that people send. Empty: nobody can answer by text message.
SMS_INBOUND_SECRET = env.optional("SMS_INBOUND_SECRET", "")
# The city app's own address for messages, and the secret that signs them. Whoever has signed in by its ticket is told
# there `instead` of by text message or `besides`. Empty: nobody is.
CITY_APP = {
    "url": env.optional("CITY_APP_WEBHOOK_URL", ""),
    "secret": env.optional("CITY_APP_WEBHOOK_SECRET", ""),
    "messages": env.one_of("CITY_APP_MESSAGES", {"besides": (), "instead": ()}, "besides"),
}
if CITY_APP["url"]:
    env.required("CITY_APP_WEBHOOK_SECRET")
# How many messages a day one receiver gets at most (booking/rules/messages.py says which do not count), and how many
# text messages the whole city sends; 0: as many as there are.
MESSAGES_A_DAY = env.number("MESSAGES_A_DAY", 12)
SMS_A_DAY = env.number("SMS_A_DAY", 0)
EMAIL_HOST = env.optional("EMAIL_HOST", "")
EMAIL_PORT = env.number("EMAIL_PORT", 587)
EMAIL_HOST_USER = env.optional("EMAIL_USER", "")
EMAIL_HOST_PASSWORD = env.optional("EMAIL_PASSWORD", "")
EMAIL_USE_TLS = env.flag("EMAIL_TLS", default=True)
EMAIL_TIMEOUT = 5
DEFAULT_FROM_EMAIL = env.optional("EMAIL_FROM", "vaccines@localhost")

# --- Booking rules a city may set ---------------------------------------------------------------------------------

HOLD_SECONDS = 300
UNDO_SECONDS = 600
# No undo window this close to the start: the place is worth more to the next person at once.
NO_UNDO_WITHIN_SECONDS = 7200
MOVES_ALLOWED = 2
RELEASE_DAYS = 14
BOOKING_TRIES_PER_MINUTE = 60
# Places kept for second and later doses go back to everybody so many days before their slot.
LATER_DOSES_KEPT_UNTIL_DAYS = env.number("LATER_DOSES_KEPT_UNTIL_DAYS", 2)
# How many days before a later dose is due its person is told, and again on the day itself.
DOSE_DUE_DAYS_BEFORE = env.number("DOSE_DUE_DAYS_BEFORE", 7)
# The desk. Minutes early or late that still count as in time; how late somebody's place may go to a walk-in (and
# whether it may); when nobody is waited for any more; how long people stay after a dose. All in minutes.
CHECK_IN_MINUTES = env.number("CHECK_IN_MINUTES", 60)
LATE_MINUTES = env.number("LATE_MINUTES", 30)
LATE_PLACES_TO_WALK_INS = env.flag("LATE_PLACES_TO_WALK_INS", default=True)
NO_SHOW_MINUTES = env.number("NO_SHOW_MINUTES", 60)
OBSERVATION_MINUTES = env.number("OBSERVATION_MINUTES", 30)
# How long a check-in may be undone at the desk that made it, and how long somebody may think about a leftover dose.
CHECK_IN_UNDO_SECONDS = 60
LEFTOVER_ANSWER_MINUTES = 15
# The waitlist. How long somebody may think about a freed place, and within how many minutes a place that nobody there
# wants goes back to everybody, at a moment that nobody can foresee.
OFFER_ANSWER_MINUTES = env.number("OFFER_ANSWER_MINUTES", 30)
FREED_PLACE_DELAY_MINUTES = env.number("FREED_PLACE_DELAY_MINUTES", 15)

# How many people the queue of a release lets in each minute, as it is first proposed: what a rehearsal of this
# installation has shown that it carries, at some ten pages for each who books.
QUEUE_PEOPLE_A_MINUTE = env.number("QUEUE_PEOPLE_A_MINUTE", 1200)
# How long a staff member stays signed in: a long shift.
DESK_SESSION_SECONDS = 12 * 3600
# More who join one queue in ten seconds than a city that comes by its page: then a proof of work is asked for.
PROOF_ABOVE = env.number("PROOF_ABOVE", 4000)
# From where on something in the city is an alert (booking/rules/alerts.py), and after how many minutes one that was
# handled comes back if it is still so.
ALERTS = thresholds()
ALERT_REST_MINUTES = env.number("ALERT_REST_MINUTES", 120)
# The line that the city screen draws through the bookings of each minute; 0: none.
BOOKINGS_A_MINUTE_LINE = env.number("BOOKINGS_A_MINUTE_LINE", 1200)
# How old the city's board may be, and how long a worker process repeats a public answer. Seconds.
BOARD_SECONDS = 5
PUBLIC_SECONDS = 1

# How long what is kept.
RETAIN = periods()

# --- Language and time --------------------------------------------------------------------------------------------

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "templates" / "locale"]
# The city's: days, opening hours and what is written on every page are of this zone.
TIME_ZONE = env.optional("TIME_ZONE", "Asia/Shanghai")
USE_TZ = True
# standard, large or largest; see booking/web/frame.py.
TEXT_SIZE_COOKIE = "text_size"

# --- Static files -------------------------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = Path(env.optional("STATIC_ROOT", str(BASE_DIR / "var" / "static")))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "deploy.static_files.StaticFiles"},
}
# Source maps are for developers; compressing them takes longer than everything else of a first start.
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = [*Compressor.SKIP_COMPRESS_EXTENSIONS, "map"]

# --- The API ------------------------------------------------------------------------------------------------------

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["accounts.api.authentication.BearerToken"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "accounts.api.negotiation.TheOneThereIs",
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "accounts.api.problems.handle",
    "UNAUTHENTICATED_USER": None,
}

SPECTACULAR_SETTINGS = {
    "TITLE": "Vaccine booking (demonstration)" if DEMONSTRATION else "Vaccine booking",
    "DESCRIPTION": "Sites, places and appointments, for the city app and the mini-program.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "SERVE_INCLUDE_SCHEMA": False,
    "ENUM_NAME_OVERRIDES": {"SexEnum": "accounts.models.Sex"},
}

# --- Security -----------------------------------------------------------------------------------------------------

SECURE = env.flag("SECURE", default=not (DEBUG or DEMONSTRATION))
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_ENGINE = "accounts.sessions"
SECURE_HSTS_SECONDS = 31536000 if SECURE else 0
BEHIND_PROXY = env.flag("BEHIND_PROXY")
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "booking.web.public.errors.csrf_failure"
CONTENT_SECURITY_POLICY = {"DIRECTIVES": OF_PAGES}
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]

# --- Watching over it ---------------------------------------------------------------------------------------------

LOGGING = logging_config(env.one_of("LOG_FORMAT", FORMS, "json"))
# Where errors are reported, without anything of people. Empty: nowhere, and the library is not even loaded.
SENTRY_DSN = env.optional("SENTRY_DSN", "")
if SENTRY_DSN:
    import_module("deploy.sentry").start(SENTRY_DSN, release=RELEASE)
METRICS: dict[str, Any] = {
    # Who may see /metrics and the reasons in /health/ready. With neither: this machine's own programs alone.
    "token": env.optional("METRICS_TOKEN", ""),
    "addresses": env.networks("METRICS_ADDRESSES"),
    # Where the processes of this machine count. Empty: each for itself.
    "folder": env.folder("PROMETHEUS_MULTIPROC_DIR"),
    "folders": [folder for folder in env.optional("METRICS_DISKS", str(STATIC_ROOT)).split(",") if folder],
    "certificate": env.optional("TLS_CERTIFICATE", ""),
}
