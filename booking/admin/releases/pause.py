"""The pause of everything: one page to begin it, after a look at what it stops, and to end it."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.admin_base import ReadOnlyAdmin
from accounts.audited import note
from booking.models import BookingPause
from booking.operations.releases.pausing import begin_pause, end_pause

_TEXT = "系统正在检查，请晚些时候再来。已约好的照常去打。"
_TEXT_EN = "We are checking the system. Please come back later. Appointments you have still stand."


class PauseForm(forms.Form):
    """What people are told, in both languages."""

    text = forms.CharField(
        label=gettext_lazy("公告"), max_length=200, initial=_TEXT, widget=forms.Textarea(attrs={"rows": 3})
    )
    text_en = forms.CharField(
        label=gettext_lazy("英文公告"), max_length=300, initial=_TEXT_EN, widget=forms.Textarea(attrs={"rows": 3})
    )

    def clean_text(self) -> str:
        return " ".join(self.cleaned_data["text"].split())

    def clean_text_en(self) -> str:
        return " ".join(self.cleaned_data["text_en"].split())


@admin.register(BookingPause)
class BookingPauseAdmin(ReadOnlyAdmin):
    list_display = ["began_at", "began_by", "ended_at", "ended_by", "text"]
    list_select_related = ["began_by", "ended_by"]
    ordering = ["-began_at"]
    fields = ["text", "text_en", "began_at", "began_by", "ended_at", "ended_by"]

    def get_urls(self) -> list[URLPattern]:
        """Beside Django's own: the switch."""
        view = self.admin_site.admin_view(self.switch)
        return [path("switch/", view, name="booking_bookingpause_switch"), *super().get_urls()]

    def switch(self, request: HttpRequest) -> HttpResponse:
        """Begin a pause, or end the one that runs."""
        if not request.user.has_perms(["booking.add_bookingpause", "booking.change_bookingpause"]):
            raise PermissionDenied
        running = BookingPause.objects.filter(ended_at=None).select_related("began_by").first()
        if running is not None and request.method == "POST" and "end" in request.POST:
            return self._end(request, running)
        if running is not None:
            return self._page(request, _("预约已暂停"), running=running)
        form = PauseForm(request.POST if "text" in request.POST else None)
        if form.is_valid() and "confirmed" in request.POST:
            return self._begin(request, form)
        return self._page(request, _("暂停预约"), form=form, look=form.is_valid())

    def _begin(self, request: HttpRequest, form: PauseForm) -> HttpResponse:
        found = form.cleaned_data
        assert request.user.pk is not None
        pause = begin_pause(text=found["text"], text_en=found["text_en"], by=request.user.pk, now=timezone.now())
        note(request, "pause", pause, str(pause), after=found)
        messages.warning(request, _("全市预约已暂停。恢复也在这一页。"))
        return HttpResponseRedirect(reverse("admin:booking_bookingpause_switch"))

    def _end(self, request: HttpRequest, running: BookingPause) -> HttpResponse:
        assert request.user.pk is not None
        end_pause(by=request.user.pk, now=timezone.now())
        note(request, "resume", running, str(running))
        messages.success(request, _("已恢复，全市可以预约了。"))
        return HttpResponseRedirect(reverse("admin:booking_bookingpause_changelist"))

    def _page(self, request: HttpRequest, title: str, **more: Any) -> HttpResponse:
        context = {**self.admin_site.each_context(request), "opts": self.opts, "title": title, **more}
        return TemplateResponse(request, "admin/booking/bookingpause/switch.html", context)
