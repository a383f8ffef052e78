"""Places for several people, or for both doses, are kept while the citizen checks and confirms: all or none."""

import secrets
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from django.conf import settings

from booking import admission
from booking.admission import Answer, GateDown, Held, Try, Verdict
from booking.operations.ask_for_all import ask_for_all, give_back
from booking.operations.ask_gate import ask_gate, refusal_for
from booking.operations.counted import counted
from booking.operations.hold import REMEMBER_SECONDS, Hold, hold_of, read_hold
from booking.operations.later_doses.who_may import may_have_kept
from booking.operations.plan_together import Wish, check_size, plan_together
from booking.operations.refusals import AlreadyExtended, Busy, HoldExpired
from booking.operations.releases.at_the_door import refuse_at_the_door
from booking.operations.releases.brought import NOTHING, Brought
from booking.operations.releases.pausing import refuse_if_paused


@counted("hold_together")
def hold_together(
    *, account_id: int, wishes: Sequence[Wish], now: datetime, brought: Brought = NOTHING
) -> tuple[Hold, ...]:
    """Keep a place for each (patient, slot), all or none, for settings.HOLD_SECONDS; 1 to 4 people, two doses each.

    What these patients held before is given back; a place that they hold already in a slot that is full otherwise
    stays theirs, as long as it was to. Raises as `hold` does, with `patient` and `slot` of what could not be held.
    """
    refuse_if_paused()
    check_size(wishes)
    refuse_at_the_door(account_id=account_id, wishes=wishes, brought=brought, now=now)
    planned = plan_together(account_id=account_id, wishes=wishes, now=now)
    tries = [Try(slot_id, secrets.token_hex(12), settings.HOLD_SECONDS) for _, slot_id in wishes]
    try:
        answers = ask_for_all(tries, now=now)
        until = [now + timedelta(seconds=settings.HOLD_SECONDS)] * len(tries)
        if any(answer.verdict is Verdict.FULL for answer in answers):
            _keep_own(wishes, tries, answers, until)
        if len(planned) == 1 and answers[0].verdict is Verdict.FULL and may_have_kept(planned[0].bookable):
            tries[0] = Try(
                admission.kept_at_gate(tries[0].slot_id), admission.kept_claim(tries[0].claim), tries[0].lease
            )
            answers[0] = ask_gate(tries[0], now=now)
        for (patient_id, slot_id), answer in zip(wishes, answers, strict=True):
            if answer.place is None:
                give_back(tries, answers)
                raise refusal_for(answer).about(patient=patient_id, slot=slot_id)
        _replace_earlier(wishes, tries, until)
    except GateDown as error:
        raise Busy() from error
    kept = [
        hold_of(account_id, patient_id, slot_id, wanted.claim, moment)
        for (patient_id, slot_id), wanted, moment in zip(wishes, tries, until, strict=True)
    ]
    # The patient's own place that was kept is past its first end: then it has been extended.
    return tuple(one if one.expires_at > now else _extended(one) for one in kept)


def extend(*, tokens: Sequence[str], account_id: int, now: datetime) -> tuple[Hold, ...]:
    """Keep held places for settings.HOLD_SECONDS longer, once; returns them with new tokens.

    The new end is counted from the first, which the token carries signed: the same token sent again changes nothing.
    Raises NotFound; AlreadyExtended; HoldExpired, with `patient` and `slot`, if a place went back meanwhile: the others
    stay held; Paused; Busy while the gate is away.
    """
    refuse_if_paused()
    held = [read_hold(token, account_id=account_id) for token in tokens]
    for one in held:
        if one.is_extended:
            raise AlreadyExtended().about(patient=one.patient_id, slot=one.slot_id)
    longer = [_extended(one) for one in held]
    for one in longer:
        if one.expires_at <= now:
            raise HoldExpired().about(patient=one.patient_id, slot=one.slot_id)
    tries = [
        Try(admission.held_at(one.slot_id, one.claim), one.claim, (one.expires_at - now).total_seconds(), held=True)
        for one in longer
    ]
    try:
        answers = ask_for_all(tries, now=now)
    except GateDown as error:
        raise Busy() from error
    for one, answer in zip(longer, answers, strict=True):
        if answer.place is None:
            raise HoldExpired().about(patient=one.patient_id, slot=one.slot_id)
    return tuple(longer)


def _extended(held: Hold) -> Hold:
    expires_at = held.expires_at + timedelta(seconds=settings.HOLD_SECONDS)
    return hold_of(held.account_id, held.patient_id, held.slot_id, held.claim, expires_at, is_extended=True)


def _keep_own(wishes: Sequence[Wish], tries: list[Try], answers: list[Answer], until: list[datetime]) -> None:
    """Where a slot is full, a place that the patient holds in it is as good: a page sent twice holds once."""
    full = [position for position, answer in enumerate(answers) if answer.verdict is Verdict.FULL]
    known = admission.held_by([str(wishes[position][0]) for position in full])
    own: dict[int, Held] = {}
    for position in full:
        patient_id, slot_id = wishes[position]
        for held in known[str(patient_id)]:
            if slot_id in (held.slot_id, admission.kept_at_gate(held.slot_id)):
                own[position] = held
    again = [
        replace(tries[position], slot_id=held.slot_id, claim=held.claim, lease=0, held=True)
        for position, held in own.items()
    ]
    for (position, held), wanted, answer in zip(own.items(), again, admission.admit_together(again), strict=True):
        tries[position], answers[position] = wanted, answer if answer.place else answers[position]
        until[position] = datetime.fromtimestamp(held.until).astimezone()


def _replace_earlier(wishes: Sequence[Wish], tries: Sequence[Try], until: Sequence[datetime]) -> None:
    holds: dict[str, list[Held]] = {}
    for (patient_id, _), wanted, moment in zip(wishes, tries, until, strict=True):
        holds.setdefault(str(patient_id), []).append(Held(wanted.slot_id, wanted.claim, int(moment.timestamp())))
    before = admission.remember_holds(holds, seconds=REMEMBER_SECONDS)
    kept = {wanted.claim for wanted in tries}
    admission.drop_holds((held.slot_id, held.claim) for held in before if held.claim not in kept)
