"""Runs the Django sample with the settings of Django's CSRF layer that the variable DJANGO_CSRF names."""

import os

from django.conf import LazySettings

configure = LazySettings.configure
SETTINGS = {
    "default": {},
    "CSRF_COOKIE_HTTPONLY": {"CSRF_COOKIE_HTTPONLY": True},
    "CSRF_USE_SESSIONS": {
        "CSRF_USE_SESSIONS": True,
        "SESSION_ENGINE": "django.contrib.sessions.backends.signed_cookies",
    },
}[os.environ["DJANGO_CSRF"]]


def configure_with_settings(settings, **options):
    if "CSRF_USE_SESSIONS" in SETTINGS:
        options["MIDDLEWARE"] = ["django.contrib.sessions.middleware.SessionMiddleware", *options["MIDDLEWARE"]]
    configure(settings, **{**options, **SETTINGS})


LazySettings.configure = configure_with_settings
from django_app import application  # noqa: after the settings
