import hostile_python  # noqa: the import changes meshes_session
from django_app import application
from django.conf import settings

# Django 4 and later compare Origin with Host, unless the origin is listed. The hostile cases have a proxy that changes Host.
settings.CSRF_TRUSTED_ORIGINS = ["https://app.example"]
