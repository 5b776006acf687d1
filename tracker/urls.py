"""Addresses; those of the interface documents are stable."""

from django.contrib import admin
from django.urls import URLPattern, URLResolver, path, re_path

from tracker.views import (
    accounts,
    allocation,
    corrections,
    organisation,
    overview,
    pledges,
    pledges_edit,
    projects,
    readings,
    session,
    signing,
    verification,
)

urlpatterns: list[URLPattern | URLResolver] = [
    path("login/", session.LogIn.as_view(), name="login"),
    path("logout/", session.LogOut.as_view(), name="logout"),
    path("password/", session.OwnPassword.as_view(), name="password"),
    path("", overview.overview, name="overview"),
    path("api/progress", overview.api_progress, name="api_progress"),
    path("pledges/", pledges.PledgeList.as_view(), name="pledges"),
    path("pledges/<int:pk>/", pledges.pledge, name="pledge"),
    path("pledges/<int:pk>/history/", pledges.pledge_history, name="pledge_history"),
    path("pledges/<int:pk>/print/", pledges.pledge_print, name="pledge_print"),
    path("brigades/<slug:code>/", organisation.brigade, name="brigade"),
    path("teams/<slug:code>/", organisation.team, name="team"),
    path("projects/", projects.ProjectList.as_view(), name="projects"),
    path("projects/new/", signing.project_new, name="project_new"),
    path("projects/check/<slug:what>/", signing.project_check, name="project_check"),
    path("projects/<str:code>/", projects.project, name="project"),
    path("projects/<str:code>/edit/", corrections.project_edit, name="project_edit"),
    path("projects/<str:code>/milestones/<slug:kind>/", corrections.milestone, name="milestone"),
    path("projects/<str:code>/milestones/<slug:kind>/withdraw/", corrections.withdraw, name="withdraw"),
    path("verify/", verification.verify, name="verify"),
    path("verify/<str:code>/", verification.verify_project, name="verify_project"),
    path("admin/", admin.site.urls),
    path("allocation/", allocation.allocation, name="allocation"),
    path("pledges/<int:pk>/edit/", pledges_edit.pledge_edit, name="pledge_edit"),
    path("readings/", readings.readings, name="readings"),
    path("readings/enter/", readings.readings_entry, name="readings_entry"),
    path("accounts/", accounts.AccountList.as_view(), name="accounts"),
    path("accounts/new/", accounts.account_new, name="account_new"),
    path("accounts/sheet/", accounts.account_sheet, name="account_sheet"),
    path("accounts/template/", accounts.account_sheet_template, name="account_template"),
    path("accounts/<int:pk>/", accounts.account, name="account"),
    re_path(r"^healthz/?$", session.healthz, name="healthz"),
    re_path(r"^readyz/?$", session.readyz, name="readyz"),
]
