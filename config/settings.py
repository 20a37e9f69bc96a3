"""Every setting, all from the environment. The defaults run the embedded mode: SQLite, eager Celery, no server.

A malformed value stops the start and names the variable. `.env.example` lists each variable with its default.
"""

from pathlib import Path

import environ
from django.core.exceptions import ImproperlyConfigured

from config.schema import SPECTACULAR_SETTINGS  # noqa: F401  how the API is described
from marketplace.workspace.looks import UNFOLD  # noqa: F401  the web admin's looks

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
if (BASE_DIR / ".env").exists():
    env.read_env(BASE_DIR / ".env")


def read(kind: str, name: str, default):
    """Read one variable; a value of the wrong shape is an error that names it."""
    try:
        return getattr(env, kind)(name, default=default)
    except (ValueError, environ.ImproperlyConfigured) as fault:
        raise ImproperlyConfigured(f"{name}: {fault}. Correct the variable or remove it.") from fault


def read_switch(name: str, default: bool) -> bool:
    """Read a variable that is on or off; a misspelt one is an error, not off."""
    word = read("str", name, str(default)).strip().lower()
    if word not in SWITCH:
        raise ImproperlyConfigured(f"{name}: {word!r} is neither on nor off. Use one of {', '.join(SWITCH)}.")
    return SWITCH[word]


def read_choice(name: str, default: str, *choices: str) -> str:
    """Read a variable that takes one of a few words."""
    word = read("str", name, default)
    if word not in choices:
        raise ImproperlyConfigured(f"{name}: {word!r} is not known. Use one of {', '.join(choices)}.")
    return word


def read_address(name: str, default: str, *schemes: str) -> str:
    """Read the address of a server, or nothing; what is no address of a known kind is an error."""
    address = read("str", name, default)
    if address and address.partition("://")[0] not in schemes:
        raise ImproperlyConfigured(f"{name}: {address!r} does not begin with one of {', '.join(schemes)} and ://.")
    return address


SWITCH = {"on": True, "off": False, "true": True, "false": False, "yes": True, "no": False, "1": True, "0": False}

# Ground ------------------------------------------------------------------------------------------------------------
DEBUG = read_switch("DJANGO_DEBUG", True)
EMBEDDED_KEY = "embedded-mode-only-set-DJANGO_SECRET_KEY-in-production-000000"
SECRET_KEY = read("str", "DJANGO_SECRET_KEY", EMBEDDED_KEY)
if not DEBUG and SECRET_KEY == EMBEDDED_KEY:
    raise ImproperlyConfigured(
        "DJANGO_SECRET_KEY: set a random value of 50 characters or more when DJANGO_DEBUG is off."
    )
ALLOWED_HOSTS = read("list", "DJANGO_ALLOWED_HOSTS", ["localhost", "127.0.0.1", "[::1]", "testserver"] if DEBUG else [])
CSRF_TRUSTED_ORIGINS = read("list", "DJANGO_CSRF_TRUSTED_ORIGINS", [])
SITE_URL = read("str", "SITE_URL", "http://127.0.0.1:8000").rstrip("/")
TRUSTED_PROXY_COUNT = read("int", "TRUSTED_PROXY_COUNT", 0)
VAR_DIR = Path(read("str", "VAR_DIR", str(BASE_DIR / "var")))
VAR_DIR.mkdir(parents=True, exist_ok=True)

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "parties.User"

INSTALLED_APPS = [
    "unfold.apps.BasicAppConfig",
    "unfold.contrib.filters",
    "unfold.contrib.forms",
    "unfold.contrib.import_export",
    "unfold.contrib.simple_history",
    "marketplace.workspace.apps.WorkspaceAdminConfig",
    "django.forms",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.idp.oidc",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "rules",
    "simple_history",
    "import_export",
    "marketplace.core",
    "marketplace.law",
    "marketplace.parties",
    "marketplace.documents",
    "marketplace.notices",
    "marketplace.listings",
    "marketplace.discovery",
    "marketplace.brokerage",
    "marketplace.contracts",
    "marketplace.registration",
    "marketplace.settlement",
    "marketplace.register",
    "marketplace.api",
    "marketplace.portal",
    "marketplace.workspace",
    "marketplace.demo",
]

MIDDLEWARE = [
    "marketplace.core.middleware.RequestIdMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]

FORM_RENDERER = "django.forms.renderers.TemplatesSetting"  # a widget's template may be ours too

# Database, cache, queue -----------------------------------------------------------------------------------------------
DATABASES = {"default": read("db", "DATABASE_URL", f"sqlite:///{VAR_DIR / 'marketplace.sqlite3'}")}
if DATABASES["default"].get("ENGINE") not in ("django.db.backends.sqlite3", "django.db.backends.postgresql"):
    raise ImproperlyConfigured(
        "DATABASE_URL: give an address of PostgreSQL or SQLite, such as postgres://me@host/market."
    )
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # IMMEDIATE: with the deferred default a web and a worker process lock each other out.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;",
    }
else:
    DATABASES["default"]["CONN_MAX_AGE"] = read("int", "DATABASE_CONN_MAX_AGE", 60)
    DATABASES["default"]["OPTIONS"] = {
        "options": "-c lock_timeout=5s -c statement_timeout={}s -c idle_in_transaction_session_timeout=60s".format(
            read("int", "DATABASE_STATEMENT_TIMEOUT", 60)
        )
    }

REDIS_URL = read_address("REDIS_URL", "", "redis", "rediss")
if REDIS_URL:
    CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": read_address("CACHE_URL", REDIS_URL, "redis", "rediss", "unix"),
            "OPTIONS": {"socket_timeout": 2, "socket_connect_timeout": 2},
        }
    }
else:
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

CELERY_BROKER_URL = read_address(
    "CELERY_BROKER_URL", REDIS_URL or "memory://localhost", "redis", "rediss", "redis+socket", "memory"
)
CELERY_TASK_ALWAYS_EAGER = CELERY_BROKER_URL.startswith("memory:")
CELERY_TASK_EAGER_PROPAGATES = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_TIME_LIMIT = 3600
CELERY_TASK_SOFT_TIME_LIMIT = 3540
CELERY_TASK_PUBLISH_RETRY_POLICY = {
    "max_retries": 1,
    "interval_start": 0,
    "interval_step": 0.1,
    "interval_max": 0.1,
}
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_CONCURRENCY = read("int", "WORKER_CONCURRENCY", 1)
CELERY_WORKER_MAX_TASKS_PER_CHILD = 2000
CELERY_WORKER_SEND_TASK_EVENTS = False
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_BROKER_TRANSPORT_OPTIONS = (
    {
        "visibility_timeout": 7200,  # at least twice the hard limit, or a long task is delivered twice
        "socket_timeout": 5,  # without it a frozen broker hangs the caller
        "socket_connect_timeout": 2,
        "socket_keepalive": True,
        "health_check_interval": 25,
        **{"max_retries": 1, "interval_start": 0, "interval_step": 0.1, "interval_max": 0.1},  # or a sender waits 6 s
        "global_keyprefix": read("str", "CELERY_KEY_PREFIX", "marketplace:"),
    }
    if CELERY_BROKER_URL.startswith(("redis", "rediss"))
    else {}
)
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_SERIALIZER = "json"
CELERY_TIMEZONE = "Asia/Shanghai"

# People, login ------------------------------------------------------------------------------------------------------
AUTHENTICATION_BACKENDS = [
    "rules.permissions.ObjectPermissionBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
    "django.contrib.auth.backends.ModelBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = read_choice("ACCOUNT_EMAIL_VERIFICATION", "optional", "none", "optional", "mandatory")
ACCOUNT_RATE_LIMITS = {"login_failed": "10/m/ip,5/5m/key"}
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_ADAPTER = "marketplace.portal.signing_up.AccountAdapter"
ACCOUNT_FORMS = {"signup": "marketplace.portal.signing_up.NamedSignupForm"}
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXY_COUNT
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "技术转移平台"
IDP_OIDC_PRIVATE_KEY = read("str", "IDP_OIDC_PRIVATE_KEY", "").replace("\\n", "\n")
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "portal:start"  # on to the workspace, or to the ways in for somebody who has none yet
LOGOUT_REDIRECT_URL = "portal:home"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "django.views.csrf.csrf_failure"

# Language, time -------------------------------------------------------------------------------------------------------
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
USE_THOUSAND_SEPARATOR = True
FORMAT_MODULE_PATH = ["marketplace.core.formats"]  # ISO days and 1,234 in both languages

# Files ---------------------------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"] if (BASE_DIR / "static").exists() else []
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = DEBUG  # looked for when asked, not all listed for every handler
STATIC_ROOT.mkdir(parents=True, exist_ok=True)
FIXTURE_ROOT = BASE_DIR / "fixtures"
INDEX_DIR = VAR_DIR / "index"
MATCHING_SHELF = Path(read("str", "MATCHING_SHELF", str(INDEX_DIR / "shelf")))
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
FILE_UPLOAD_PERMISSIONS = 0o640

# Mail ----------------------------------------------------------------------------------------------------------------
vars().update(read("email_url", "EMAIL_URL", "consolemail://"))
EMAIL_TIMEOUT = 10  # without it a frozen server hangs the worker
LETTERS_OFF_URL = "portal:mail"  # where a reader switches letters off
LETTER_OFF_URL = "portal:mail_off"  # where one kind of letter is switched off by its token, without logging in
DEFAULT_FROM_EMAIL = read("str", "DEFAULT_FROM_EMAIL", "noreply@example.org")

# Journal -------------------------------------------------------------------------------------------------------------
SEAL_WITNESS = read("str", "SEAL_WITNESS", "")  # a file to which each new seal's hash is appended; off when empty

# Security headers ----------------------------------------------------------------------------------------------------
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if not DEBUG:
    SECURE_SSL_REDIRECT = read_switch("DJANGO_SECURE_SSL_REDIRECT", True)
    SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
    SECURE_HSTS_SECONDS = read("int", "DJANGO_HSTS_SECONDS", 31_536_000)
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT
    if TRUSTED_PROXY_COUNT:
        SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        # Unfold's Alpine.js evaluates expressions and sets styles inline.
        "script-src": ["'self'", "'unsafe-inline'", "'unsafe-eval'"],
        "style-src": ["'self'", "'unsafe-inline'"],
        "img-src": ["'self'", "data:"],
        "object-src": ["'none'"],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'self'"],
        "form-action": ["'self'"],
    }
}

# API -----------------------------------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "marketplace.api.authentication.TokenAuthentication",  # first: it says how to log in (401)
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["marketplace.api.base.DenyAll"],  # each view declares who may
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["marketplace.api.parsing.StrictJSONParser"],
    "URL_FORMAT_OVERRIDE": None,  # ?format= is no parameter of ours
    "DEFAULT_METADATA_CLASS": None,  # the schema describes the API; OPTIONS tells nothing
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_PAGINATION_CLASS": "marketplace.api.base.NumberedPages",
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_THROTTLE_CLASSES": ["marketplace.api.limits.VisitorLimit", "marketplace.api.limits.PersonLimit"],
    "NUM_PROXIES": TRUSTED_PROXY_COUNT,  # else anybody names their own address
    "DEFAULT_THROTTLE_RATES": {"anon": "120/min", "user": "600/min"},
    "EXCEPTION_HANDLER": "marketplace.api.problems.handle",
    "COERCE_DECIMAL_TO_STRING": True,
    "DATETIME_FORMAT": "iso-8601",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}

# Logs ----------------------------------------------------------------------------------------------------------------
LOG_FORMAT = read_choice("LOG_FORMAT", "text", "text", "json")
LOG_LEVEL = read_choice("LOG_LEVEL", "WARNING" if DEBUG else "INFO", "DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"request_id": {"()": "marketplace.core.middleware.RequestIdFilter"}},
    "formatters": {
        "text": {"format": "%(asctime)s %(levelname)s %(name)s [%(request_id)s] %(message)s"},
        "json": {
            "()": "pythonjsonlogger.json.JsonFormatter",
            "format": "%(asctime)s %(levelname)s %(name)s %(request_id)s %(message)s",
        },
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": LOG_FORMAT, "filters": ["request_id"]}},
    "root": {"handlers": ["console"], "level": LOG_LEVEL},
}
