"""The administrators' pages, table by table: nothing is deleted in bulk, and no trail is anybody's to change."""

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib import admin
from django.db import DatabaseError, connection
from django.test import RequestFactory

from accounts.models import AuditEntry, LookUp, User
from booking.models import AppointmentEvent, DeskAct, SlotEvent, StockMovement
from tests.factories import CLOCK, make_administrator

TRAILS = {AuditEntry, LookUp, AppointmentEvent, SlotEvent, DeskAct, StockMovement}


def _request():
    """Of somebody who may do everything."""
    request = RequestFactory().get("/")
    request.user = User(is_superuser=True, is_staff=True, is_active=True)
    return request


def test_no_table_can_be_emptied_from_its_list():
    deleting = [
        model._meta.label
        for model, page in admin.site._registry.items()
        if any("delete" in name for name in page.get_actions(_request()))
    ]

    assert deleting == []


def test_no_row_of_ours_is_deleted_in_the_admin_at_all():
    ours = {"accounts", "sites", "booking"}
    deletable = [
        model._meta.label
        for model, page in admin.site._registry.items()
        if model._meta.app_label in ours and page.has_delete_permission(_request())
    ]

    assert deletable == []


def test_no_trail_can_be_added_to_or_changed_in_the_admin():
    for model in TRAILS & set(admin.site._registry):
        page = admin.site._registry[model]
        assert not page.has_add_permission(_request()), model
        assert not page.has_change_permission(_request()), model


@pytest.mark.django_db(transaction=True)
def test_the_ledger_guards_every_trail_itself():
    """Also against whoever has a shell of the application."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT event_object_table, string_agg(event_manipulation, ',' ORDER BY event_manipulation) "
            "FROM information_schema.triggers WHERE trigger_name = 'only_added' GROUP BY 1"
        )
        guarded = dict(cursor.fetchall())

    assert guarded == {model._meta.db_table: "DELETE,UPDATE" for model in TRAILS}
    entry = AuditEntry.objects.create(at=CLOCK, by=make_administrator(), action="change", what="x", label="x")
    with pytest.raises(DatabaseError, match="only added"):
        entry.delete()


def test_sessions_of_administrators_are_short():
    assert settings.ADMIN_IDLE_SECONDS <= 1800
    assert settings.ADMIN_SESSION_SECONDS <= 12 * 3600


def test_every_table_with_a_person_in_it_is_read_with_a_trace_or_not_at_all():
    """Tables of people that have no page of their own cannot be browsed behind the trail's back."""
    shown = set(admin.site._registry)
    hidden = {model for model in apps.get_app_config("accounts").get_models() if model not in shown}

    assert {model.__name__ for model in hidden} >= {"KnownDevice", "LinkedIdentity", "HandOverCode", "AnsweredRequest"}
