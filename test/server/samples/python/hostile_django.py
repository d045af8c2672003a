import django_app
from django.conf import settings
from hostile_python import control

django_app.authorize = control(django_app.authorize, lambda request: request.headers)
application = django_app.application
# Django 4 and later compare Origin with Host, unless the origin is listed. The hostile cases have a proxy that changes Host.
settings.CSRF_TRUSTED_ORIGINS = ["https://app.example"]
