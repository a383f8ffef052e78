"""Plans, copies and numbers on many slots at once."""

from datetime import timedelta

import pytest
from django.utils import timezone

from booking import admission
from booking.models import Appointment, ChangeState, ClosedDay, ReleaseRule, Slot, SlotEvent
from booking.operations.book import book
from booking.operations.quotas.set_quota import set_quota
from booking.queries.audit import audit
from tests.factories import make_administrator, make_patients, make_programme, make_site, make_slot
from tests.operations.quotas.changing import MONDAY, apply, carry_out, confirm, days, look, plan_of

pytestmark = pytest.mark.django_db(transaction=True)
CITY = timezone.get_default_timezone()


@pytest.fixture
def steward():
    return make_administrator()


def at(clock: str):
    return timezone.datetime.fromisoformat(f"{MONDAY}T{clock}:00").replace(tzinfo=CITY)


def fill(slot, count, now):
    for patient in make_patients(count):
        book(account_id=patient.user_id, patient_id=patient.pk, slot_id=slot.pk, request_key=f"k-{patient.pk}", now=now)


def test_a_plan_makes_what_it_wants_and_says_so_beforehand(now, steward):
    sites, programme = [make_site(), make_site(quota_per_half_hour=30)], make_programme()
    params = plan_of(programme, places=None, walk_in_percent=10, community_percent=5)

    change = look("plan", sites, params, steward, now)

    assert change.summary["counts"] == {"create": 16, "places": 8 * 17 + 8 * 26, "made_closed": 0, "beside": 0}
    assert not Slot.objects.exists()

    confirm(change, now)
    carry_out(change, now)

    assert (change.state, change.done) == (ChangeState.DONE, 2)
    made = Slot.objects.filter(site=sites[0]).order_by("starts_at")
    assert [f"{slot.starts_at.astimezone(CITY):%d %H:%M}" for slot in made][:5] == [
        "30 08:00", "30 08:30", "30 09:00", "30 09:30", "01 08:00",
    ]  # fmt: skip
    assert {(slot.quota, slot.kept_walk_in, slot.kept_community, slot.kept_later) for slot in made} == {(17, 2, 1, 0)}
    assert {slot.opens_at.astimezone(CITY).isoformat() for slot in made[:4]} == {"2026-11-16T08:00:00+08:00"}
    assert set(SlotEvent.objects.values_list("kind", "change", "by")) == {("PUBLISHED", change.pk, steward.pk)}


def test_release_rules_say_when_and_how_much(now, steward):
    site, programme = make_site(), make_programme()
    ReleaseRule.objects.create(
        name="晚九点", programme=programme, opens="21:00", days_ahead=3, portions=[[70, 0], [30, 60]]
    )

    apply("plan", [site], plan_of(programme, places=10), steward, now)

    slot = Slot.objects.order_by("starts_at").first()
    assert (slot.quota, slot.kept_later) == (7, 3)
    assert slot.opens_at.astimezone(CITY).isoformat() == "2026-11-27T21:00:00+08:00"
    assert slot.next_portion_at - slot.opens_at == timedelta(minutes=60)


def test_a_plan_changes_the_numbers_of_what_is_there_and_nothing_set_by_hand(now, steward):
    site, programme = make_site(), make_programme()
    usual = make_slot(site, programme, quota=3, starts_at=at("08:00"))
    by_hand = make_slot(site, programme, quota=3, starts_at=at("08:30"))
    shut = make_slot(site, programme, quota=3, starts_at=at("09:00"))
    Slot.objects.filter(pk=by_hand.pk).update(edited_at=now)
    Slot.objects.filter(pk=shut.pk).update(closed_at=now)

    change = apply("plan", [site], plan_of(programme), steward, now)

    for slot in (usual, by_hand, shut):
        slot.refresh_from_db()
    assert (usual.quota, by_hand.quota, shut.quota) == (8, 3, 3)
    counts = change.summary["counts"]
    assert (counts["create"], counts["change"], counts["edited"], counts["closed"]) == (5, 1, 1, 1)

    apply("plan", [site], plan_of(programme, overwrite=True), steward, now)

    by_hand.refresh_from_db()
    assert (by_hand.quota, by_hand.edited_at) == (8, None)


def test_a_closed_day_wins_over_a_plan_and_its_slots_are_made_closed(now, steward):
    site, programme = make_site(), make_programme()
    ClosedDay.objects.create(site=site, day=MONDAY, by=steward, at=now)

    change = apply("plan", [site], plan_of(programme), steward, now)

    assert (change.summary["counts"]["create"], change.summary["counts"]["made_closed"]) == (8, 4)
    assert Slot.objects.filter(closed_at__isnull=False).count() == 4
    assert not Slot.objects.filter(closed_at=None, starts_at__date=MONDAY).exists()


def test_days_that_were_unticked_are_left_out_and_make_up_days_follow_another_weekday(now, steward):
    site, programme = make_site(), make_programme()
    params = plan_of(programme, last="2026-12-06", skip=["2026-12-01"], as_weekday={"2026-12-06": 1})

    apply("plan", [site], params, steward, now)

    starts = {f"{slot.starts_at.astimezone(CITY):%m-%d}" for slot in Slot.objects.all()}
    assert starts == {"11-30", "12-06"}


def test_a_week_is_copied_without_what_was_closed_or_withdrawn(now, steward):
    site, programme = make_site(), make_programme()
    make_slot(site, programme, quota=7, starts_at=at("08:00"))
    shut = make_slot(site, programme, quota=7, starts_at=at("08:30"))
    Slot.objects.filter(pk=shut.pk).update(closed_at=now)
    params = {"programme": None, "source": MONDAY, "targets": ["2026-12-07", "2026-12-14"], "overwrite": False}

    apply("copy", [site], params, steward, now)

    copies = Slot.objects.filter(starts_at__gte=at("23:00")).order_by("starts_at")
    assert [(f"{slot.starts_at.astimezone(CITY):%m-%d %H:%M}", slot.quota) for slot in copies] == [
        ("12-07 08:00", 7), ("12-14 08:00", 7),
    ]  # fmt: skip


def test_numbers_are_set_in_a_time_of_day_and_marked_as_set_by_hand(now, steward):
    site, programme = make_site(), make_programme()
    early = make_slot(site, programme, quota=5, starts_at=at("08:00"))
    late = make_slot(site, programme, quota=5, starts_at=at("14:00"))

    apply("set", [site], days(begins="13:00", ends="15:00", quota=9, walk_in=2, community=None), steward, now)

    early.refresh_from_db()
    late.refresh_from_db()
    assert (early.quota, early.edited_at) == (5, None)
    assert (late.quota, late.kept_walk_in, late.edited_at) == (9, 2, now)


def test_no_quota_goes_below_what_is_taken_and_the_rest_gets_lower_numbers(now, steward):
    site, programme = make_site(), make_programme()
    slot = make_slot(site, programme, quota=20, starts_at=at("08:00"))
    fill(slot, 5, now)

    change = apply("set", [site], days(quota=2, walk_in=None, community=None), steward, now)

    slot.refresh_from_db()
    assert slot.quota == 5
    assert sorted(Appointment.objects.values_list("place", flat=True)) == [1, 2, 3, 4, 5]
    assert change.summary["counts"]["below"] == 1
    assert [(row["why"], row["taken"], row["wanted"]) for row in change.summary["left"]] == [("below", 5, 2)]
    assert admission.places_left([slot.pk]) == {slot.pk: 0}
    assert audit(now=now).is_clean


def test_the_gate_hears_of_new_quotas(now, steward):
    site, programme = make_site(), make_programme()
    slot = make_slot(site, programme, quota=3, starts_at=at("08:00"))
    fill(slot, 1, now)

    apply("plan", [site], plan_of(programme), steward, now)

    assert admission.places_left([slot.pk]) == {slot.pk: 7}


def test_what_somebody_changed_since_the_preview_is_shown_before_anything_happens(now, steward):
    site, programme = make_site(), make_programme()
    slot = make_slot(site, programme, quota=3, starts_at=at("08:00"))
    change = look("plan", [site], plan_of(programme), steward, now)
    set_quota(slot_id=slot.pk, quota=4, by=steward.pk, now=now)

    assert not confirm(change, now)

    change.refresh_from_db()
    assert change.state == ChangeState.PREVIEWED
    assert confirm(change, now)


def test_what_somebody_changed_while_it_runs_is_left_and_reported(now, steward):
    site, programme = make_site(), make_programme()
    slot = make_slot(site, programme, quota=3, starts_at=at("08:00"))
    change = look("plan", [site], plan_of(programme), steward, now)
    confirm(change, now)
    set_quota(slot_id=slot.pk, quota=4, by=steward.pk, now=now)

    carry_out(change, now)

    slot.refresh_from_db()
    assert slot.quota == 4
    assert [(row["slot"], row["why"], row["by"]) for row in change.summary["left"]] == [
        (slot.pk, "touched", steward.pk)
    ]


def test_slots_that_have_begun_are_never_touched(now, steward):
    site, programme = make_site(), make_programme()
    begun = make_slot(site, programme, quota=3, starts_at=now - timedelta(minutes=10))
    day = f"{now:%Y-%m-%d}"

    change = apply("set", [site], days(day, day, quota=9, walk_in=None, community=None), steward, now)

    begun.refresh_from_db()
    assert begun.quota == 3
    assert change.summary["counts"]["past"] == 1


def test_ten_times_the_usual_number_of_places_is_warned_of(now, steward):
    site, programme = make_site(), make_programme()
    for week in (1, 2):
        make_slot(site, programme, quota=20, starts_at=at("08:00") - timedelta(weeks=week))

    change = look("plan", [site], plan_of(programme, places=50), steward, now)

    assert {"what": "many", "times": 10, "sites": 1} in change.summary["warnings"]
    assert look("plan", [site], plan_of(programme, places=10), steward, now).summary["warnings"] == []
