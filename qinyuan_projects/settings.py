"""The one settings file: a deployment differs by its environment, never by another module."""

import contextlib
import datetime as dt
import os
import secrets
from pathlib import Path

import dj_database_url
from csp.constants import NONE, SELF
from django.contrib.messages import constants as message_levels
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent


def env_bool(name, default=False):
    return os.environ.get(name, "1" if default else "0").lower() in {"1", "true", "yes", "on"}


def env_int(name, default):
    return int(os.environ.get(name, default))


def env_list(name, default=""):
    return [item.strip() for item in os.environ.get(name, default).split(",") if item.strip()]


def env_choice(name, *choices):
    """One of `choices`, the first when nothing is set."""
    value = os.environ.get(name) or choices[0]
    if value not in choices:
        raise ImproperlyConfigured(f"{name} 应为 {'、'.join(choices)} 之一，现为“{value}”。")
    return value


VAR_DIR = Path(os.environ.get("VAR_DIR", BASE_DIR / "var"))
VAR_DIR.mkdir(parents=True, exist_ok=True)


def kept_secret(path):
    """A key made once and kept beside the database; two processes that start together agree on it."""
    draft = path.with_suffix(f".{os.getpid()}")
    if not path.exists():
        draft.write_text(secrets.token_urlsafe(64))
        draft.chmod(0o600)
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)
        draft.unlink()
    return path.read_text()


def newest_change(*folders):
    """When code or templates last changed: pages that were answered before it are not "unchanged" any more."""
    files = (path for folder in folders for path in (BASE_DIR / folder).rglob("*"))
    return max(path.stat().st_mtime_ns for path in files if path.suffix in {".py", ".html"})


RELEASE = newest_change("templates", "accounts", "portfolio", "inspections", "qinyuan_projects")
DEBUG = env_bool("DEBUG")
SECRET_KEY = os.environ.get("SECRET_KEY") or kept_secret(VAR_DIR / "secret_key")
ALLOWED_HOSTS = env_list("ALLOWED_HOSTS", "127.0.0.1,localhost,[::1]")
CSRF_TRUSTED_ORIGINS = env_list("CSRF_TRUSTED_ORIGINS")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "axes",
    "csp",
    "django_filters",
    "django_htmx",
    "django_tables2",
    "rules",
    "simple_history",
    "accounts",
    "portfolio",
    "inspections",
    "qinyuan_projects",
]

MIDDLEWARE = [
    "accounts.middleware.address_middleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "accounts.middleware.headers_middleware",
    "accounts.middleware.sane_request_middleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "accounts.middleware.SignInRequiredMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
    "accounts.middleware.DatabaseAwayMiddleware",
]

ROOT_URLCONF = "qinyuan_projects.urls"
WSGI_APPLICATION = "qinyuan_projects.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "accounts.context.frame",
            ],
            "builtins": ["portfolio.templatetags.figures"],
        },
    },
    {
        # Only what a page has hundreds of, the rows of the big table and the options of its filters: Jinja2 is faster.
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "NAME": "rows",
        "DIRS": [BASE_DIR / "templates" / "jinja2"],
        "OPTIONS": {"environment": "portfolio.row_templates.environment"},
    },
]

# SQLite: one writer at a time, queued instead of refused; FULL so that an acknowledged save survives a power cut.
SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": (
        "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;PRAGMA foreign_keys=ON;"
        "PRAGMA journal_size_limit=67108864;PRAGMA temp_store=MEMORY;"
    ),
}
POSTGRES_OPTIONS = {"options": "-c statement_timeout=30s -c lock_timeout=10s"}

DATABASES = {
    "default": dj_database_url.config(
        default=f"sqlite:///{VAR_DIR / 'db.sqlite3'}",
        conn_max_age=60,
        conn_health_checks=True,
    )
}
DATABASES["default"].setdefault("OPTIONS", {}).update(
    SQLITE_OPTIONS if "sqlite" in DATABASES["default"]["ENGINE"] else POSTGRES_OPTIONS
)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "OPTIONS": {"MAX_ENTRIES": 400},
        "TIMEOUT": 3600,
    }
}

LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_ROOT = VAR_DIR / "media"
# A folder with the official faces (小标宋, 仿宋_GB2312 …) for issued documents; without it Noto stands in.
DOCUMENT_FONTS = os.environ.get("DOCUMENT_FONTS", "")
FIXTURE_DIRS = [BASE_DIR / "fixtures"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_MAX_AGE = 3600

# Sign-in
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "rules.permissions.ObjectPermissionBackend",
    "accounts.backends.AccountBackend",
]
LOGIN_URL = "accounts:login"
LOGIN_REDIRECT_URL = "start"
LOGOUT_REDIRECT_URL = "accounts:login"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"accounts.passwords.{name}"}
    for name in (
        "LengthValidator",
        "ThreeClassesValidator",
        "NotCommonValidator",
        "NotTheNameValidator",
        "NotUsedRecentlyValidator",
    )
]
# 0: no regular change. GB/T 22239 asks for one, OWASP advises against it: docs/decisions/password-age.md.
PASSWORD_MAX_AGE_DAYS = env_int("PASSWORD_MAX_AGE_DAYS", 0)

# Five failures lock one account at one address: sixty units may share an address, so it is never locked alone.
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = dt.timedelta(minutes=15)
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_CLIENT_IP_CALLABLE = "accounts.addresses.client_address"
AXES_LOCKOUT_CALLABLE = "accounts.lockout.locked_page"
AXES_DISABLE_ACCESS_LOG = True  # the audit trail has it
AXES_VERBOSE = False

SESSION_IDLE_SECONDS = 30 * 60
SESSION_ABSOLUTE_SECONDS = SESSION_COOKIE_AGE = 8 * 3600

# Browser side
HTTPS = env_bool("HTTPS")
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
# Addresses of our own reverse proxies (`unix` for a socket); forwarded headers of anyone else are dropped.
TRUSTED_PROXIES = env_list("TRUSTED_PROXIES")
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXIES else None
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "qinyuan_projects.views.csrf_failure"
# plotly.js makes an empty style element and fills it by script: the hash of nothing lets that in, and nothing else.
EMPTY_STYLE = "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "style-src": [SELF, EMPTY_STYLE],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

# Limits: one request body of 20 MB, an import file of 10 MB (checked again where it is read).
DATA_UPLOAD_MAX_MEMORY_SIZE = 20 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

# Notices that leave the system: nothing does while these are empty (docs/deploy.md).
SITE_URL = os.environ.get("SITE_URL", "").rstrip("/")
EMAIL_HOST = os.environ.get("EMAIL_HOST", "")
EMAIL_TLS = env_choice("EMAIL_TLS", "ssl", "starttls", "none")
EMAIL_USE_SSL = EMAIL_TLS == "ssl"
EMAIL_USE_TLS = EMAIL_TLS == "starttls"
EMAIL_PORT = env_int("EMAIL_PORT", {"ssl": 465, "starttls": 587, "none": 25}[EMAIL_TLS])
EMAIL_HOST_USER = os.environ.get("EMAIL_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("EMAIL_PASSWORD", "")
DEFAULT_FROM_EMAIL = os.environ.get("EMAIL_FROM", EMAIL_HOST_USER)
EMAIL_TIMEOUT = 10
NOTICE_WEBHOOK_URL = os.environ.get("NOTICE_WEBHOOK_URL", "")
NOTICE_WEBHOOK_KIND = env_choice("NOTICE_WEBHOOK_KIND", "wecom", "dingtalk")
NOTICE_WEBHOOK_SECRET = os.environ.get("NOTICE_WEBHOOK_SECRET", "")
NOTICE_WEBHOOK_TIMEOUT = 10

MESSAGE_TAGS = {message_levels.ERROR: "danger"}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
