"""A Django application in one file, with Django's CSRF layer: the session endpoint, sign-out, a page, and an event.

Django 3.2 or later. In production: gunicorn django_app:application, behind a web server that provides TLS.
"""
import os, re

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpResponse
from django.template import engines
from django.urls import path

import meshes_session as meshes

if not settings.configured:
    settings.configure(
        SECRET_KEY=os.environ["DJANGO_SECRET_KEY"],
        ROOT_URLCONF="django_app",
        ALLOWED_HOSTS=["*"],  # Replace this: your hosts.
        MIDDLEWARE=["django.middleware.csrf.CsrfViewMiddleware"],
        CSRF_FAILURE_VIEW="django_app.csrf_failure",
        TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates"}],
    )
application = get_wsgi_application()

# The meta tag is the one place for the token that works with all settings of Django's CSRF layer.
PAGE = engines["django"].from_string("""<!doctype html>
<html lang="en">
<title>Integrations</title>
<meta name="csrf-token" content="{{ csrf_token }}">
<script src="https://cdn.jsdelivr.net/npm/meshes-workspace@0.1.0/dist/cdn/meshes-workspace.iife.min.js"
  integrity="sha384-mxpSO2MeD6WE4yw2xyeNsowUqU5PY1sKv2NTSGCI9Ov8fqN+CtMdj6595WzdinF2" crossorigin="anonymous" defer></script>
<meshes-workspace {% for name, value in launch.items %}{{ name }}="{{ value }}" {% endfor %}
  token-endpoint="/api/meshes/session" csrf-meta="csrf-token" csrf-header="X-CSRFToken"></meshes-workspace>
""")


def authorize(request):
    """Replace this: request.user. Returns fields of POST /sessions, or None if nobody is signed in."""
    user = request.COOKIES.get("user", "")
    is_signed_in = re.fullmatch("[A-Za-z0-9_-]+", user)
    return {"external_user_id": user, "workspace_id": meshes.WORKSPACE_ID} if is_signed_in else None


def respond(request, work):
    status, headers, body = meshes.respond(request, work)
    return HttpResponse(body, status=status, headers=headers)


def session(request):
    return respond(request, lambda: meshes.answer(request, request.read, lambda: authorize(request)))


def sign_out(request):
    return respond(request, lambda: meshes.sign_out(request, request.read, lambda: authorize(request)))


def integrations(request):
    user = authorize(request)
    if not user:
        return HttpResponse("Sign in first.", status=401)
    page = PAGE.render({"launch": meshes.launch(request.headers, user)}, request)
    # The launch URL is a credential.
    return HttpResponse(page, headers={"Cache-Control": "private, no-store"})


def add_contact(request):
    def work():
        body, _ = meshes.read_request(request, request.read)
        meshes.signed_in(lambda: authorize(request))
        return {"event_id": meshes.send_event("contact.created", {"email": str(body.get("email"))})}

    return respond(request, work)


def csrf_failure(request, reason=""):
    """Without this view, Django answers HTML, and the element cannot say what is wrong."""

    def work():
        raise meshes.Problem(403, "csrf_rejected")

    return respond(request, work)


urlpatterns = [
    path("api/meshes/session", session),
    path("api/meshes/sign-out", sign_out),
    path("integrations", integrations),
    path("api/contacts", add_contact),
]
