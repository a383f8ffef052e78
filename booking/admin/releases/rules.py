"""Release rules in the admin. Saving one changes no slot: it leads to the dry run, which shows what it would do."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin import ModelAdmin
from django.db.models import ManyToManyField, Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from booking.admin.releases import words
from booking.admin.releases.apply import apply_view
from booking.admin.releases.dry_run import dry_run_view
from booking.admin.releases.form import ReleaseRuleForm
from booking.admin.releases.timeline import timeline_view
from booking.models import ReleaseRule
from sites.admin.scoped import ScopedAdmin
from sites.models import District, Site
from sites.scope import Scope, scope_of


@admin.register(ReleaseRule)
class ReleaseRuleAdmin(ScopedAdmin):
    form = ReleaseRuleForm
    list_display = ["name", "programme", "where", "opens", "days_ahead", "portions_shown", "is_active"]
    list_filter = ["programme", "is_active"]
    list_select_related = ["programme"]
    search_fields = ["name"]
    filter_horizontal = ["sites"]
    fieldsets = [
        (None, {"fields": ["name", "programme", "is_active"]}),
        (
            gettext_lazy("哪些接种点"),
            {
                "fields": ["districts", "sites"],
                "description": gettext_lazy("都不选就是全市。范围小的优先：先接种点的规则，再区县的，最后全市的。"),
            },
        ),
        (gettext_lazy("什么时候放号"), {"fields": ["opens", "days_ahead"]}),
        (
            gettext_lazy("分几批放"),
            {
                "fields": [
                    "percent_1", ("percent_2", "minutes_2"), ("percent_3", "minutes_3"), ("percent_4", "minutes_4"),
                ],
                "description": gettext_lazy("都不填就是一次放完。要分批，各批加起来等于 100 %。"),
            },
        ),
    ]  # fmt: skip

    # --- Whose rules -------------------------------------------------------------------------------------------------

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Rules of which every district and site is the account's own, and the city's, to look at."""
        found = ModelAdmin.get_queryset(self, request).prefetch_related("districts", "sites")
        scope = scope_of(request.user)
        if scope.everywhere:
            return found
        own_districts = District.objects.filter(scope.of_districts()).values("pk")
        return found.exclude(sites__in=Site.objects.exclude(scope.of_sites())).exclude(
            districts__in=District.objects.exclude(pk__in=own_districts)
        )

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        allowed = super().has_change_permission(request, obj)
        return allowed and (not isinstance(obj, ReleaseRule) or _is_own(scope_of(request.user), obj))

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        # Slot events name the rule that they followed; one that is not wanted is switched off.
        return False

    # --- The form ----------------------------------------------------------------------------------------------------

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        made = super().get_form(request, obj, change, **kwargs)
        return type(made.__name__, (made,), {"scope": scope_of(request.user)})

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        found = super().get_fieldsets(request, obj)
        if obj is None or self.has_change_permission(request, obj):
            return found
        # To look at only: the portions in words instead of rows to fill in.
        return [*found[:-1], (found[-1][0], {"fields": ["portions_shown"]})]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return [] if obj is None or self.has_change_permission(request, obj) else ["portions_shown"]

    def formfield_for_manytomany(
        self, db_field: "ManyToManyField[Any, Any]", request: HttpRequest, **kwargs: Any
    ) -> Any:
        if db_field.name == "districts":
            kwargs["widget"] = forms.CheckboxSelectMultiple()
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        shown = {"show_save_and_add_another": False, "show_save_and_continue": False}
        return super().changeform_view(request, object_id, form_url, {**(extra_context or {}), **shown})

    def response_add(
        self, request: HttpRequest, obj: ReleaseRule, post_url_continue: str | None = None
    ) -> HttpResponse:
        return self._look_first(request, obj)

    def response_change(self, request: HttpRequest, obj: ReleaseRule) -> HttpResponse:
        return self._look_first(request, obj)

    def _look_first(self, request: HttpRequest, rule: ReleaseRule) -> HttpResponse:
        messages.success(request, _("规则已存下，号源还没有变。请看下面会改什么，再决定。"))
        return HttpResponseRedirect(f"{reverse('admin:booking_releaserule_dry_run')}?rule={rule.pk}")

    # --- The list ----------------------------------------------------------------------------------------------------

    @admin.display(description=gettext_lazy("哪些接种点"))
    def where(self, rule: ReleaseRule) -> str:
        return words.where(rule)

    @admin.display(description=gettext_lazy("分几批"))
    def portions_shown(self, rule: ReleaseRule) -> str:
        return words.portions_of(rule)

    def get_urls(self) -> list[URLPattern]:
        """Beside Django's own: what lies ahead, the dry run, and applying a rule."""
        view = self.admin_site.admin_view
        return [
            path("timeline/", view(lambda r: timeline_view(self, r)), name="booking_releaserule_timeline"),
            path("dry-run/", view(lambda r: dry_run_view(self, r)), name="booking_releaserule_dry_run"),
            path("<int:pk>/apply/", view(lambda r, pk: apply_view(self, r, pk)), name="booking_releaserule_apply"),
            *super().get_urls(),
        ]


def _is_own(scope: Scope, rule: ReleaseRule) -> bool:
    if scope.everywhere:
        return True
    districts, sites = list(rule.districts.all()), list(rule.sites.all())
    return (
        bool(districts or sites)
        and all(district.pk in scope.districts for district in districts)
        and all(scope.has_site(site) for site in sites)
    )
