"""Every model's page: imported once the site stands, which the package itself may not wait for."""

from . import accounts, campaigns, enterprises, organisation, pledges, projects, reference, targets

__all__ = [
    "accounts",
    "campaigns",
    "enterprises",
    "organisation",
    "pledges",
    "projects",
    "reference",
    "targets",
]
