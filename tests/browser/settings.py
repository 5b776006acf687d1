"""The suite's settings for a server of its own: the day of the demonstration, files without a build."""

import datetime

from tests.settings import *  # noqa: F403

FIXED_TODAY = datetime.date(2023, 9, 15)
WHITENOISE_USE_FINDERS = True
