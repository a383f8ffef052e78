"""Batches at the sites: what is left, for how many days it will do, and doses that have come."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

from django import forms
from django.contrib import admin
from django.db.models import F, Model, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.admin_base import ReadOnlyAdmin
from booking.models import Batch, DayClose, MovementKind, StockMovement
from booking.operations.stock.move_stock import MOST_DOSES, Delivery, receive
from booking.rules.stock import days_of_cover, is_expired
from sites.admin.scoped import OwnPartFilter, ScopedAdmin

_COVER_DAYS = 7


class DeliveryForm(forms.ModelForm):
    """Doses that have come: the batch as its box says, and how many."""

    doses = forms.IntegerField(label=gettext_lazy("收到几剂"), min_value=1, max_value=MOST_DOSES)
    # Made with the form, so that sending it twice is one delivery.
    key = forms.CharField(widget=forms.HiddenInput, max_length=64)

    class Meta:
        model = Batch
        fields = ["site", "vaccine", "number", "expires_on", "doses_per_vial", "pack_code"]

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        expires_on = found.get("expires_on")
        if expires_on is not None and is_expired(expires_on, today=timezone.localdate()):
            self.add_error("expires_on", _("这一批过期了，不能入库。"))
        wanted = [found.get(name) for name in ("site", "vaccine", "number")]
        if expires_on is not None and all(wanted):
            known = Batch.objects.filter(site=wanted[0], vaccine=wanted[1], number=wanted[2]).first()
            if known is not None and known.expires_on != expires_on:
                words = _("这个批号已经登记过，有效期是 %(day)s。请再看一眼包装。")
                self.add_error("expires_on", words % {"day": known.expires_on.isoformat()})
            elif known is not None:
                # The batch that the site has already just gets more doses.
                self.instance = known
        return found

    def clean_doses_per_vial(self) -> int:
        found: int = self.cleaned_data["doses_per_vial"]
        if found < 1:
            raise forms.ValidationError(_("每瓶至少 1 剂。"))
        return found


class MovementsInline(admin.TabularInline):
    model = StockMovement
    fields = ["at", "kind", "doses", "reason", "by"]
    readonly_fields = ["at", "kind", "doses", "reason", "by"]
    ordering = ["-pk"]
    extra = 0
    can_delete = False
    # A batch is given a thousand times; the last of it tell how it stands.
    max_shown = 100

    def get_queryset(self, request: HttpRequest) -> QuerySet[StockMovement]:
        found = super().get_queryset(request).select_related("by")
        batch_id = request.resolver_match.kwargs.get("object_id") if request.resolver_match else None
        last = StockMovement.objects.filter(batch_id=batch_id or 0).order_by("-pk").values("pk")[: self.max_shown]
        return found.filter(pk__in=last)

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


@admin.register(Batch)
class BatchAdmin(ScopedAdmin):
    """Batches are made by deliveries; what goes out of them goes at the desk."""

    list_display = ["number", "site", "vaccine", "expires_on", "doses_left", "cover", "state"]
    list_filter = [("site__district", OwnPartFilter), "vaccine"]
    list_select_related = ["site", "vaccine"]
    search_fields = ["number", "site__name", "site__code"]
    search_help_text = gettext_lazy("批号或接种点")
    ordering = ["expires_on", "pk"]
    autocomplete_fields = ["site"]
    inlines = [MovementsInline]
    # The trail of stock is its movements, which nobody can change.
    is_audited = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Batch]:
        movements = StockMovement.objects.filter(batch=OuterRef("pk")).values("batch").annotate(sum=Sum("doses"))
        since = timezone.now() - timedelta(days=_COVER_DAYS)
        used = movements.filter(kind=MovementKind.USED, at__gte=since)
        return (
            super()
            .get_queryset(request)
            .annotate(left=Coalesce(Subquery(movements.values("sum")), 0))
            .annotate(used_lately=-Coalesce(Subquery(used.values("sum")), 0))
        )

    @admin.display(description=gettext_lazy("剩余剂数"), ordering=F("left"))
    def doses_left(self, batch: Any) -> int:
        return int(batch.left)

    @admin.display(description=gettext_lazy("还够几天"))
    def cover(self, batch: Any) -> str:
        """At the pace of the last seven days."""
        days = days_of_cover(batch.left, batch.used_lately, days=_COVER_DAYS)
        return "–" if days is None else _("%(days)d 天") % {"days": days}

    @admin.display(description=gettext_lazy("状态"))
    def state(self, batch: Any) -> str:
        if is_expired(batch.expires_on, today=timezone.localdate()):
            return _("已过期")
        return _("已用完") if batch.finished_at or batch.left <= 0 else _("在用")

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        if obj is None:
            kwargs["form"] = DeliveryForm
        return super().get_form(request, obj, change, **kwargs)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        return {**super().get_changeform_initial_data(request), "key": f"delivery-{uuid4()}"}

    def get_inlines(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.inlines if obj is not None else []

    def save_model(self, request: HttpRequest, obj: Batch, form: Any, change: bool) -> None:
        delivery = Delivery(obj.vaccine.code, obj.number, obj.expires_on, obj.doses_per_vial, obj.pack_code)
        made = receive(
            site=obj.site,
            delivery=delivery,
            doses=form.cleaned_data["doses"],
            by=request.user.pk,  # type: ignore[arg-type]
            key=form.cleaned_data["key"],
            now=timezone.now(),
        )
        obj.pk = made.pk

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


@admin.register(DayClose)
class DayCloseAdmin(ScopedAdmin, ReadOnlyAdmin):
    list_display = ["day", "site", "explanation", "by", "at"]
    list_filter = [("site__district", OwnPartFilter)]
    list_select_related = ["site", "by"]
    ordering = ["-day", "site"]
    fields = ["site", "day", "sums", "explanation", "by", "at"]
