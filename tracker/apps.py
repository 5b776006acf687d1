"""The one application of this project."""

from importlib import import_module

from django.apps import AppConfig
from django.contrib.admin import apps as admin_apps


class TrackerConfig(AppConfig):
    name = "tracker"
    verbose_name = "招商作战"


class BackOfficeConfig(admin_apps.SimpleAdminConfig):
    """Django's admin with this product's site and nothing in it but this product's models."""

    default = False
    default_site = "tracker.admin.site.BackOffice"

    def ready(self) -> None:
        super().ready()
        import_module("tracker.admin.registry")
