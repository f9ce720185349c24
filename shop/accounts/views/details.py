from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import render
from django.utils.translation import gettext as _

from shop.accounts.forms import DetailsForm
from shop.core.http import see_other


@login_required
def edit(request):
    form = DetailsForm(request.POST or None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Your details are saved."))
        return see_other("accounts:details")
    context = {"form": form, "section": "details"}
    return render(request, "accounts/details.html", context, status=422 if form.errors else 200)
