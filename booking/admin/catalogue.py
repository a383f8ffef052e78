"""Vaccines and programmes: the few rows that everything else refers to."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.admin_base import FastAdmin
from booking.admin.releases.mode_page import release_view
from booking.admin.waitlist_order import WaitlistOrderField
from booking.models import Programme, Vaccine
from booking.queries.programmes import forget_programmes


class _Kept(FastAdmin):
    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        # What was given stays on record for years; what is no longer offered is switched off.
        return False


@admin.register(Vaccine)
class VaccineAdmin(_Kept):
    list_display = ["code", "name", "manufacturer"]
    search_fields = ["code", "name", "name_en"]


class ProgrammeForm(forms.ModelForm):
    waitlist_order = WaitlistOrderField()
    kept_for_later_doses = forms.IntegerField(
        label=gettext_lazy("留给后续剂次的百分比"),
        help_text=Programme._meta.get_field("kept_for_later_doses").help_text,
        min_value=0,
        max_value=100,
        required=False,
    )

    class Meta:
        model = Programme
        fields = [
            "code", "name", "name_en", "vaccine", "doses", "intervals", "min_age", "max_age", "sex", "districts",
            "kept_for_later_doses", "waitlist_order", "is_active",
        ]  # fmt: skip

    def clean_kept_for_later_doses(self) -> int:
        return self.cleaned_data["kept_for_later_doses"] or 0

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        doses, intervals = found.get("doses"), found.get("intervals")
        if doses is not None and intervals is not None and len(intervals) != doses - 1:
            wanted = _("%(doses)d 剂要填 %(intervals)d 个间隔天数，用逗号分开。")
            self.add_error("intervals", wanted % {"doses": doses, "intervals": doses - 1})
        if doses == 1 and found.get("kept_for_later_doses"):
            self.add_error("kept_for_later_doses", _("只有一剂的项目没有后续剂次，请填 0。"))
        youngest, oldest = found.get("min_age"), found.get("max_age")
        if youngest is not None and oldest is not None and youngest > oldest:
            self.add_error("max_age", _("最大年龄不能小于最小年龄。"))
        return found


@admin.register(Programme)
class ProgrammeAdmin(_Kept):
    form = ProgrammeForm
    list_display = ["code", "name", "vaccine", "doses", "min_age", "max_age", "is_active"]
    list_select_related = ["vaccine"]
    search_fields = ["code", "name", "name_en"]
    filter_horizontal = ["districts"]
    fieldsets = [
        (
            None,
            {
                "fields": [
                    ("code", "is_active"),
                    "name",
                    "name_en",
                    "vaccine",
                    ("doses", "intervals"),
                    "kept_for_later_doses",
                ]
            },
        ),
        (gettext_lazy("谁可以约"), {"fields": [("min_age", "max_age", "sex"), "districts", "release_mode_shown"]}),
        (gettext_lazy("候补"), {"fields": ["waitlist_order"]}),
    ]

    readonly_fields = ["release_mode_shown"]

    @admin.display(description=gettext_lazy("放号方式"))
    def release_mode_shown(self, programme: Programme) -> str:
        """In words, with the page on which it is changed: after a look at what that would mean."""
        if programme.pk is None:
            return _("到点开放。存下以后可以改。")
        link = reverse("admin:booking_programme_release", args=[programme.pk])
        return format_html('{} · <a href="{}">{}</a>', programme.get_release_mode_display(), link, _("看放号方式"))

    def get_urls(self) -> list[URLPattern]:
        """Beside Django's own: the way of release."""
        view = self.admin_site.admin_view(lambda r, pk: release_view(self, r, pk))
        return [path("<int:pk>/release/", view, name="booking_programme_release"), *super().get_urls()]

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        forget_programmes()
