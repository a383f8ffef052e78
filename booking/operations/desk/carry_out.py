"""One act of a desk, carried out once: however often, by whatever way and in whatever order it comes."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone

from booking.models import ActKind, Appointment, DeskAct, Outcome, Visit, VisitStatus
from booking.models.turns import wait_for_turn
from booking.operations.desk.act import Act, Done, Scene, conflict
from booking.operations.desk.answer import NOT_HERE, NOT_YET, NOT_YOURS_TO_SEND, Answer, plain, refused, told
from booking.operations.desk.check_in import check_in
from booking.operations.desk.refusals import NotYourPost
from booking.operations.desk.undo import undo_check_in
from booking.operations.record_moves import broken_constraint
from booking.operations.refusals import NotFound, Refusal, RequestKeyReused
from booking.operations.visits.answer import answer
from booking.operations.visits.call import call
from booking.operations.visits.correct import correct
from booking.operations.visits.leave import leave
from booking.operations.visits.react import react
from booking.operations.visits.vaccinate import vaccinate
from booking.operations.walk_ins.handlers import bring_to_today, walk_in
from booking.queries.desk.sealed import seal
from booking.rules.desk_roles import IS_A_FACT, may
from sites.models import Site, StaffMember

# Each in the caller's transaction, with appointment and visit locked: handler(act, scene, now=now) -> Done. A handler
# raises a Refusal only of an act that was not done offline.
HANDLERS: dict[ActKind, Callable[..., Done]] = {
    ActKind.CHECK_IN: check_in,
    ActKind.UNDO_CHECK_IN: undo_check_in,
    ActKind.CALL: call,
    ActKind.ANSWER: answer,
    ActKind.VACCINATE: vaccinate,
    ActKind.REACT: react,
    ActKind.LEAVE: leave,
    ActKind.CORRECT: correct,
    ActKind.WALK_IN: walk_in,
    ActKind.BRING_FORWARD: bring_to_today,
}

# What is kept even if it is about nobody whom we know.
_KEPT_ALONE = frozenset({ActKind.CHECK_IN, ActKind.VACCINATE})
# What a desk may ask about an appointment of another site, to be told no more than where it is.
_ABOUT_OTHER_SITES = frozenset({ActKind.CHECK_IN})
# A device whose clock says that an act is older has no clock.
_OLDEST = timedelta(days=90)


def carry_out(act: Act, *, site: Site, sent_by: int, roles: frozenset[str] | None = None, now: datetime) -> Answer:
    """Carry the act out, or say again what came of it. `sent_by` has a post at the site, which the door has checked.

    `roles` are their posts there if the door has just read them; without it they are read.

    Never raises a Refusal: an act done without the network is a fact, and of any other the answer says why not. Raises
    ValueError for a time that cannot be.
    """
    act, known = _by_our_clock(act, now=now), {} if roles is None else {sent_by: roles}
    try:
        try:
            return _once(act, known, site=site, sent_by=sent_by, now=now)
        except IntegrityError as error:
            if broken_constraint(error) != "one_act_per_device_and_key":
                raise
            # The ledger had it a moment earlier.
            return _once(act, known, site=site, sent_by=sent_by, now=now)
    except Refusal as refusal:
        return refused(act, refusal)


def _once(act: Act, known: Mapping[int, frozenset[str]], *, site: Site, sent_by: int, now: datetime) -> Answer:
    with transaction.atomic():
        # What else this device is just telling us goes first.
        wait_for_turn(f"desk device {act.device}")
        here = _told_before(act)
        if act.key in here:
            return told(_same(act, here[act.key], site), repeated=True)
        if act.after is not None and act.after not in here:
            return Answer(act.key, NOT_YET, NOT_HERE, reference=act.reference)

        def roles_of(user_id: int) -> frozenset[str]:
            return known[user_id] if user_id in known else _posts(user_id, site, is_active=True)

        if act.by != sent_by and not may(roles_of(sent_by), "send_for_others"):
            if act.offline:
                # It has happened and must not be lost: the device keeps it for somebody who may send it.
                return Answer(act.key, NOT_YET, NOT_YOURS_TO_SEND, reference=act.reference)
            raise NotYourPost()
        done = _done(act, _scene(act, site, roles_of(act.by)), now=now)
        return told(_written(act, done, site=site, sent_by=sent_by, now=now), repeated=False)


def _by_our_clock(act: Act, *, now: datetime) -> Act:
    if timezone.is_naive(act.happened_at) or act.happened_at < now - _OLDEST:
        raise ValueError("no time at which something was done")
    return replace(act, happened_at=min(act.happened_at, now))


def _told_before(act: Act) -> dict[str, DeskAct]:
    """By key, the act itself and the one before it, as far as they have come."""
    keys = [key for key in (act.key, act.after) if key is not None]
    rows = DeskAct.objects.select_related("appointment").filter(device=act.device, key__in=keys)
    return {row.key: row for row in rows}


def _same(act: Act, row: DeskAct, site: Site) -> DeskAct:
    if row.site_id != site.pk:
        raise NotFound(what="act")
    if row.kind != act.kind or (act.reference and row.appointment and row.appointment.reference != act.reference):
        raise RequestKeyReused()
    return row


def _scene(act: Act, site: Site, roles: frozenset[str]) -> Scene:
    if not act.reference:
        return Scene(site, roles, None, None)
    appointment = _locked(act.reference)
    if appointment is None:
        return Scene(site, roles, None, None)
    counting = Visit.objects.select_for_update().exclude(status=VisitStatus.CANCELLED)
    return Scene(site, roles, appointment, counting.filter(appointment=appointment).first())


def _locked(reference: str) -> Appointment | None:
    rows = Appointment.objects.select_for_update(of=("self",)).select_related("slot").filter(reference=reference)
    # A row that was moved while we waited is not found together with its old slot; by now it is ours, with the new one.
    return rows.first() or rows.first()


def _posts(user_id: int, site: Site, **more: bool) -> frozenset[str]:
    return frozenset(StaffMember.objects.filter(user_id=user_id, site=site, **more).values_list("role", flat=True))


def _done(act: Act, scene: Scene, *, now: datetime) -> Done:
    if may(scene.roles, act.kind):
        return _handled(act, scene, now=now)
    if not act.offline:
        raise NotYourPost()
    # Somebody's post may have ended between the act and its coming here. Who never had it can only have told a fact.
    if act.kind not in IS_A_FACT and not may(_posts(act.by, scene.site), act.kind):
        return replace(conflict("not_your_post", **_sealed(act)), appointment=scene.appointment, visit=scene.visit)
    done = _handled(act, scene, now=now)
    if done.outcome == Outcome.CONFLICT:
        return done
    return replace(done, outcome=Outcome.CONFLICT, code="not_your_post", facts={**done.facts, "done": done.code})


def _handled(act: Act, scene: Scene, *, now: datetime) -> Done:
    if act.reference and scene.appointment is None and act.kind not in _KEPT_ALONE:
        if not act.offline:
            raise NotFound(what="appointment")
        return conflict("unknown", reference=act.reference, **_sealed(act))
    if not act.offline and act.kind not in _ABOUT_OTHER_SITES and not _is_here(scene):
        raise NotFound(what="appointment")
    if not act.offline:
        return HANDLERS[act.kind](act, scene, now=now)
    try:
        with transaction.atomic():
            return HANDLERS[act.kind](act, scene, now=now)
    except Refusal as refusal:
        # No handler should; but what has happened is never refused.
        return replace(conflict(refusal.code, **_sealed(act)), appointment=scene.appointment, visit=scene.visit)


def _sealed(act: Act) -> dict[str, str]:
    """What the act said, where nothing of it could be written: it may be about somebody's health."""
    return {"sealed": seal(act.data)} if act.data else {}


def _is_here(scene: Scene) -> bool:
    if scene.appointment is None:
        return True
    if scene.visit is not None:
        return scene.visit.site_id == scene.site.pk
    return scene.appointment.slot.site_id == scene.site.pk


def _written(act: Act, done: Done, *, site: Site, sent_by: int, now: datetime) -> DeskAct:
    return DeskAct.objects.create(
        key=act.key,
        site=site,
        device=act.device,
        sequence=act.sequence,
        kind=act.kind,
        desk=act.desk,
        appointment=done.appointment,
        visit=done.visit,
        by_id=act.by,
        sent_by_id=sent_by,
        happened_at=act.happened_at,
        received_at=now,
        offline=act.offline,
        outcome=done.outcome,
        code=done.code,
        facts=plain(done.facts),
    )
