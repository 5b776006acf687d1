"""The settings of the suite: quick hashing, no built style sheets, N+1 queries are errors."""

import hashlib
import os

OF_THE_DEVELOPER = (
    "SITE_URL ALLOWED_HOSTS TRUSTED_PROXIES CACHE_URL REPLICA_URL DEBUG CAMPAIGN_DAY MEDIA_ROOT "
    "LOCK_TRIES LOCK_MINUTES IDLE_MINUTES SESSION_HOURS PASSWORD_LENGTH PASSWORD_KINDS PASSWORD_HISTORY "
    "PASSWORD_DAYS REQUIRE_TWO_STEP APP_VERSION SCREEN_TRIES"
)
for name in OF_THE_DEVELOPER.split():
    os.environ.pop(name, None)
os.environ["SECRET_KEY"] = "only-for-tests-only-for-tests-only-for-tests"
os.environ["TIME_ZONE"] = "Asia/Shanghai"

from tracker.settings import *  # noqa: E402, F403
from tracker.settings import BASE_DIR, DATABASES, INSTALLED_APPS, MIDDLEWARE, STORAGES  # noqa: E402

INSTALLED_APPS += ["zeal"]
MIDDLEWARE += ["zeal.middleware.zeal_middleware"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STATIC_ROOT = None  # type: ignore[assignment]  # nothing is built for the suite
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
MEDIA_ROOT = BASE_DIR / "var" / "test-media"

if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # Each worker has its own; left out, a path with the worker's name in it would be opened.
    DATABASES["default"]["TEST"] = {"NAME": ":memory:"}
if DATABASES["default"]["ENGINE"].endswith("postgresql"):
    # Two checkouts on one server must not drop each other's database.
    checkout = hashlib.sha256(str(BASE_DIR).encode()).hexdigest()[:8]
    DATABASES["default"]["TEST"] = {"NAME": f"test_zhaoshang_{checkout}"}
# Two month ends that nobody kept are two days of progress, and never more: not a query for each row.
ZEAL_ALLOWLIST = [{"model": "tracker.Campaign", "field": name} for name in ("brigades", "pledges", "teams")]
