"""What each office of an administrator may do. Which sites and districts it is about is sites.scope's to say.

Django's own names of permissions. The admin shows this table (sites/admin), and a test asks every address of it.
"""

_LOOK_AT_QUOTAS = {
    "booking.view_slot", "booking.view_slotevent", "booking.view_closedday", "booking.view_quotaplan",
    "booking.view_quotachange", "booking.view_relocation", "booking.view_hourfigure", "booking.export_figures",
    "booking.view_programme", "booking.view_vaccine", "booking.view_releaserule", "booking.view_bookingpause",
    "sites.view_site", "sites.view_district", "sites.view_staffmember", "booking.view_batch",
    "booking.view_stockmovement", "booking.view_dayclose", "booking.view_visit", "booking.view_vaccinationrecord",
    "booking.view_deskact", "booking.view_releasequeue",
}  # fmt: skip

_SET_QUOTAS = {
    "booking.add_slot", "booking.change_slot", "booking.close_slot", "booking.add_quotachange",
    "booking.apply_quotachange", "booking.add_quotaplan", "booking.change_quotaplan", "booking.view_appointment",
    "booking.view_appointmentevent", "booking.view_message",
}  # fmt: skip

_PLACES = {
    "sites.change_site", "sites.add_staffmember", "sites.change_staffmember", "booking.view_importrun",
    "booking.add_importrun", "booking.add_batch",
}  # fmt: skip

_SITE = _LOOK_AT_QUOTAS | _SET_QUOTAS | _PLACES

_DISTRICT = _SITE | {
    "sites.add_site", "sites.view_administrator", "sites.add_administrator", "sites.change_administrator",
    "booking.add_releaserule", "booking.change_releaserule",
    "booking.see_city_screen", "booking.handle_alert",
}  # fmt: skip

_CITY = _DISTRICT | {
    "sites.add_district", "sites.change_district", "booking.add_programme", "booking.change_programme",
    "booking.add_releasequeue", "booking.change_releasequeue",
    "booking.add_vaccine", "booking.change_vaccine", "booking.add_bookingpause", "booking.change_bookingpause",
    "accounts.view_user", "accounts.change_user", "accounts.view_patient", "accounts.view_lookup",
    "accounts.view_auditentry", "accounts.export_auditentry", "booking.view_suspicion", "booking.change_suspicion",
    "booking.view_invitationlist", "booking.add_invitationlist", "booking.change_invitationlist",
    "booking.view_draw", "booking.add_draw", "booking.change_draw",
    "booking.view_outsidedose", "booking.add_outsidedose", "booking.change_outsidedose",
    "booking.view_messagetemplate", "booking.change_messagetemplate", "booking.view_alert",
}  # fmt: skip

_AUDITOR = _LOOK_AT_QUOTAS | {
    "accounts.view_auditentry", "accounts.export_auditentry", "accounts.view_lookup", "sites.view_administrator",
    "booking.view_importrun", "booking.view_appointmentevent", "booking.view_invitationlist", "booking.view_draw",
    "booking.view_messagetemplate", "booking.view_alert", "booking.see_city_screen",
}  # fmt: skip

PERMISSIONS: dict[str, frozenset[str]] = {
    "city": frozenset(_CITY),
    "district": frozenset(_DISTRICT),
    "site": frozenset(_SITE),
    "auditor": frozenset(_AUDITOR),
}
