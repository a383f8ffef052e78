"""Adding somebody by phone, in the admin: an account, its office or post, and a link sent to the phone."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib.admin.widgets import AutocompleteSelect
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import invitations
from accounts.addresses import origin_of
from accounts.admin_steps import fresh_code_first
from accounts.channels import NotSent
from accounts.masking import masked_phone
from accounts.models import User
from accounts.phones import BadPhone, normal_for_codes
from sites.admin.scoped import own_choices
from sites.admin.wording import sentence
from sites.inviting import invite
from sites.models import AdminRole, DeskRole, District, Site, StaffMember
from sites.offices import OfficeRefused, may_give
from sites.scope import scope_of

_CITYWIDE = (AdminRole.CITY, AdminRole.AUDITOR)


class InviteForm(forms.Form):
    """Who, what, and where; each choice only as far as the inviter's own part of the city goes."""

    name = forms.CharField(label=gettext_lazy("姓名"), max_length=40)
    phone = forms.CharField(
        label=gettext_lazy("工作手机号"),
        max_length=40,
        help_text=gettext_lazy("邀请短信发到这里。它不能用来登录，和本人预约用的账号无关。"),
        widget=forms.TextInput({"type": "tel", "autocomplete": "off"}),
    )
    role = forms.ChoiceField(label=gettext_lazy("做什么"))
    district = forms.ModelChoiceField(
        District.objects.none(), label=gettext_lazy("区县"), required=False, help_text=gettext_lazy("区县管理员要选。")
    )
    site = forms.ModelChoiceField(
        Site.objects.none(), label=gettext_lazy("接种点"), required=False,
        help_text=gettext_lazy("接种点管理员和各岗位要选。"),
    )  # fmt: skip

    def __init__(self, *args: Any, request: HttpRequest, admin_site: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = _roles(request)  # type: ignore[attr-defined]
        self.fields["district"].queryset = own_choices(District, request)  # type: ignore[attr-defined]
        site: Any = self.fields["site"]
        site.widget = AutocompleteSelect(StaffMember._meta.get_field("site"), admin_site)
        site.queryset = own_choices(Site, request)

    def clean_phone(self) -> str:
        try:
            return normal_for_codes(self.cleaned_data["phone"])
        except BadPhone as bad:
            raise forms.ValidationError(bad.message) from None

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        role = found.get("role")
        for name, error in place_errors(role, found.get("district"), found.get("site")).items():
            if name not in self.errors:
                self.add_error(name, error)
        return found


def place_errors(role: str | None, district: District | None, site: Site | None) -> dict[str, str]:
    """What is wrong with the place of a role, by field; empty if it fits."""
    needed = {AdminRole.DISTRICT: "district", **dict.fromkeys([AdminRole.SITE, *DeskRole.values], "site")}
    wrong: dict[str, str] = {}
    if role is None:
        return wrong
    for name, chosen in (("district", district), ("site", site)):
        if needed.get(role) == name and chosen is None:
            wrong[name] = _("请选择区县。") if name == "district" else _("请选择接种点。")
        elif needed.get(role) != name and chosen is not None:
            wrong[name] = _("这个角色不用选这一项，请清空。")
    return wrong


def _roles(request: HttpRequest) -> list[Any]:
    """The roles that the caller may give somewhere, and the desk's posts."""
    user: Any = request.user
    offered = [(value, label) for value, label in AdminRole.choices if _may_give_somewhere(user, value)]
    groups: list[Any] = [("", "---------")]
    if offered:
        groups.append((_("管理后台"), offered))
    if user.has_perm("sites.add_staffmember"):
        groups.append((_("接种点岗位"), DeskRole.choices))
    return groups


def _may_give_somewhere(user: User, role: str) -> bool:
    if role in _CITYWIDE or user.is_superuser:
        return may_give(user, role)
    places = [District(code=code) for code in scope_of(user).districts]
    return may_give(user, role) or any(may_give(user, role, district=place) for place in places)


def invite_view(model_admin: Any, request: HttpRequest) -> HttpResponse:
    """The form, and then what was done."""
    user: Any = request.user
    if not (user.has_perm("sites.add_administrator") or user.has_perm("sites.add_staffmember")):
        raise PermissionDenied
    if (first := fresh_code_first(request)) is not None:
        return first
    form = InviteForm(request.POST or None, request=request, admin_site=model_admin.admin_site)
    if request.method == "POST" and form.is_valid():
        asked = form.cleaned_data
        try:
            made, secret = invite(
                by=user, name=asked["name"], work_phone=asked["phone"], role=asked["role"], district=asked["district"],
                site=asked["site"], origin=origin_of(request), now=timezone.now(),
            )  # fmt: skip
        except OfficeRefused as refusal:
            form.add_error(None, sentence(refusal))
        else:
            return invited_page(model_admin, request, made, secret)
    context = {
        **model_admin.admin_site.each_context(request),
        "opts": model_admin.opts,
        "title": _("邀请同事"),
        "form": form,
        "media": model_admin.media + form.media,
        "may_list": model_admin.has_view_or_change_permission(request),
    }
    return TemplateResponse(request, "admin/sites/invite.html", context)


def invited_page(model_admin: Any, request: HttpRequest, user: User, secret: str) -> HttpResponse:
    """Send the link, and say whether it went out; in a demonstration the page shows it."""
    link = request.build_absolute_uri(reverse("join", args=[secret]))
    was_sent = True
    try:
        invitations.send(user=user, link=link)
    except NotSent:
        was_sent = False
    context = {
        **model_admin.admin_site.each_context(request),
        "opts": model_admin.opts,
        "title": _("邀请同事"),
        "invited": user,
        "phone": masked_phone(str(user.work_phone)),
        "was_sent": was_sent,
        "link": link if settings.DEMONSTRATION else "",
        "hours": int(invitations.LIVES.total_seconds() // 3600),
        "may_list": model_admin.has_view_or_change_permission(request),
    }
    return TemplateResponse(request, "admin/sites/invited.html", context)
