"""Whole days published from a small form: filled in, looked at, confirmed."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.contrib.admin.widgets import AdminDateWidget, AdminSplitDateTime, AdminTimeWidget, AutocompleteSelect
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.audited import note
from booking.models import Programme, Slot
from booking.operations.quotas.publish_slots import publish_slots
from booking.queries.kept_doses import kept_of
from sites.models import Site
from sites.scope import scope_of

MOST_DAYS = 31


class PublishDays(forms.Form):
    """One site, one programme, some days, sessions of equal length. Times are the city's."""

    site = forms.ModelChoiceField(Site.objects.filter(is_active=True), label=gettext_lazy("接种点"))
    programme = forms.ModelChoiceField(Programme.objects.filter(is_active=True), label=gettext_lazy("接种项目"))
    first_day = forms.DateField(label=gettext_lazy("从哪天"), widget=AdminDateWidget)
    last_day = forms.DateField(label=gettext_lazy("到哪天"), widget=AdminDateWidget, help_text=gettext_lazy("含这天"))
    weekends = forms.BooleanField(label=gettext_lazy("周末也开"), required=False)
    begins = forms.TimeField(label=gettext_lazy("几点开始"), initial=time(8), widget=AdminTimeWidget)
    ends = forms.TimeField(label=gettext_lazy("几点结束"), initial=time(16, 30), widget=AdminTimeWidget)
    break_begins = forms.TimeField(label=gettext_lazy("午休从"), initial=time(11, 30), required=False)
    break_ends = forms.TimeField(label=gettext_lazy("午休到"), initial=time(13, 30), required=False)
    minutes = forms.IntegerField(label=gettext_lazy("每段几分钟"), initial=30, min_value=5, max_value=480)
    quota = forms.IntegerField(label=gettext_lazy("每段号源数"), min_value=0, max_value=100_000, initial=20)
    opens_at = forms.SplitDateTimeField(
        label=gettext_lazy("放号时间"), widget=AdminSplitDateTime, help_text=gettext_lazy("到这个时间才能约")
    )

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if self.errors:
            return found
        first, last = found["first_day"], found["last_day"]
        if last < first:
            self.add_error("last_day", _("结束日期不能早于开始日期。"))
        elif (last - first).days >= MOST_DAYS:
            self.add_error("last_day", _("一次最多发布 %(most)d 天。") % {"most": MOST_DAYS})
        if first < timezone.localdate():
            self.add_error("first_day", _("不能发布过去的日子。"))
        if found["ends"] <= found["begins"]:
            self.add_error("ends", _("结束要晚于开始。"))
        if bool(found["break_begins"]) != bool(found["break_ends"]):
            self.add_error("break_ends", _("午休的两个时间都要填，或者都不填。"))
        if not self.errors and not (self.days() and self.times()):
            raise forms.ValidationError(_("这样一个时段也没有。请核对日期和时间。"))
        return found

    def days(self) -> list[date]:
        """The days that were chosen."""
        first, last = self.cleaned_data["first_day"], self.cleaned_data["last_day"]
        every = [first + timedelta(days=n) for n in range((last - first).days + 1)]
        return [day for day in every if self.cleaned_data["weekends"] or day.weekday() < 5]

    def times(self) -> list[tuple[time, time]]:
        """Start and end of each session of a day."""
        found = self.cleaned_data
        step = timedelta(minutes=found["minutes"])
        begins = datetime.combine(date.min, found["begins"])
        sessions = []
        while begins + step <= datetime.combine(date.min, found["ends"]):
            session = (begins.time(), (begins + step).time())
            if not self._in_break(*session):
                sessions.append(session)
            begins += step
        return sessions

    def _in_break(self, begins: time, ends: time) -> bool:
        from_, to = self.cleaned_data["break_begins"], self.cleaned_data["break_ends"]
        return bool(from_ and to and begins < to and ends > from_)


def publish_view(model_admin: "ModelAdmin[Slot]", request: HttpRequest) -> HttpResponse:
    """First the form, then what it would make, then the slots."""
    own = Site.objects.filter(scope_of(request.user).of_sites(), is_active=True)
    form = PublishDays(request.POST or None, initial={"opens_at": timezone.now(), **_known(request, own)})
    form.fields["site"].queryset = own  # type: ignore[attr-defined]
    form.fields["site"].widget = AutocompleteSelect(Slot._meta.get_field("site"), model_admin.admin_site)
    form.fields["site"].widget.choices = form.fields["site"].choices  # type: ignore[attr-defined]
    context = {
        **model_admin.admin_site.each_context(request),
        "opts": model_admin.opts,
        "title": _("发布号源"),
        "form": form,
        "media": model_admin.media + form.media,
    }
    if form.is_valid():
        if request.POST.get("confirmed"):
            return _publish(form, request)
        context["preview"] = _preview(form)
    return TemplateResponse(request, "admin/booking/slot/publish.html", context)


def _known(request: HttpRequest, own: "QuerySet[Site]") -> dict[str, Any]:
    """What the calendar's link says already."""
    site = own.filter(code=request.GET.get("site", "")).first()
    return {"site": site, "first_day": request.GET.get("first_day", "")} if site else {}


def _preview(form: PublishDays) -> dict[str, Any]:
    days, times, found = form.days(), form.times(), form.cleaned_data
    zone = timezone.get_default_timezone()
    starts = [datetime.combine(day, begins, zone) for day in days for begins, _ends in times]
    same = Slot.objects.standing().filter(site=found["site"], programme=found["programme"], starts_at__in=starts)
    there, rule, now = set(same.values_list("starts_at", flat=True)), kept_of(found["programme"]), timezone.now()
    new = [start for start in starts if start not in there]
    kept = sum(rule.of(found["quota"], starts_at=start, now=now) for start in new)
    places = len(new) * found["quota"] - kept
    return {"days": days, "times": times, "there": len(there), "new": len(new), "places": places, "kept": kept}


def _publish(form: PublishDays, request: HttpRequest) -> HttpResponse:
    found, made = form.cleaned_data, 0
    with transaction.atomic():
        for day in form.days():
            made += len(
                publish_slots(
                    site=found["site"],
                    programme=found["programme"],
                    day=day,
                    times=form.times(),
                    quota=found["quota"],
                    opens_at=found["opens_at"],
                    by=request.user.pk,
                    now=timezone.now(),
                )
            )
    site = found["site"]
    facts = {"slots": made, "quota": found["quota"], "programme": str(found["programme"])}
    note(request, "publish", site, site.name, after=facts, district_code=site.district_id)
    messages.success(request, _("已发布 %(made)d 个时段。") % {"made": made})
    target = f"{reverse('admin:booking_slot_changelist')}?site__id__exact={site.pk}"
    return HttpResponseRedirect(target)
