"""The limit: a Django project of one view and one line, behind the same web server (shop.dev.bench.bare:application)."""

import django
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpResponse
from django.template import engines
from django.urls import path

settings.configure(
    SECRET_KEY="a bare view signs nothing",  # noqa: S106
    ALLOWED_HOSTS=["127.0.0.1"],
    ROOT_URLCONF=__name__,
    LOGGING_CONFIG=None,
    TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates"}],
)
django.setup()
line = engines["django"].from_string("<p>Hello {{ name }}</p>")


def show(request):
    return HttpResponse(line.render({"name": "you"}))


urlpatterns = [path("", show)]
application = get_wsgi_application()
