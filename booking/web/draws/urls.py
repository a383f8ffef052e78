"""The draws' pages. No address holds an entry's code: it finds the own line in a file that everybody may read."""

from django.urls import path

from booking.web.draws import entering, listing, mine, results

urlpatterns = [
    path("draws/", listing.draws, name="draws"),
    path("draws/<uuid:draw_id>/", listing.draw, name="draw"),
    path("draws/<uuid:draw_id>/enter/", entering.enter_who, name="draw_enter"),
    path("draws/<uuid:draw_id>/enter/<uuid:patient_id>/", entering.enter_wish, name="draw_wish"),
    path("draws/<uuid:draw_id>/enter/<uuid:patient_id>/check/", entering.enter_check, name="draw_check"),
    path("draws/<uuid:draw_id>/result/", results.draw_result, name="draw_result"),
    path("draws/<uuid:draw_id>/result.jsonl", results.draw_file, name="draw_file"),
    path("draws/<uuid:draw_id>/verify_draw.py", results.draw_script, name="draw_script"),
    path("draws/entries/<uuid:entry_id>/", mine.draw_entry, name="draw_entry"),
    path("draws/entries/<uuid:entry_id>/withdraw/", mine.draw_withdraw, name="draw_withdraw"),
]
