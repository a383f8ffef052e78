"""What the demonstration city shows of the fair release: everything, from the first start, and nothing amiss."""

import zlib
from datetime import timedelta

import time_machine
from django.test import TestCase
from django.utils import timezone

from accounts.models import Patient, Sex, User
from booking.demo import people
from booking.demo.fair.load import load_fair_release
from booking.demo.fair.programmes import DRAWN, FAIR_PROGRAMMES, PNEUMONIA, QUEUED, SERIES, ZOSTER
from booking.demo.programmes import load_programmes
from booking.models import (
    Alert,
    Appointment,
    Draw,
    DrawEntry,
    Message,
    MessageKind,
    Programme,
    ReleaseMode,
    Slot,
    Suspicion,
    SuspicionState,
    WaitlistEntry,
)
from booking.notifications import words
from booking.operations.invitations.send import carry_on
from booking.queries.draws import published
from booking.queries.drift import doubly_booked, oversold
from booking.queries.invitations.facts import open_invitations_of
from booking.queries.next_dose import next_doses, time_for
from booking.queries.patients import patients_with_doses
from booking.queries.queues import queue_ahead, queue_for
from booking.queries.waitlist import open_offers_of
from booking.rules.draw_file import check
from tests.factories import CLOCK, make_site

MODES = {PNEUMONIA.code: "cohort", ZOSTER.code: "invitation", DRAWN.code: "draw"}


@time_machine.travel(CLOCK, tick=False)
class FairReleaseTests(TestCase):
    """A small city that was loaded once for all of them, and is as it was loaded at the beginning of each."""

    account: int

    @classmethod
    def setUpTestData(cls) -> None:
        for _ in range(8):
            make_site()
        load_programmes()
        people.make_administrator()
        cls.account = people.make_demonstration_citizen(now=CLOCK).pk
        assert load_fair_release(now=CLOCK)

    def test_a_second_run_changes_nothing(self) -> None:
        before = Appointment.objects.count(), Slot.objects.count(), User.objects.count()

        assert not load_fair_release(now=CLOCK + timedelta(hours=1))

        assert (Appointment.objects.count(), Slot.objects.count(), User.objects.count()) == before

    def test_each_part_has_its_own_programme_and_the_others_stay_open(self) -> None:
        modes = dict(Programme.objects.values_list("code", "release_mode"))

        assert len(modes) == 3 + len(FAIR_PROGRAMMES)
        assert {code: mode for code, mode in modes.items() if mode != ReleaseMode.OPEN} == MODES

    def test_programmes_that_are_open_accept_whoever_a_rehearsal_makes(self) -> None:
        for programme in Programme.objects.filter(release_mode=ReleaseMode.OPEN):
            assert programme.min_age <= 30 <= 31 <= programme.max_age
            assert programme.sex in ("", Sex.FEMALE)
            assert not programme.districts.exists()

    def test_nobody_is_booked_twice_and_no_slot_is_oversold(self) -> None:
        assert not oversold()
        assert not doubly_booked()

    def test_one_of_the_cohorts_has_its_day_now_and_afterwards_everybody_has(self) -> None:
        cohorts = list(Programme.objects.get(code=PNEUMONIA.code).cohorts.all())

        assert [one.digits for one in cohorts] == [["1", "2"], ["3", "4"], ["5", "6"], ["7", "8"], ["0", "9"], []]
        assert cohorts[0].opens_at <= CLOCK < (cohorts[0].closes_at or CLOCK)
        assert cohorts[-1].opens_at == cohorts[-2].closes_at
        assert cohorts[-1].closes_at is None

    def test_the_mother_is_invited_and_told_by_the_phone_of_the_citizen(self) -> None:
        [invited] = open_invitations_of(self.account, now=CLOCK)
        carry_on(list_id=Programme.objects.get(code=ZOSTER.code).invitation_lists.get().pk, now=CLOCK)

        message = Message.objects.get(kind=MessageKind.INVITED, invitation__phone__isnull=False)
        assert str(message.invitation.phone) == people.CITIZEN_PHONE
        assert "/i/" in words(message)
        assert invited.programme_code == ZOSTER.code

    def test_the_first_draw_can_be_checked_and_whoever_lost_it_comes_first_in_the_second(self) -> None:
        first, second = Draw.objects.order_by("opens_at")
        file = published(first.pk)

        # As browsers do, who read no second gzip behind the first.
        checked = check(zlib.decompressobj(31).decompress(file.compressed))

        assert (checked.digest, len(checked.drawn)) == (first.digest, 200)
        assert 0 < sum(one.slot is not None for one in checked.drawn) < 200
        own = DrawEntry.objects.filter(account_id=self.account).order_by("entered_at")
        assert [(one.draw_id, one.outcome, one.rounds_lost) for one in own] == [
            (first.pk, "NOT_PLACED", 0),
            (second.pk, "", 1),
        ]
        assert (first.state, second.state) == ("DRAWN", "ANNOUNCED")
        assert second.entries.count() == 300
        assert timezone.localdate(second.closes_at) == CLOCK.date() + timedelta(days=2)

    def test_a_release_in_twenty_minutes_has_a_queue_in_which_people_may_stand_now(self) -> None:
        queue = queue_ahead(QUEUED.code, now=CLOCK)

        assert queue is not None
        assert queue.lobby_from < CLOCK < queue.opens_at == CLOCK + timedelta(minutes=20)
        theirs = Slot.objects.filter(opens_at=queue.opens_at)
        assert {slot.programme.code for slot in theirs} == {QUEUED.code}
        assert all(queue_for(slot.pk, now=queue.opens_at) for slot in theirs)
        assert not any(queue_for(slot.pk, now=queue.opens_at) for slot in Slot.objects.exclude(pk__in=theirs))

    def test_the_citizen_is_first_of_a_long_line_and_asked_about_a_place(self) -> None:
        waiting = WaitlistEntry.objects.filter(ended_at=None).order_by("joined_at")

        assert (waiting.count(), waiting[0].account_id) == (120, self.account)
        [offer] = open_offers_of(self.account, now=CLOCK)
        assert offer.expires_at == CLOCK + timedelta(minutes=30)
        kept = Appointment.objects.get(kept_for=offer.offer_id)
        assert (kept.status, kept.place is not None, kept.release_at) == ("CANCELLED", True, offer.expires_at)

    def test_two_accounts_were_noticed_and_one_has_appealed(self) -> None:
        assert sorted(Suspicion.objects.values_list("state", flat=True)) == [SuspicionState.LOCKED, SuspicionState.OPEN]
        locked = Suspicion.objects.get(state=SuspicionState.LOCKED)
        assert locked.appeal
        assert locked.answered_at is None
        assert all(
            Patient.objects.filter(user=one.account, removed_at=None).count() == 6 for one in Suspicion.objects.all()
        )

    def test_the_second_dose_of_the_mother_is_due_and_has_a_time(self) -> None:
        patients = patients_with_doses(self.account)

        [due] = next_doses(patients, now=CLOCK)

        assert (due.programme.code, due.dose, due.is_bookable) == (SERIES.code, 2, True)
        assert time_for(due, patients, now=CLOCK) is not None
        assert Slot.objects.filter(programme__code=SERIES.code, kept_doses=1, quota=9).exists()

    def test_an_alert_has_ended(self) -> None:
        assert Alert.objects.get().ended_at < CLOCK

    def test_of_everybody_in_it_only_the_citizen_can_be_told(self) -> None:
        made = User.objects.filter(username__startswith="fair-")

        assert made.count() > 500
        assert not made.exclude(phone=None, email=None).exists()

    def test_the_home_page_of_the_citizen_shows_all_that_waits_for_her(self) -> None:
        self.client.force_login(User.objects.get(pk=self.account), backend="django.contrib.auth.backends.ModelBackend")

        page = self.client.get("/").content.decode()

        for programme in (QUEUED, ZOSTER, SERIES):
            assert programme.fields["name"] in page
