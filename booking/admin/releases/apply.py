"""Applying a release rule, after its dry run."""

from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from accounts.audited import note
from booking.models import ReleaseRule
from booking.operations.releases.apply_release_rule import apply_release_rule


def apply_view(model_admin: "ModelAdmin[ReleaseRule]", request: HttpRequest, pk: int) -> HttpResponse:
    """By POST, from the dry run's page, and back to it."""
    return _apply(request, model_admin, pk)


@require_POST
def _apply(request: HttpRequest, model_admin: "ModelAdmin[ReleaseRule]", pk: int) -> HttpResponse:
    if not model_admin.has_change_permission(request):
        raise PermissionDenied
    rule = get_object_or_404(model_admin.get_queryset(request), pk=pk)
    if not model_admin.has_change_permission(request, rule):
        raise PermissionDenied
    done = apply_release_rule(rule_id=rule.pk, by=request.user.pk, now=timezone.now())
    note(request, "apply", rule, str(rule), after={"slots": done.slots, "sites_left": done.sites_left})
    changed = ngettext("已改 %(n)d 个时段。", "已改 %(n)d 个时段。", done.slots) % {"n": done.slots}
    if done.sites_left:
        left = _("还有 %(n)d 个接种点没做完，请再点一次“照规则改”。") % {"n": done.sites_left}
        messages.warning(request, f"{changed} {left}")
    else:
        messages.success(request, changed)
    return HttpResponseRedirect(f"{reverse('admin:booking_releaserule_dry_run')}?rule={rule.pk}")
