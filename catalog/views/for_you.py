from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_POST

from catalog.recommendations import remembering
from catalog.recommendations.suggesting import personal_rows
from catalog.visiting import show_own_prices, visitor_of
from shop.core import limits
from shop.core.http import client_ip, private, same_origin, see_other
from shop.core.models import Shop


@require_GET
@private
def show(request):
    """What is remembered of the visitor, and the switch."""
    profile = remembering.profile_of(request)
    context = remembering.remembered(profile) | {
        "is_off": remembering.objects(request, profile),
        "browser_objects": remembering.browser_objects(request),
        "noindex": True,
    }
    return render(request, "catalog/for_you.html", context)


@require_GET
@private
def rows(request):
    """The personal rows of pages that are the same for everybody; empty (204) for whom nothing is known."""
    profile = remembering.profile_of(request)
    if profile is None or remembering.objects(request, profile):
        return HttpResponse(status=204)
    here = request.GET.get("product", "")
    found = personal_rows(profile, here=_numbers([here])[0] if _numbers([here]) else 0)
    if not found.viewed and not found.for_you:
        return HttpResponse(status=204)
    show_own_prices([*found.viewed, *found.for_you], visitor_of(request, Shop.current()))
    return render(request, "catalog/_for_you.html", {"rows": found})


@require_POST
@private
@same_origin
def looks(request):
    """What a page saw its visitor look at, several at once; sent when he leaves it."""
    limits.hit(f"looks:{client_ip(request)}", limit=300, seconds=3600)
    profile = remembering.note(
        request, products=_numbers(request.POST.getlist("product")), searches=request.POST.getlist("q")
    )
    response = HttpResponse(status=204)
    if profile is not None:
        remembering.keep_cookie(response, profile.token)
    return response


@require_POST
@private
def forget(request):
    remembering.forget(request)
    return see_other("catalog:for_you")


@require_POST
@private
def objection(request):
    """Off: forget, and remember nothing more. On: from now on."""
    response = see_other("catalog:for_you")
    if request.POST.get("remember") == "yes":
        remembering.allow_again(request)
        remembering.keep_cookie(response, None)
    else:
        remembering.keep_cookie(response, remembering.object_to_it(request))
    return response


def _numbers(texts: list[str]) -> list[int]:
    return [int(text) for text in texts if text.isascii() and text.isdigit() and len(text) < 16]
