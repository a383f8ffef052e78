"""The queue of a release: made after a look at how long it takes, made faster while it runs, or cancelled."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.admin_base import ReadOnlyAdmin
from booking.admin.releases import words
from booking.models import ReleaseQueue
from booking.operations.queues.look import look_at_queue
from booking.operations.queues.plan import cancel_queue, let_in_faster, make_queue
from booking.operations.queues.refusals import CannotSetQueue
from booking.queries.queue_moments import ReleaseMoment, release_moments
from booking.queries.queue_state import LOBBY, OPEN
from booking.rules.queue import Pace, drained_at

_DAYS = 60
_CROWDS = (1_000, 10_000, 100_000, 300_000)

_REASONS = {
    "past": gettext_lazy("这个放号时间已经过了。"),
    "times": gettext_lazy("时间的先后不对。"),
    "no_release": gettext_lazy("这个时间没有时段放号。请重新选。"),
    "taken": gettext_lazy("这次放号已经有排队了。"),
    "slower": gettext_lazy("开始排队以后只能调快，不能调慢。"),
    "over": gettext_lazy("这次排队已经结束或取消了。"),
}


class QueueForm(forms.Form):
    """Which release, from when people may stand in it, for how long, and how fast they are let in."""

    release = forms.ChoiceField(label=gettext_lazy("哪一次放号"))
    lobby_minutes = forms.IntegerField(
        label=gettext_lazy("提前几分钟可以排"),
        min_value=10,
        max_value=24 * 60,
        initial=60,
        help_text=gettext_lazy("至少 30 分钟较好：放号前来的人次序随机，给大家时间，不会一下子涌来。"),
    )
    end_minutes = forms.IntegerField(
        label=gettext_lazy("放号后几分钟结束"),
        min_value=10,
        max_value=24 * 60,
        initial=180,
        help_text=gettext_lazy("到那时不用排队就能约。要比排完的时间长。"),
    )
    people_a_minute = forms.IntegerField(
        label=gettext_lazy("每分钟放进几人"),
        min_value=1,
        max_value=100_000,
        initial=lambda: settings.QUEUE_PEOPLE_A_MINUTE,
        help_text=gettext_lazy("先填的是这套系统演练时量到、页面仍然快的人数。"),
    )

    def __init__(self, data: Any, found: list[ReleaseMoment], wanted: str) -> None:
        super().__init__(data, initial={"release": wanted})
        self.moments = {_key(one): one for one in found}
        self.fields["release"].choices = [(key, _named(one)) for key, one in self.moments.items()]  # type: ignore[attr-defined]

    def wanted(self) -> dict[str, Any]:
        """What the operation takes."""
        found, moment = self.cleaned_data, self.moments[self.cleaned_data["release"]]
        return {
            "programme_id": moment.programme.pk,
            "lobby_from": moment.opens_at - timedelta(minutes=found["lobby_minutes"]),
            "opens_at": moment.opens_at,
            "ends_at": moment.opens_at + timedelta(minutes=found["end_minutes"]),
            "people_a_minute": found["people_a_minute"],
        }


class PaceForm(forms.Form):
    """How many are let in each minute."""

    people_a_minute = forms.IntegerField(label=gettext_lazy("每分钟放进几人"), min_value=1, max_value=100_000)


@admin.register(ReleaseQueue)
class ReleaseQueueAdmin(ReadOnlyAdmin):
    list_display = ["opens_at", "programme", "lobby_from", "ends_at", "people_a_minute", "early", "cancelled_at"]
    list_select_related = ["programme"]
    ordering = ["-opens_at"]
    fields = [
        "programme", "lobby_from", "opens_at", "ends_at", "people_a_minute", "early", "behind", "made_by", "made_at",
        "cancelled_at",
    ]  # fmt: skip
    change_form_template = "admin/booking/releasequeue/change_form.html"

    def get_urls(self) -> list[URLPattern]:
        """Beside Django's own: making one, the pace, and cancelling."""
        view = self.admin_site.admin_view
        return [
            path("new/", view(self.new), name="booking_releasequeue_new"),
            path("<int:pk>/set/", view(self.set), name="booking_releasequeue_set"),
            *super().get_urls(),
        ]

    def new(self, request: HttpRequest) -> HttpResponse:
        """The form, a look at what it means, and then the queue."""
        _may_set(request)
        now = timezone.now()
        found = release_moments(now=now, until=now + timedelta(days=_DAYS))
        form = QueueForm(request.POST or None, found, request.GET.get("release", ""))
        is_good = form.is_valid()
        if is_good and "confirmed" in request.POST:
            try:
                queue = make_queue(**form.wanted(), by=request.user.pk or 0, now=now)
            except CannotSetQueue as refusal:
                form.add_error(None, str(_REASONS[refusal.facts["reason"]]))
                is_good = False
            else:
                self.audit(request, "add", queue, after=_facts(queue))
                messages.success(request, _("已设好。预约页会告诉市民几点起可以排。"))
                return HttpResponseRedirect(reverse("admin:booking_releasequeue_change", args=[queue.pk]))
        look = _look(form) if is_good else None
        return self._page(request, "new.html", _("设放号排队"), form=form, look=look, moments=found)

    def set(self, request: HttpRequest, pk: int) -> HttpResponse:
        """How it stands; by POST the pace is changed, or it is cancelled after a second look."""
        _may_set(request)
        queue, now = get_object_or_404(ReleaseQueue.objects.select_related("programme"), pk=pk), timezone.now()
        form = PaceForm(request.POST if "people_a_minute" in request.POST else None, initial=_facts(queue))
        try:
            if "cancel" in request.POST:
                cancelled = cancel_queue(queue_id=pk, now=now)
                self.audit(request, "cancel", cancelled, before=_facts(queue))
                messages.warning(request, _("已取消。在排的人会看到不用排了，可以直接约。"))
                return HttpResponseRedirect(reverse("admin:booking_releasequeue_change", args=[pk]))
            if form.is_valid():
                faster = let_in_faster(queue_id=pk, people_a_minute=form.cleaned_data["people_a_minute"], now=now)
                self.audit(request, "change", faster, before=_facts(queue), after=_facts(faster))
                messages.success(request, _("已改。在排的人几分钟内会看到新的时间。"))
                return HttpResponseRedirect(reverse("admin:booking_releasequeue_set", args=[pk]))
        except CannotSetQueue as refusal:
            messages.error(request, str(_REASONS[refusal.facts["reason"]]))
        state = look_at_queue(queue_id=pk, now=now)
        pace = Pace(queue.opens_at, state.early, queue.people_a_minute)
        more = {
            "queue": queue,
            "form": form,
            "state": state,
            "is_on": state.phase in (LOBBY, OPEN),
            "is_over": queue.cancelled_at is not None or queue.ends_at < now,
            "ask_cancel": "ask" in request.GET,
            "drained": drained_at(state.early + state.behind, pace),
        }
        return self._page(request, "set.html", str(queue), **more)

    def _page(self, request: HttpRequest, template: str, title: str, **more: Any) -> HttpResponse:
        context = {**self.admin_site.each_context(request), "opts": self.opts, "title": title, **more}
        return TemplateResponse(request, f"admin/booking/releasequeue/{template}", context)


def _may_set(request: HttpRequest) -> None:
    if not request.user.has_perms(["booking.add_releasequeue", "booking.change_releasequeue"]):
        raise PermissionDenied


def _key(moment: ReleaseMoment) -> str:
    return f"{moment.programme.pk}|{moment.opens_at.isoformat()}"


def _named(moment: ReleaseMoment) -> str:
    at = timezone.localtime(moment.opens_at)
    facts = {"at": f"{at:%Y-%m-%d %H:%M}", "programme": words.named(moment.programme), "places": f"{moment.places:,}"}
    return _("%(at)s %(programme)s，放 %(places)s 个号") % facts


def _facts(queue: ReleaseQueue) -> dict[str, Any]:
    names = ("lobby_from", "opens_at", "ends_at")
    times = {name: timezone.localtime(getattr(queue, name)).isoformat(timespec="minutes") for name in names}
    return {**times, "people_a_minute": queue.people_a_minute}


def _look(form: QueueForm) -> dict[str, Any]:
    """What the queue would mean: when each crowd would be through, and whether it ends too early for it."""
    wanted, moment = form.wanted(), form.moments[form.cleaned_data["release"]]
    ends_at: datetime = wanted["ends_at"]

    def row(people: int) -> dict[str, Any]:
        done = drained_at(people, Pace(moment.opens_at, people, wanted["people_a_minute"]))
        return {"people": people, "at": timezone.localtime(done), "is_late": done > ends_at}

    return {
        **wanted,
        "programme": words.named(moment.programme),
        "places": moment.places,
        "crowds": [row(people) for people in _CROWDS],
        "gone": row(moment.places),
    }
