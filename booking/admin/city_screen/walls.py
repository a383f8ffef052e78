"""The city screens on walls: which there are, pairing one by the code that it shows, and ending one."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.audited import note
from accounts.tries import CannotCount, counted
from booking.admin.city_screen.pages import HANDLE, own_districts
from booking.models import PublicScreen
from booking.operations.refusals import NotFound
from booking.operations.screens.pairing import end, pair_city_screen
from sites.admin.scoped import own_choices
from sites.models import District

CODES_AN_HOUR = 20
_HOUR = 3600


class PairForm(forms.Form):
    """The code on the screen, and what it is to show."""

    code = forms.RegexField(
        r"^\s*[0-9]{3}\s?[0-9]{3}\s*\Z",
        label=gettext_lazy("屏幕上的六位数字"),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "size": 8}),
        error_messages={"invalid": gettext_lazy("请输入屏幕上的六位数字。")},
    )
    district = forms.ModelChoiceField(
        label=gettext_lazy("显示哪里"),
        queryset=District.objects.none(),
        required=False,
        empty_label=gettext_lazy("全市"),
    )

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["district"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = own_choices(District, request) or District.objects.none()
        if own_districts(request) is not None:
            field.required, field.empty_label = True, None

    def clean_code(self) -> str:
        return "".join(self.cleaned_data["code"].split())


def walls(request: HttpRequest) -> HttpResponse:
    """The list with its form; POST pairs a screen, or ends the one named by `end`."""
    if not request.user.has_perm(HANDLE):  # type: ignore[union-attr]
        raise PermissionDenied
    own = own_districts(request)
    rows = PublicScreen.objects.filter(Q() if own is None else Q(district__in=own), site=None, ended_at=None)
    form = PairForm(request.POST if "code" in request.POST else None, request=request)
    if request.method == "POST" and "end" in request.POST:
        wanted = _id(request.POST["end"])
        return _end(request, rows.filter(pk=wanted).first() if wanted else None)
    if form.is_valid() and _pair(request, form):
        return HttpResponseRedirect(reverse("admin:city_screen_walls"))
    context = {
        **admin.site.each_context(request),
        "title": _("墙上的大屏"),
        "form": form,
        "rows": rows.select_related("district", "paired_by").order_by("-paired_at"),
        "address": request.build_absolute_uri(reverse("city_wall")),
    }
    return TemplateResponse(request, "admin/city_screen/walls.html", context)


def _pair(request: HttpRequest, form: PairForm) -> bool:
    assert request.user.pk is not None
    try:
        if counted(f"city_screen:codes:{request.user.pk}", seconds=_HOUR) > CODES_AN_HOUR:
            form.add_error("code", _("试的次数太多。请一小时后再试。"))
            return False
        district = form.cleaned_data["district"]
        found = pair_city_screen(form.cleaned_data["code"], district=district, by=request.user.pk, now=timezone.now())
    except CannotCount:
        form.add_error("code", _("现在不能配对，请过几秒再试。"))
        return False
    except NotFound:
        form.add_error("code", _("没有屏幕在显示这个码。请看屏幕上现在的码，再输一次。"))
        return False
    note(request, "pair", found, str(found), district_code=found.district_id or "")
    messages.success(request, _("配好了。屏幕几秒后显示%(what)s。") % {"what": found})
    return True


def _end(request: HttpRequest, row: PublicScreen | None) -> HttpResponse:
    if row is None:
        raise Http404
    end(row.pk, site=None, now=timezone.now())
    note(request, "unpair", row, str(row), district_code=row.district_id or "")
    messages.success(request, _("已停用，屏幕几秒后不再显示任何内容。要再用，请重新配对。"))
    return HttpResponseRedirect(reverse("admin:city_screen_walls"))


def _id(said: str) -> UUID | None:
    try:
        return UUID(said)
    except ValueError:
        return None
