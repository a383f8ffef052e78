"""What is done with a list: a file for it, sending, reminding, withdrawing, taking that back."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.audit import HIDDEN
from accounts.audited import note
from accounts.models import User
from booking.admin.imports.words import file_refused
from booking.admin.invitations import words
from booking.admin.invitations.forms import OnePerson, PeopleFile
from booking.admin.invitations.pages import frame, list_of
from booking.models import InvitationList
from booking.operations.imports.read_file import MOST_BYTES
from booking.operations.imports.send_file import send_file
from booking.operations.invitations.refusals import ListRefused
from booking.operations.invitations.send import remind_list, send_list
from booking.operations.invitations.withdraw import put_back_list, put_back_person, withdraw_list, withdraw_person
from booking.operations.refusals import FileUnreadable, NotFound
from booking.queries.invitations.lists import figures, preview, to_remind


def file_view(model_admin: Any, request: HttpRequest, list_id: int) -> HttpResponse:
    """Its rows are checked by a job, and shown before anybody is added."""
    one = _to_change(model_admin, request, list_id)
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    form = PeopleFile(request.POST, request.FILES)
    if not form.is_valid():
        messages.error(request, _("请选一个文件。"))
        return _back(one)
    try:
        run = send_file(
            kind="invitations",
            file_name=form.cleaned_data["file"].name,
            # One byte more than allowed is enough to know.
            content=form.cleaned_data["file"].read(MOST_BYTES + 1),
            invitation_list=one.pk,
            by=request.user.pk or 0,
            now=timezone.now(),
        )
    except FileUnreadable as refusal:
        messages.error(request, file_refused("invitations", refusal.facts))
        return _back(one)
    note(request, "import", run, run.file_name, after={"kind": run.kind, "state": "sent", "list": one.pk})
    return HttpResponseRedirect(reverse("admin:booking_importrun_show", args=[run.pk]))


def send_view(model_admin: Any, request: HttpRequest, list_id: int) -> HttpResponse:
    """Asks first, with what speaks against it; by POST its people are invited."""
    one = _to_change(model_admin, request, list_id)
    if request.method == "POST":
        return _do(request, one, "invite", lambda: send_list(list_id=one.pk, now=timezone.now()), _("开始发了。"))
    seen = preview(one, now=timezone.now())
    return _ask(
        model_admin, request, one, title=_("发出名单里的邀请"), button=_("发出 %(n)d 人的邀请") % {"n": seen.people},
        sentences=[
            _("发出后这些人就可以约，名单不能再加人。发出的短信收不回来，邀请可以收回。"),
            _("名单里 %(people)d 人，截止前能约到的空号 %(places)d 个。")
            % {"people": seen.people, "places": seen.places},
        ],
        warnings=words.warnings(seen),
    )  # fmt: skip


def remind_view(model_admin: Any, request: HttpRequest, list_id: int) -> HttpResponse:
    """Asks first; by POST those who have not booked are told once more."""
    one = _to_change(model_admin, request, list_id)
    if request.method == "POST":
        return _do(request, one, "remind", lambda: remind_list(list_id=one.pk, now=timezone.now()), _("开始提醒了。"))
    number = to_remind(one).count()
    return _ask(
        model_admin, request, one, title=_("提醒还没约的人"), button=_("提醒 %(n)d 人") % {"n": number},
        sentences=[_("还没有约的 %(n)d 人会再收到一次。一份名单只能提醒一次。") % {"n": number}],
    )  # fmt: skip


def withdraw_view(model_admin: Any, request: HttpRequest, list_id: int) -> HttpResponse:
    """Asks first; by POST nobody can book by this list any more."""
    one = _to_change(model_admin, request, list_id)
    if request.method == "POST":
        done = _("已收回。一小时内可以撤销。")
        return _do(request, one, "revoke", lambda: withdraw_list(list_id=one.pk, now=timezone.now()), done)
    told = figures(one)
    return _ask(
        model_admin, request, one, title=_("收回名单"), button=_("收回"), is_harmful=True,
        sentences=[
            _("还没有约的 %(n)d 人不能再凭这份名单约。没有人会收到通知。") % {"n": told.left},
            _("已经约上的 %(n)d 人不受影响。一小时内可以撤销。") % {"n": told.booked},
        ],
    )  # fmt: skip


def person_view(model_admin: Any, request: HttpRequest, list_id: int) -> HttpResponse:
    """One person is taken off, found by the document; whoever looks leaves a trace."""
    one = _to_change(model_admin, request, list_id)
    form = OnePerson(request.POST or None)
    if request.method == "POST" and form.is_valid():
        assert isinstance(request.user, User)
        try:
            withdraw_person(list_id=one.pk, by=request.user, now=timezone.now(), **form.cleaned_data)
        except NotFound:
            form.add_error("number", _("名单里没有这个人。请核对号码和证件类型。"))
        except ListRefused:
            form.add_error("number", _("这个人的邀请已经收回了。"))
        else:
            after = {"person": HIDDEN, "people": 1}
            note(request, "revoke", one, str(one), after=after, reason=form.cleaned_data["reason"])
            messages.success(request, _("已收回这个人的邀请。已经约好的不受影响，一小时内可以撤销。"))
            return _back(one)
    context = {**frame(model_admin, request, _("收回一个人的邀请")), "list": one, "form": form}
    return TemplateResponse(request, "admin/booking/invitationlist/person.html", context)


def put_back_view(model_admin: Any, request: HttpRequest, list_id: int) -> HttpResponse:
    """Undo: the withdrawal of the list, or with `invitation` that of one person."""
    one = _to_change(model_admin, request, list_id)
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    now, person = timezone.now(), request.POST.get("invitation")
    if not person:
        return _do(
            request, one, "undo", lambda: put_back_list(list_id=one.pk, now=now), _("已撤销收回，邀请照常有效。")
        )
    try:
        invitation_id = UUID(person)
    except ValueError:
        raise Http404 from None
    done = _("已撤销，这个人的邀请照常有效。")
    return _do(
        request, one, "undo", lambda: put_back_person(list_id=one.pk, invitation_id=invitation_id, now=now), done,
        person=HIDDEN,
    )  # fmt: skip


def _do(request: HttpRequest, one: InvitationList, action: str, act: Callable[[], Any], done: str, **facts: Any) -> Any:
    try:
        act()
    except NotFound:
        raise Http404 from None
    except ListRefused as refusal:
        messages.error(request, str(words.REFUSED[refusal.facts["reason"]]))
    else:
        note(request, action, one, str(one), after={"people": one.invitations.count(), **facts})
        messages.success(request, done)
    return _back(one)


def _ask(
    model_admin: Any, request: HttpRequest, one: InvitationList, *, title: str, button: str, sentences: list[str],
    warnings: list[str] | None = None, is_harmful: bool = False,
) -> HttpResponse:  # fmt: skip
    context = {
        **frame(model_admin, request, title),
        "list": one,
        "button": button,
        "sentences": sentences,
        "warnings": warnings or [],
        "is_harmful": is_harmful,
    }
    return TemplateResponse(request, "admin/booking/invitationlist/ask.html", context)


def _to_change(model_admin: Any, request: HttpRequest, list_id: int) -> InvitationList:
    one = list_of(model_admin, request, list_id)
    if not request.user.has_perm("booking.change_invitationlist"):  # type: ignore[union-attr]
        raise PermissionDenied
    return one


def _back(one: InvitationList) -> HttpResponse:
    return HttpResponseRedirect(reverse("admin:booking_invitationlist_show", args=[one.pk]))
