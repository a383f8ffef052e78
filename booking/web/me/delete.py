"""Deleting the account: what goes, what the law wants kept, a tick, and it is done."""

from django import forms
from django.contrib.auth import logout
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from booking.operations.delete_account import delete_account
from booking.operations.refusals import NotFound, StillBooked
from booking.queries.appointments import appointments_ahead
from booking.web.me.private import account_of, private


class DeleteAccount(forms.Form):
    """The citizen has understood; where there are appointments ahead, they go too."""

    cancel_appointments = forms.BooleanField(required=False)
    confirmed = forms.BooleanField(
        label=gettext_lazy("我知道注销后不能恢复"),
        error_messages={"required": gettext_lazy("确定要注销，请勾选“我知道注销后不能恢复”。")},
    )

    def __init__(self, *args: object, ahead: int, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        label = ngettext("同时取消这 %(count)d 个预约", "同时取消这 %(count)d 个预约", ahead)
        self.fields["cancel_appointments"].label = label % {"count": ahead}
        if not ahead:
            del self.fields["cancel_appointments"]


@private("GET", "POST")
def delete(request: HttpRequest) -> HttpResponse:
    """Explain, and delete when confirmed."""
    account_id, now = account_of(request), timezone.now()
    ahead = appointments_ahead(account_id, now=now)
    form = DeleteAccount(request.POST if request.method == "POST" else None, ahead=len(ahead))
    if request.method == "POST" and form.is_valid():
        try:
            with_appointments = bool(form.cleaned_data.get("cancel_appointments"))
            delete_account(account_id=account_id, cancel_appointments=with_appointments, now=now)
        except StillBooked as refused:
            _explain(form, refused)
        except NotFound:
            raise Http404 from None
        else:
            logout(request)
            return HttpResponseRedirect(reverse("account_deleted"))
    return render(request, "booking/me/delete_account.html", {"form": form, "ahead": len(ahead)})


def _explain(form: DeleteAccount, refused: StillBooked) -> None:
    if refused.facts["waiting"]:
        form.add_error(None, _("有人已经在接种点签到。等这次接种结束后再注销。"))
    elif "cancel_appointments" in form.fields:
        form.add_error("cancel_appointments", _("还有没打的预约。请勾选一起取消，或先到“我的预约”里处理。"))
    else:
        # Booked from another device while this page was open.
        form.add_error(None, _("刚刚又约了一个号。请重新打开这一页再试。"))


def deleted(request: HttpRequest) -> HttpResponse:
    """It is done."""
    return render(request, "booking/me/account_deleted.html")
