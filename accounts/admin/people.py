"""Accounts, patients and who looked at whom, in the admin. Numbers are masked everywhere."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts.admin_base import FastAdmin, ReadOnlyAdmin, TracedAdmin
from accounts.look_ups import find_account, find_person
from accounts.masking import masked_name, masked_number, masked_phone
from accounts.models import DocumentType, LookUp, Patient, User
from accounts.phones import BadPhone, normal
from accounts.sign_out import sign_out_everywhere

# A slip of the mouse must not delete a hundred rows; what goes, goes one by one.
admin.site.disable_action("delete_selected")
# Permissions follow from offices, and nobody, not even a superuser, reads the secrets of second factors.
for _model in (Group, TOTPDevice, StaticDevice):
    admin.site.unregister(_model)


class FindPerson(forms.Form):
    """Sent by POST, so that no number stands in an address or a log."""

    document_type = forms.ChoiceField(label=gettext_lazy("证件类型"), choices=DocumentType.choices, required=False)
    number = forms.CharField(
        label=gettext_lazy("证件号码"), max_length=40, required=False, widget=forms.TextInput({"autocomplete": "off"})
    )
    phone = forms.CharField(
        label=gettext_lazy("或手机号"), max_length=40, required=False, widget=forms.TextInput({"autocomplete": "off"})
    )
    reason = forms.CharField(
        label=gettext_lazy("原因"),
        max_length=200,
        min_length=4,
        help_text=gettext_lazy("会记录下来，例如：本人来电改预约。"),
    )

    def clean_phone(self) -> str:
        try:
            return normal(self.cleaned_data["phone"]) if self.cleaned_data["phone"] else ""
        except BadPhone as bad:
            raise forms.ValidationError(bad.message) from None

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if not self.errors and bool(found.get("number")) == bool(found.get("phone")):
            raise forms.ValidationError(_("请填写证件号码或手机号，只填一个。"))
        return found


@admin.register(User)
class AccountAdmin(TracedAdmin, UserAdmin):
    """Accounts are switched off and on here. Passwords come by invitation, rights by offices."""

    list_display = ["username", "shown_phone", "is_active", "is_staff", "last_login"]
    list_filter = ["is_staff", "is_active"]
    ordering = ["-pk"]
    search_fields = ["username"]
    search_help_text = gettext_lazy("账号名的开头。按手机号请用“找人”。")
    fieldsets = [
        (None, {"fields": ["username", "first_name", "shown_phone", "shown_work_phone"]}),
        (gettext_lazy("权限"), {"fields": ["is_active", "is_staff", "is_superuser"]}),
        (gettext_lazy("时间"), {"fields": ["last_login", "date_joined"]}),
    ]

    @admin.display(description=gettext_lazy("手机号"))
    def shown_phone(self, user: User) -> str:
        return masked_phone(str(user.phone)) if user.phone else "-"

    @admin.display(description=gettext_lazy("工作手机号"))
    def shown_work_phone(self, user: User) -> str:
        return masked_phone(str(user.work_phone)) if user.work_phone else "-"

    def get_search_fields(self, request: HttpRequest) -> list[str]:
        # A prefix can use the index of the user names; "contains" reads every account of the city.
        return ["username__startswith"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        shown = ["shown_phone", "shown_work_phone", "last_login", "date_joined"]
        # Nobody raises themselves or anybody else, except those who are above everything already.
        return shown if _is_superuser(request) else [*shown, "username", "is_staff", "is_superuser"]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        # Nobody but a superuser changes a superuser, and nobody shuts themselves out.
        if obj is not None and (obj.pk == request.user.pk or (obj.is_superuser and not _is_superuser(request))):
            return False
        return super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if change and {"is_active", "is_staff"} & set(form.changed_data):
            sign_out_everywhere(obj.pk)

    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> HttpResponse:
        """Everybody else gets an invitation to choose a password of their own."""
        if not _is_superuser(request):
            raise PermissionDenied
        response = super().user_change_password(request, id, form_url)
        if request.method == "POST" and response.status_code == 302:
            self.audit(request, "password", self.get_object(request, id))
        return response


def _is_superuser(request: HttpRequest) -> bool:
    return bool(request.user.is_active and request.user.is_superuser)


@admin.register(Patient)
class PatientAdmin(ReadOnlyAdmin, TracedAdmin):
    change_list_template = "admin/accounts/patient/change_list.html"
    list_display = ["shown_name", "document_type", "birth_year", "sex", "relation", "added_at", "removed_at"]
    list_filter = ["document_type", "sex"]
    ordering = ["-added_at"]
    fields = [
        "shown_name", "document_type", "shown_number", "birth_date", "sex", "relation", "shown_phone", "district_code",
        "user", "added_at", "removed_at",
    ]  # fmt: skip

    def get_urls(self) -> list[URLPattern]:
        find = path("find/", self.admin_site.admin_view(self.find), name="accounts_patient_find")
        return [find, *super().get_urls()]

    def find(self, request: HttpRequest) -> HttpResponse:
        """Find a person by document or phone; asks why, and writes it down."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        form = FindPerson(request.POST or None)
        if form.is_valid():
            target = self._found(form.cleaned_data, request)
            if target:
                return HttpResponseRedirect(target)
            messages.warning(request, _("没有找到。请核对号码和证件类型。"))
        context = {**self.admin_site.each_context(request), "form": form, "opts": self.opts, "title": _("找人")}
        return TemplateResponse(request, "admin/accounts/patient/find.html", context)

    def _found(self, asked: dict[str, Any], request: HttpRequest) -> str | None:
        trace: dict[str, Any] = {"by": request.user, "reason": asked["reason"], "now": timezone.now()}
        if asked["phone"]:
            user = find_account(phone=asked["phone"], **trace)
            return f"{reverse('admin:accounts_patient_changelist')}?user__id__exact={user.pk}" if user else None
        found = find_person(document_type=asked["document_type"], number=asked["number"], **trace)
        # The keyed hash says nothing to anybody without the key, so it may stand in an address.
        return f"{reverse('admin:accounts_patient_changelist')}?person={found.person}" if found.person else None

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        return lookup in ("person", "user__id__exact") or super().lookup_allowed(lookup, value, request)  # type: ignore[arg-type]

    @admin.display(description=gettext_lazy("姓名"))
    def shown_name(self, patient: Patient) -> str:
        return masked_name(patient.name)

    @admin.display(description=gettext_lazy("证件号码"))
    def shown_number(self, patient: Patient) -> str:
        return masked_number(str(patient.document_number))

    @admin.display(description=gettext_lazy("手机号"))
    def shown_phone(self, patient: Patient) -> str:
        return masked_phone(str(patient.phone)) if patient.phone else "-"

    @admin.display(description=gettext_lazy("出生年"), ordering="birth_date")
    def birth_year(self, patient: Patient) -> int:
        return patient.birth_date.year


@admin.register(LookUp)
class LookUpAdmin(ReadOnlyAdmin, FastAdmin):
    list_display = ["at", "by", "kind", "what", "reason", "found"]
    list_filter = ["kind"]
    list_select_related = ["by"]
    ordering = ["-at"]
    search_fields = ["by__username"]

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        return lookup == "person" or super().lookup_allowed(lookup, value, request)  # type: ignore[arg-type]
