from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.clickjacking import xframe_options_sameorigin

from shop.core.http import content_policy
from shop.dev import mailbox

# A mail is shown like in a mail program: it may bring styles and the shop's pictures, and run nothing.
IN_A_FRAME = {
    "default-src": ["'none'"],
    "style-src": ["'unsafe-inline'"],
    "img-src": ["'self'", "data:"],
    "frame-ancestors": ["'self'"],
    "sandbox": ["allow-popups", "allow-top-navigation-by-user-activation"],
}


def index(request):
    to = request.GET.get("to", "")
    return render(request, "dev/mailbox.html", {"mails": mailbox.newest(to=to), "to": to})


@content_policy({"frame-src": ["'self'"]})
def show(request, key):
    return render(request, "dev/mail.html", {"mail": _mail(key)})


@xframe_options_sameorigin
@content_policy(IN_A_FRAME)
def body(request, key):
    return HttpResponse(_mail(key).html.replace("<head>", '<head><base target="_top">', 1))


def attachment(request, key, number):
    parts = _mail(key).attachments
    if number >= len(parts):
        raise Http404
    part = parts[number]
    response = HttpResponse(part.get_content(), content_type=part.get_content_type())
    response["Content-Disposition"] = f'inline; filename="{part.get_filename()}"'
    return response


def _mail(key):
    if mail := mailbox.one(str(key)):
        return mail
    raise Http404
