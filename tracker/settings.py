"""Settings, all from the environment; docs name each variable, tracker.environment checks it."""

import datetime
from pathlib import Path

from csp.constants import NONE, SELF

from tracker import environment

BASE_DIR = Path(__file__).resolve().parent.parent

DEBUG = environment.switch("DEBUG")
SECRET_KEY = environment.secret_key("SECRET_KEY", BASE_DIR / "var" / "secret_key")
SITE_URL = environment.site_url("SITE_URL")
ALLOWED_HOSTS = environment.words("ALLOWED_HOSTS") or [
    "127.0.0.1",
    "localhost",
    "[::1]",
    environment.host(SITE_URL),
]
TRUSTED_PROXIES = environment.networks("TRUSTED_PROXIES")

INSTALLED_APPS = [
    "tracker.apps.BackOfficeConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_tables2",
    "django_filters",
    "simple_history",
    "csp",
    "axes",
    "django_htmx",
    "tracker",
]

MIDDLEWARE = [
    # First what every answer carries, of static files and of errors too.
    "tracker.tracing.TracingMiddleware",
    "tracker.headers.HeadersMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "tracker.middleware.CleanInputMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "tracker.middleware.SignInMiddleware",
    "tracker.middleware.PersonMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "tracker.urls"
WSGI_APPLICATION = "tracker.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "tracker.views.navigation.nav",
            ],
        },
    },
]

DATABASES = {"default": environment.database("DATABASE_URL", "sqlite:///db.sqlite3", BASE_DIR)}
if environment.text("REPLICA_URL"):
    DATABASES["replica"] = environment.database("REPLICA_URL", "", BASE_DIR) | {"TEST": {"MIRROR": "default"}}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {"default": environment.cache("CACHE_URL")}

LANGUAGE_CODE = "zh-hans"
LOCALE_PATHS = [BASE_DIR / "tracker" / "locale"]
TIME_ZONE = environment.time_zone("TIME_ZONE", "Asia/Shanghai")
USE_TZ = True
FIXED_TODAY = environment.day("CAMPAIGN_DAY")

AUTH_USER_MODEL = "tracker.User"
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = LOGIN_URL
PASSWORD_HASHERS = ["tracker.hashers.TunedArgon2PasswordHasher"]
PASSWORD_DAYS = environment.whole("PASSWORD_DAYS", 0, 0, 3650)
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("username", "name")},
    },
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": environment.whole("PASSWORD_LENGTH", 10, 8, 64)},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {
        "NAME": "tracker.forms.passwords.KindsOfSigns",
        "OPTIONS": {"kinds": environment.whole("PASSWORD_KINDS", 3, 1, 4)},
    },
    {
        "NAME": "tracker.forms.passwords.NotUsedLately",
        "OPTIONS": {"last": environment.whole("PASSWORD_HISTORY", 3, 0, 24)},
    },
]
REQUIRE_TWO_STEP = environment.switch("REQUIRE_TWO_STEP")

AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
LOCK_TRIES = environment.whole("LOCK_TRIES", 5, 3, 50)
LOCK_MINUTES = environment.whole("LOCK_MINUTES", 30, 1, 24 * 60)
AXES_FAILURE_LIMIT = LOCK_TRIES
AXES_COOLOFF_TIME = datetime.timedelta(minutes=LOCK_MINUTES)
# A name at an address: a whole hall behind one proxy is not locked out with whoever mistypes.
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_CLIENT_IP_CALLABLE = "tracker.views.visitors.address_of"
AXES_LOCKOUT_CALLABLE = "tracker.views.session.locked_out"
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_DISABLE_ACCESS_LOG = True
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
AXES_SENSITIVE_PARAMETERS = [
    "username",
    "ip_address",
    "csrfmiddlewaretoken",
    "old_password",
    "new_password1",
    "new_password2",
]

IDLE_MINUTES = environment.whole("IDLE_MINUTES", 30, 1, 24 * 60)
SESSION_HOURS = environment.whole("SESSION_HOURS", 12, 1, 7 * 24)
SESSION_ENGINE = "tracker.sessions"
SESSION_COOKIE_AGE = SESSION_HOURS * 60 * 60
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"

HTTPS = SITE_URL.startswith("https://")
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz/?$", r"^readyz/?$"]
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
CSRF_TRUSTED_ORIGINS = [SITE_URL]
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    },
}

# The wall: what a page was built with, where the files themselves shall not say it; asks a minute and screen.
APP_VERSION = environment.text("APP_VERSION")
SCREEN_TRIES = environment.whole("SCREEN_TRIES", 30, 2, 6000)

FILE_UPLOAD_HANDLERS = [
    "tracker.forms.receiving.BoundedUploads",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "var" / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "tracker.staticfiles.NpmFinder",
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "tracker.staticfiles.ManifestStorage"},
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
WHITENOISE_ALLOW_ALL_ORIGINS = False

MEDIA_ROOT = environment.text("MEDIA_ROOT") or (
    Path(DATABASES["default"]["NAME"]).parent / "media"
    if DATABASES["default"]["ENGINE"].endswith("sqlite3")
    else BASE_DIR / "media"
)

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "tracker.tracing.NumberedFormatter",
            "format": "%(asctime)s %(levelname)s %(number)s %(name)s %(message)s",
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "django": {"handlers": [], "level": "INFO"},
        "psycopg.pool": {"level": "ERROR"},
        # What it says of log-ins, this product records itself.
        "axes": {"level": "ERROR"},
        "django.security.DisallowedHost": {"handlers": [], "propagate": False},
    },
}
