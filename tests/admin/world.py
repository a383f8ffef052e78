"""One row of every table of the admin in the administrator's own district, and one in another."""

import uuid
from datetime import date, timedelta
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Model

from accounts.audit import record
from accounts.models import AuditEntry, AuditExport, LookUp, Patient, User
from booking.models import (
    Alert,
    Appointment,
    AppointmentEvent,
    Batch,
    BookingPause,
    ChangeKind,
    ClosedDay,
    DayClose,
    DeskAct,
    Draw,
    HourFigure,
    ImportRun,
    InvitationList,
    Message,
    MessageTemplate,
    OutsideDose,
    Programme,
    QuotaChange,
    QuotaPlan,
    ReleaseMode,
    ReleaseQueue,
    ReleaseRule,
    Relocation,
    Slot,
    SlotEvent,
    Suspicion,
    VaccinationRecord,
    Vaccine,
    Visit,
)
from booking.operations.book import book
from booking.operations.draws.announce import Announcement, announce
from booking.operations.quotas.preview_change import preview_change
from sites.models import Administrator, AdminRole, District, Site, StaffMember
from tests.factories import (
    CLOCK,
    make_administrator,
    make_citizen,
    make_patient,
    make_programme,
    make_queue,
    make_site,
    make_slot,
)

OWN_DISTRICT, OTHER_DISTRICT = "430102", "430104"
# What must not be read by anybody of the own district.
OTHER_NAMES = ("岳麓区", "Yuelu", "河西卫生服务中心", "S-OTHER", "other-")
Rows = dict[type[Model], Model]


class World:
    """`own` and `other` hold a row of each table; tables of the whole city are in `own` only."""

    def __init__(self) -> None:
        self.programme = make_programme()
        self.city = make_administrator(AdminRole.CITY)
        self.own: Rows = {Programme: self.programme, Vaccine: self.programme.vaccine}
        self.other: Rows = {}
        self._citys()
        self._fill(self.own, OWN_DISTRICT, name="河东卫生服务中心", name_en="East", code="S-OWN", prefix="own")
        self._fill(
            self.other, OTHER_DISTRICT, name="河西卫生服务中心", name_en="Other side", code="S-OTHER", prefix="other"
        )
        self.own[Draw] = self._draw(self.own[Site], self.city)

    def _citys(self) -> None:
        by = self.city
        self.own[User] = citizen = make_citizen()
        self.own[Patient] = make_patient(citizen)
        self.own[LookUp] = LookUp.objects.create(kind="OPENED", by=by, at=CLOCK, what="accounts.user 1")
        self.own[AuditEntry] = record(by=by, action="change", what="sites.site 1", label="x", now=CLOCK)
        self.own[AuditExport] = AuditExport.objects.create(
            asked_by=by, asked_at=CLOCK, first_day=CLOCK.date(), last_day=CLOCK.date(), reason="检查"
        )
        self.own[Suspicion] = Suspicion.objects.create(
            account=citizen, sign="many_people_in_an_account", evidence={"people": 20}, raised_at=CLOCK
        )

        self.own[InvitationList] = InvitationList.objects.create(
            programme=self.programme, name="own-list", source="imported", expires_at=CLOCK + timedelta(days=9),
            made_by=by, made_at=CLOCK,
        )  # fmt: skip
        self.own[OutsideDose] = OutsideDose.objects.create(
            person=uuid.uuid4(), programme=self.programme, vaccine=self.programme.vaccine, dose=1,
            given_on=CLOCK.date(), where="武汉", evidence="预防接种证", entered_by=by, entered_at=CLOCK,
        )  # fmt: skip
        self.own[MessageTemplate] = MessageTemplate.objects.create(
            kind="BOOKED", language="en", text="{starts_at} {site} {reference}", changed_by=by, changed_at=CLOCK
        )
        self.own[BookingPause] = BookingPause.objects.create(
            began_at=CLOCK - timedelta(days=3), began_by=by, text="暂停", text_en="Pause", ended_at=CLOCK, ended_by=by
        )
        self.own[ReleaseQueue] = make_queue(self.programme, opens_in=timedelta(days=1), made_by=by)

    def _fill(self, rows: Rows, district_code: str, *, prefix: str, **site: str) -> None:
        names = {OWN_DISTRICT: ("芙蓉区", "Furong"), OTHER_DISTRICT: ("岳麓区", "Yuelu")}[district_code]
        district = District.objects.create(
            code=district_code, name=names[0], name_en=names[1], longitude=113.0, latitude=28.2
        )
        place = make_site(district=district, **site)
        slot = make_slot(place, self.programme)
        by = make_administrator(AdminRole.DISTRICT, district=district)
        User.objects.filter(pk=by.pk).update(username=f"{prefix}-by")
        booked = self._appointment(slot)
        day = CLOCK.date() + timedelta(days=5)
        closed = {"programme": None, "first": day.isoformat(), "last": day.isoformat(), "begins": None, "ends": None}
        rows |= {
            District: district,
            Site: place,
            Slot: slot,
            Administrator: Administrator.objects.get(user=by),
            StaffMember: StaffMember.objects.create(user=self._worker(prefix), site=place, role="registration"),
            Appointment: booked,
            AppointmentEvent: AppointmentEvent.objects.get(appointment=booked),
            Message: Message.objects.get(appointment=booked),
            SlotEvent: SlotEvent.objects.create(slot=slot, kind="PUBLISHED", at=CLOCK, by=by),
            ClosedDay: ClosedDay.objects.create(site=place, day=day, by=by, at=CLOCK),
            QuotaPlan: QuotaPlan.objects.create(
                code=f"{prefix}-plan", name=f"{prefix}-plan", programme=self.programme, district=district
            ),
            QuotaChange: preview_change(
                kind=ChangeKind.CLOSE, site_ids=[place.pk], reason=f"{prefix}-reason", by=by.pk, now=CLOCK,
                params=closed,
            ),
            ReleaseRule: self._rule(prefix, district),
            **self._visit(prefix, place, booked, day, by),
            DayClose: DayClose.objects.create(site=place, day=day, sums={"batches": [], "last": 0}, by=by, at=CLOCK),
            Relocation: Relocation.objects.create(appointment=booked, from_slot=slot, by=by, made_at=CLOCK),
            Alert: Alert.objects.create(
                kind="long_wait", severity="orange", place=f"site {place.pk}", site=place, district=district,
                number=50, began_at=CLOCK, facts={"waiting": 4},
            ),
            ImportRun: ImportRun.objects.create(kind="sites", by=by, created_at=CLOCK, file_name=f"{prefix}-file.csv"),
            HourFigure: HourFigure.objects.create(
                site=place, programme=self.programme, day=day, hour=9, quota=1, taken=1, fulfilled=0, no_show=0,
                cancelled=0, lead_days=0, lead_count=0, counted_at=CLOCK,
            ),
        }  # fmt: skip

    def _appointment(self, slot: Slot) -> Appointment:
        patient = make_patient()
        booked = book(
            account_id=patient.user_id, patient_id=patient.pk, slot_id=slot.pk, request_key=f"key-{uuid.uuid4()}",
            now=CLOCK,
        )  # fmt: skip
        return Appointment.objects.get(reference=booked.reference)

    def _visit(self, prefix: str, place: Site, booked: Appointment, day: date, by: User) -> Rows:
        batch = Batch.objects.create(
            site=place, vaccine=self.programme.vaccine, number=f"{prefix}-batch", expires_on=day
        )
        visit = Visit.objects.create(
            appointment=booked, site=place, day=day, ticket=1, arrived_at=CLOCK, arrived_desk=f"{prefix}-desk"
        )
        record = VaccinationRecord.objects.create(
            visit=visit, appointment=booked, person=booked.person, vaccine=batch.vaccine, dose=1, batch=batch,
            given_at=CLOCK, given_by=by, lifted_reason=f"{prefix}-reason",
        )  # fmt: skip
        act = DeskAct.objects.create(
            key=f"{prefix}-key", site=place, device=uuid.uuid4(), sequence=1, kind="CHECK_IN", desk=f"{prefix}-desk",
            appointment=booked, visit=visit, by=by, sent_by=by, happened_at=CLOCK, received_at=CLOCK,
        )  # fmt: skip
        return {Batch: batch, Visit: visit, VaccinationRecord: record, DeskAct: act}

    def _worker(self, prefix: str) -> User:
        return User.objects.create(
            username=f"{prefix}-worker", first_name=f"{prefix}-name", work_phone="+8613812340001"
        )

    def _rule(self, prefix: str, district: District) -> ReleaseRule:
        rule = ReleaseRule.objects.create(
            name=f"{prefix}-rule", programme=self.programme, opens="09:00", days_ahead=14, portions=[[100, 0]]
        )
        rule.districts.add(district)
        return rule

    def _draw(self, place: Site, by: User) -> Draw:
        programme = make_programme(release_mode=ReleaseMode.DRAW)
        make_slot(place, programme, starts_at=CLOCK + timedelta(days=9))
        day = CLOCK.date() + timedelta(days=9)
        said = Announcement(
            programme_id=programme.pk, name="摇号", name_en="Draw", opens_at=CLOCK + timedelta(hours=1),
            closes_at=CLOCK + timedelta(days=2), first_day=day, last_day=day, public_source="来源",
            public_source_en="Source",
        )  # fmt: skip
        return announce(said, by=by.pk, now=CLOCK)

    def actors(self) -> dict[str, User | None]:
        """Everybody who may come to an address; None: nobody has signed in."""
        worker: Any = self.own[StaffMember]
        return {
            "anonymous": None,
            "unverified": make_administrator(AdminRole.CITY),
            "citizen": make_citizen(),
            "staff": worker.user,
            "site": make_administrator(AdminRole.SITE, site=self.own[Site]),
            "district": make_administrator(AdminRole.DISTRICT, district=self.own[District]),
            "city": make_administrator(AdminRole.CITY),
            "auditor": make_administrator(AdminRole.AUDITOR),
            "superuser": User.objects.create(username="superuser", is_staff=True, is_superuser=True),
        }


def content_type_of_sites() -> int:
    """For the address that leads from the admin to a row's own page."""
    return ContentType.objects.get_for_model(Site).pk
