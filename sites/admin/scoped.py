"""A table of which each administrator sees and changes the rows of their own part of the city only."""

from typing import Any

from django.db.models import ForeignKey, ManyToManyField, Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse

from accounts.admin_base import FastAdmin
from sites.models import District, Site
from sites.scope import scope_of


class ScopedAdmin(FastAdmin):
    """`site_path` leads from the row to its site ("slot__site"; empty for sites themselves).

    Lists, searches, autocompletes, choices in forms and single rows all start from the same narrowed queryset.
    """

    site_path = "site"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        found = super().get_queryset(request)
        scope = scope_of(request.user)
        return found if scope.everywhere else found.filter(scope.of_sites(self.site_path)).distinct()

    def formfield_for_foreignkey(self, db_field: "ForeignKey[Any, Any]", request: HttpRequest, **kwargs: Any) -> Any:
        narrowed = _own_choices(db_field.related_model, request)
        if narrowed is not None:
            kwargs.setdefault("queryset", narrowed)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)  # type: ignore[arg-type]

    def formfield_for_manytomany(
        self, db_field: "ManyToManyField[Any, Any]", request: HttpRequest, **kwargs: Any
    ) -> Any:
        narrowed = _own_choices(db_field.related_model, request)
        if narrowed is not None:
            kwargs.setdefault("queryset", narrowed)
        return super().formfield_for_manytomany(db_field, request, **kwargs)  # type: ignore[arg-type]

    def _get_obj_does_not_exist_redirect(self, request: HttpRequest, opts: Any, object_id: str) -> HttpResponse:
        # Other people's rows are not there. Django would go back to the first page and say so.
        raise Http404


def _own_choices(model: Any, request: HttpRequest) -> QuerySet[Model] | None:
    scope = scope_of(request.user)
    if model is Site:
        return Site.objects.filter(scope.of_sites())  # type: ignore[return-value]
    if model is District:
        return District.objects.filter(scope.of_districts()).distinct()  # type: ignore[return-value]
    return None
