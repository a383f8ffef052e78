"""The day-list: what a device keeps of a day, and how it learns what has changed since."""

import json
from datetime import date, timedelta

import pytest
from django.db import connection

from booking.models import (
    AppointmentEvent,
    Batch,
    Decision,
    EventKind,
    HealthAnswers,
    LeftoverRound,
    MovementKind,
    Reaction,
    RecordStatus,
    Status,
    StockMovement,
    VaccinationRecord,
    VisitStatus,
    WalkIn,
)
from booking.queries.desk.day_list import day_list
from booking.queries.desk.last_dose import doses_before
from booking.queries.qr_codes import qr_payload
from booking.rules.desk_roles import EVERYBODY
from tests.desk_factories import make_desk, make_expected, make_slot_now, make_visit
from tests.factories import CLOCK, make_appointment, make_citizen, make_patient, make_slot, make_two_dose_programme

TODAY = CLOCK.date()


def _list(site, since=""):
    return day_list(site=site, day=TODAY, since=since, now=CLOCK)


def _row(site, appointment):
    return next(row for row in _list(site)["rows"] if row["reference"] == appointment.reference)


def _note(appointment, **fields):
    return AppointmentEvent.objects.create(appointment=appointment, kind=EventKind.RENUMBERED, at=CLOCK, **fields)


def _give(visit, by, *, batch):
    return VaccinationRecord.objects.create(
        visit=visit, appointment=visit.appointment, person=visit.appointment.person, vaccine=batch.vaccine, dose=1,
        batch=batch, body_site="left_arm", route="intramuscular", given_at=CLOCK, given_by=by,
    )  # fmt: skip


def _batch(slot, number="B1", **fields):
    defaults = {"expires_on": date(2027, 1, 1), "doses_per_vial": 1}
    return Batch.objects.create(site=slot.site, vaccine=slot.programme.vaccine, number=number, **{**defaults, **fields})


def _move(batch, doses, by, kind=MovementKind.RECEIVED):
    key = f"key-{StockMovement.objects.count()}"
    return StockMovement.objects.create(batch=batch, kind=kind, doses=doses, by=by, at=CLOCK, key=key)


def test_a_row_says_who_comes_when_for_what_and_nothing_else_about_them(site, supervisor):
    patient = make_patient(make_citizen(), birth_date=date(1990, 11, 25), phone="+8613912345678")
    appointment = make_expected(site, 1)[0]
    appointment.patient = patient
    appointment.save()
    slot = appointment.slot

    answer = supervisor.get("day-list?site=A1")
    row = answer.json()["rows"][0]

    assert set(row) == {
        "reference", "code_hash", "version", "name", "sex", "age", "tail", "programme", "programme_name",
        "programme_name_en", "vaccine", "doses", "dose", "starts_at", "ends_at", "status", "origin", "last_dose",
        "doses_received", "not_before", "flags", "visit",
    }  # fmt: skip
    assert (row["name"], row["sex"], row["age"], row["tail"]) == ("王秀兰", "F", 35, patient.document_number[-4:])
    assert (row["status"], row["origin"], row["visit"], row["flags"]) == ("booked", "self", None, [])
    assert row["starts_at"] == slot.starts_at.isoformat()
    for secret in (patient.document_number, patient.phone, str(patient.pk), str(patient.person)):
        assert secret not in answer.text


def test_a_device_finds_a_scanned_code_by_its_hash_and_cannot_make_the_code_from_it(site, supervisor):
    from hashlib import sha256

    appointment = make_expected(site, 1)[0]
    payload = qr_payload(appointment.reference)

    answer = supervisor.get("day-list?site=A1")

    assert answer.json()["rows"][0]["code_hash"] == sha256(payload.encode()).hexdigest()[:16]
    assert payload not in answer.text


def test_the_answer_has_all_that_a_shift_without_the_network_needs(site, supervisor):
    slot = make_expected(site, 2)[0].slot
    by = make_desk(site)
    batch = _batch(slot, pack_code="81000000000000000000")
    _batch(slot, "GONE", finished_at=CLOCK)
    _move(batch, 20, by)
    _move(batch, -3, by, MovementKind.USED)
    LeftoverRound.objects.create(
        site=site, programme=slot.programme, doses=4, until=CLOCK + timedelta(hours=2), by=by, begun_at=CLOCK
    )

    said = supervisor.get("day-list?site=A1").json()

    assert said["site"] == {"code": "A1", "name": site.name, "name_en": site.name_en}
    assert (said["date"], said["whole"], said["count"]) == ("2026-11-24", True, 2)
    assert said["batches"] == [
        {
            "number": "B1", "vaccine": slot.programme.vaccine.code, "expires_on": "2027-01-01", "doses_per_vial": 1,
            "left": 17, "pack_code": "81000000000000000000",
        }
    ]  # fmt: skip
    assert [programme["code"] for programme in said["programmes"]] == [slot.programme.code]
    assert said["settings"]["undo_seconds"] == 60
    assert said["counters"] == {"arrived": 0, "due": 2, "waiting": 0, "observed": 0, "leftover": 4}
    assert said["roles"] == ["supervisor"]
    assert said["me"]["name"] == "刘敏"
    assert supervisor.get("counters?site=A1").json() == said["counters"]


def test_a_visit_is_told_with_its_decision_dose_and_reactions_and_without_what_was_answered(site):
    appointment = make_expected(site, 1)[0]
    by, batch = make_desk(site), _batch(appointment.slot)
    visit = make_visit(
        appointment, status=VisitStatus.IN_PROGRESS, ticket=7, called_at=CLOCK, called_desk="2 号台", triaged_at=CLOCK,
        observe_until=CLOCK + timedelta(minutes=30),
    )  # fmt: skip
    for decision in (Decision.DEFER, Decision.MAY):
        HealthAnswers.objects.create(
            visit=visit, said_yes="allergy", note="对鸡蛋过敏", decision=decision, by=by, at=CLOCK
        )
    wrong = _give(visit, by, batch=_batch(appointment.slot, "WRONG"))
    VaccinationRecord.objects.filter(pk=wrong.pk).update(status=RecordStatus.ENTERED_IN_ERROR)
    _give(visit, by, batch=batch)
    Reaction.objects.create(
        visit=visit, kind="fainting", action="watched", note="脸色发白", began_at=CLOCK, by=by, at=CLOCK
    )

    row = _row(site, appointment)

    assert row["status"] == "fulfilled"
    shown = row["visit"]
    assert (shown["status"], shown["ticket"], shown["called_desk"]) == ("in_progress", 7, "2 号台")
    assert (shown["decision"], shown["decided_at"], shown["not_done"]) == ("may", CLOCK.isoformat(), False)
    assert shown["dose"] == {
        "batch": "B1", "body_site": "left_arm", "route": "intramuscular", "given_at": CLOCK.isoformat(),
        "given_by": by.pk, "given_by_name": "刘敏",
    }  # fmt: skip
    assert shown["reactions"] == [{"kind": "fainting", "action": "watched", "began_at": CLOCK.isoformat()}]
    for secret in ("allergy", "对鸡蛋过敏", "脸色发白"):
        assert secret not in json.dumps(row, ensure_ascii=False)


def test_a_check_in_that_was_undone_is_no_visit(site):
    appointment = make_expected(site, 1)[0]
    make_visit(appointment, status=VisitStatus.CANCELLED)

    assert _row(site, appointment)["visit"] is None
    assert _list(site)["counters"]["arrived"] == 0


def test_whoever_came_is_listed_wherever_their_place_was_and_nobody_elses_people(site, other):
    elsewhere = make_appointment(make_slot(other, starts_at=CLOCK))
    tomorrow = make_appointment(make_slot(site, starts_at=CLOCK + timedelta(days=1)))
    came = make_appointment(make_slot(other, starts_at=CLOCK + timedelta(days=3)))
    make_visit(came)
    came.visits.update(site=site)

    listed = {row["reference"] for row in _list(site)["rows"]}

    assert listed == {came.reference}
    assert {row["reference"] for row in _list(other)["rows"]} == {elsewhere.reference}
    assert tomorrow.reference not in listed


def test_where_somebody_comes_from_and_what_to_look_at(site):
    child = make_patient(make_citizen(), birth_date=date(2018, 1, 1), relation="child")
    walk_in, family = make_expected(site, 2)
    family.patient = child
    family.save()
    WalkIn.objects.create(
        appointment=walk_in, slot=walk_in.slot, source="KEPT", return_at=CLOCK, by=make_desk(site), at=CLOCK
    )

    assert (_row(site, walk_in)["origin"], _row(site, family)["origin"]) == ("walk_in", "family")
    assert _row(site, family)["flags"] == ["minor"]


@pytest.mark.parametrize(("days_ago", "flags"), [(20, ["interval"]), (28, [])])
def test_the_dose_before_says_from_when_this_one_may_be_given(site, other, days_ago, flags):
    programme = make_two_dose_programme(days=28)
    second = make_appointment(make_slot_now(site, programme=programme))
    first = make_appointment(
        make_slot(other, programme, starts_at=CLOCK - timedelta(days=days_ago)), status=Status.FULFILLED
    )
    type(second).objects.filter(pk=second.pk).update(dose=2)
    type(first).objects.filter(pk=first.pk).update(person=second.person)

    row, on = _row(site, second), TODAY - timedelta(days=days_ago)

    assert row["last_dose"] == {"on": on.isoformat(), "dose": 1}
    assert row["not_before"] == (on + timedelta(days=28)).isoformat()
    assert row["flags"] == flags
    # One person's doses are read in another way where the dose is given; both say the same.
    second.refresh_from_db()
    assert [(one.dose, one.on) for one in doses_before(second)] == [(1, on)]


def test_a_whole_day_costs_as_many_statements_as_one_person_and_no_more_than_eight(site, django_assert_max_num_queries):
    programme = make_two_dose_programme()

    def asked():
        with django_assert_max_num_queries(8) as asked:
            _list(site)
        return len(asked)

    make_visit(make_appointment(make_slot_now(site, programme=programme)))
    one = asked()
    slot = make_slot_now(site, programme=programme, quota=60, minutes=20)
    for place in range(1, 41):
        make_visit(make_appointment(slot, place=place))
    assert asked() == one


def test_since_a_cursor_only_what_was_noted_afterwards_is_told(site):
    first, second = make_expected(site, 2)
    _note(first)
    seen = _list(site)

    assert _list(site, seen["cursor"])["rows"] == []
    _note(second)
    changes = _list(site, seen["cursor"])

    assert [row["reference"] for row in changes["rows"]] == [second.reference]
    assert (changes["whole"], changes["count"]) == (False, 2)
    # A device that puts the change into what it has is right.
    kept = {row["reference"]: row for row in [*seen["rows"], *changes["rows"]]}
    assert sum(row["version"] for row in kept.values()) == changes["sum"]


def test_a_change_that_was_committed_late_under_an_older_number_makes_the_sum_differ(site):
    late, early = make_expected(site, 2)
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('booking_appointmentevent', 'id'))")
        number = cursor.fetchone()[0]
    _note(early)
    seen = _list(site)

    _note(late, id=number)
    changes = _list(site, seen["cursor"])

    assert changes["rows"] == []
    assert sum(row["version"] for row in seen["rows"]) != changes["sum"]
    assert sum(row["version"] for row in _list(site)["rows"]) == changes["sum"]


def test_whoever_moved_away_is_missed_by_the_count(site, other):
    gone, _stays = make_expected(site, 2)
    seen = _list(site)

    gone.slot = make_slot(other)
    gone.save()
    _note(gone)

    assert (seen["count"], _list(site, seen["cursor"])["count"]) == (2, 1)


@pytest.mark.parametrize("cursor", ["", "nonsense", "1", "1-", "-1-1", "9" * 30 + "-1"])
def test_a_cursor_that_is_none_of_ours_gets_the_whole_list(site, supervisor, cursor):
    make_expected(site, 2)

    said = supervisor.get(f"day-list?site=A1&since={cursor}").json()

    assert (said["whole"], len(said["rows"])) == (True, 2)


def test_what_has_not_changed_is_not_sent_again_until_it_has(site, supervisor, clock):
    appointment = make_expected(site, 1)[0]
    tag = supervisor.get("day-list?site=A1")["ETag"]

    clock.shift(30)
    same = supervisor.get("day-list?site=A1", If_None_Match=tag)
    _note(appointment)
    other = supervisor.get("day-list?site=A1", If_None_Match=tag)

    assert (same.status_code, same.content) == (304, b"")
    assert other.status_code == 200
    assert other["Cache-Control"] == "no-store"


def test_another_day_is_read_by_its_date(site, supervisor):
    appointment = make_appointment(make_slot(site, starts_at=CLOCK + timedelta(days=1)))

    said = supervisor.get("day-list?site=A1&date=2026-11-25").json()

    assert [row["reference"] for row in said["rows"]] == [appointment.reference]
    assert supervisor.get("day-list?site=A1&date=9999-12-31").status_code == 400


@pytest.mark.parametrize("role", sorted(EVERYBODY))
def test_whoever_works_there_may_read_it(site, signed_in, role):
    assert signed_in(make_desk(site, role)).get("day-list?site=A1").json()["roles"] == [role]
