"""Twenty desks were without the network all morning, and it comes back to all of them in one moment.

Each act has one effect, in the order it was done; and what contradicts what happened meanwhile is said, no more and no
less.
"""

from collections import Counter, defaultdict
from dataclasses import replace
from datetime import timedelta

import pytest

from booking.models import (
    ActKind,
    Appointment,
    AppointmentEvent,
    DeskAct,
    Reaction,
    StockMovement,
    VaccinationRecord,
    Visit,
    VisitStatus,
)
from booking.operations.cancel import cancel
from booking.operations.move import move
from booking.queries.audit import audit
from booking.queries.desk.conflicts import open_conflicts
from tests.desk_factories import make_batch, make_slot_now
from tests.factories import CLOCK, make_appointment, make_site, make_slot
from tests.races.shift import CALLED_AND_CALLED, TWICE_CHECKED_IN, WHOLE_WAY, Device, come_back

pytestmark = pytest.mark.django_db(transaction=True)

# The devices' lists are of ten; the network goes away then, and comes back in the afternoon.
FIRST, BACK = CLOCK + timedelta(minutes=20), CLOCK + timedelta(hours=4)
DEVICES, PEOPLE = 20, 5


class Morning:
    """Five people at each of the desks; some have changed their minds, and some have been at two desks."""

    def __init__(self, devices: int = DEVICES) -> None:
        self.site = make_site()
        self.slot = make_slot_now(self.site, minutes=30, quota=devices * PEOPLE + 1)
        self.batch = make_batch(self.site, self.slot.programme.vaccine, left=devices * PEOPLE)
        self.tomorrow = make_slot(self.site, self.slot.programme, quota=devices)
        self.elsewhere = make_slot(None, self.slot.programme, quota=devices)
        self.devices = [Device(self.site, f"台 {n + 1}") for n in range(devices)]
        # What a person is to look at: (code, reference), and of each as many.
        self.planted: Counter[tuple[str, str]] = Counter()
        self.ways: dict[str, list] = {}
        self._places = iter(range(1, self.slot.quota + 1))
        for n, device in enumerate(self.devices):
            self._serve(n, device)
            device.put_down()

    def person(self) -> Appointment:
        return make_appointment(self.slot, place=next(self._places))

    def _serve(self, n: int, device: Device) -> None:
        people = [self.person() for _ in range(PEOPLE - 1)]
        people.append(self._somebody_special(n))
        for turn, person in enumerate(people):
            way = WHOLE_WAY if (turn + n) % 2 else TWICE_CHECKED_IN
            if turn == PEOPLE - 1:
                way = CALLED_AND_CALLED if n % 4 in (2, 3) else WHOLE_WAY
            device.serves(person, way, at=FIRST + timedelta(minutes=3 * turn, seconds=n))
            self.ways.setdefault(person.reference, []).append((device.id, way))

    def _somebody_special(self, n: int) -> Appointment:
        if n % 4 == 3:
            # The one who was at the desk next door as well.
            self.planted["checked_in_elsewhere", self._shared.reference] += 1
            return self._shared
        self._shared = person = self.person()
        before = {"account_id": person.booked_by_id, "reference": person.reference, "now": CLOCK + timedelta(minutes=5)}
        if n % 4 == 0:
            cancel(**before)
            self.planted["cancelled_meanwhile", person.reference] += 1
        elif n % 4 == 1:
            move(**before, slot_id=self.tomorrow.pk, request_key=f"move-{n:08}")
            self.planted["moved_meanwhile", person.reference] += 1
        return person

    @property
    def acts(self) -> int:
        return sum(len(device.acts) for device in self.devices)

    @property
    def vaccinated(self) -> list[str]:
        return [reference for reference, ways in self.ways.items() if any(_has_dose(way) for _, way in ways)]


def _has_dose(way) -> bool:
    return any(kind == ActKind.VACCINATE for kind, _, _ in way)


@pytest.fixture
def morning():
    return Morning()


def test_each_act_has_one_effect_in_the_order_it_was_done_and_conflicts_are_those_that_there_are(morning):
    assert morning.acts == 600

    told = come_back(morning.devices, now=BACK)

    # One effect: the first answer is the act's own, every other one repeats it.
    assert len(told) == DeskAct.objects.count() == morning.acts
    for answers in told.values():
        assert [answer.repeated for answer in answers].count(False) == 1
        assert all(replace(answer, repeated=True) == replace(answers[0], repeated=True) for answer in answers)
    assert in_order(DeskAct.objects.order_by("pk"))

    # The report of conflicts is what was planted.
    found = Counter((conflict.code, conflict.reference) for conflict in open_conflicts(morning.site))
    assert found == morning.planted
    assert sum(found.values()) == 15

    # What is there: a visit for everybody, a dose for everybody who had one, each taken from the batch once.
    counting = Visit.objects.exclude(status=VisitStatus.CANCELLED)
    assert sorted(counting.values_list("appointment__reference", flat=True)) == sorted(morning.ways)
    assert sorted(Visit.objects.values_list("ticket", flat=True)) == list(range(1, Visit.objects.count() + 1))
    records = VaccinationRecord.objects.values_list("appointment__reference", flat=True)
    assert sorted(records) == sorted(morning.vaccinated)
    assert StockMovement.objects.filter(kind="USED").count() == len(morning.vaccinated)
    assert Reaction.objects.count() == sum(act.kind == ActKind.REACT for one in morning.devices for act in one.acts)
    assert counting.filter(status=VisitStatus.FINISHED).count() == len(morning.vaccinated)
    assert Appointment.objects.filter(status="FULFILLED").count() == len(morning.vaccinated)
    assert audit(now=BACK).is_clean


def test_what_is_sent_again_a_day_later_changes_nothing(morning):
    small = morning.devices[:4]
    come_back(small, now=BACK)
    before = ledger()

    told = come_back(small, now=BACK + timedelta(days=1), seed=2)

    assert all(answer.repeated for answers in told.values() for answer in answers)
    assert ledger() == before


def test_twin_that_does_not_know_what_follows_what_does_it_in_another_order():
    morning = Morning(devices=4)
    for device in morning.devices:
        device.acts = [replace(act, after=None) for act in device.acts]

    come_back(morning.devices, now=BACK)

    assert not in_order(DeskAct.objects.order_by("pk"))
    found = Counter((conflict.code, conflict.reference) for conflict in open_conflicts(morning.site))
    assert found != morning.planted


def in_order(rows) -> bool:
    """Whether what each device did about one person was carried out as it was done."""
    by_person = defaultdict(list)
    for row in rows:
        by_person[row.device, row.appointment_id].append(row.sequence)
    return all(sequences == sorted(sequences) for sequences in by_person.values())


def ledger():
    return [
        list(model.objects.order_by("pk").values())
        for model in (Appointment, AppointmentEvent, DeskAct, Visit, VaccinationRecord, StockMovement)
    ]
