"""Addresses; those of the interface documents are stable."""

from django.contrib.auth.views import LogoutView
from django.urls import URLPattern, URLResolver, path

from tracker.views import session

urlpatterns: list[URLPattern | URLResolver] = [
    path("login/", session.LogIn.as_view(), name="login"),
    path("logout/", LogoutView.as_view(), name="logout"),
    path("password/", session.OwnPassword.as_view(), name="password"),
    path("healthz", session.healthz, name="healthz"),
    path("readyz", session.readyz, name="readyz"),
    path("healthz/", session.healthz),
    path("readyz/", session.readyz),
]
