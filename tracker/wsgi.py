"""What a web server runs."""

import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from tracker.proxies import BehindProxies

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tracker.settings")

application = BehindProxies(get_wsgi_application(), settings.TRUSTED_PROXIES)
