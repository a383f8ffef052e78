"""Signing out, here or everywhere."""

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.sign_out import sign_out_everywhere


@never_cache
@require_http_methods(["GET", "POST"])
def sign_out(request: HttpRequest) -> HttpResponse:
    """By GET the choice; by POST this browser is signed out, or with `everywhere` every browser and app."""
    if not request.user.is_authenticated:
        return HttpResponseRedirect(reverse("home"))
    if request.method == "GET":
        return render(request, "accounts/sign_out.html")
    if request.POST.get("everywhere"):
        sign_out_everywhere(request.user.pk)
    logout(request)
    return render(request, "accounts/signed_out.html", {"everywhere": bool(request.POST.get("everywhere"))})
