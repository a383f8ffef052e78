"""The city screen: how the city stands now, the alerts that somebody must see to, and the screens on walls."""

from django.contrib import admin

from accounts.admin_site import GuardedAdminSite
from booking.admin.city_screen import acts, pages, walls

site = admin.site
assert isinstance(site, GuardedAdminSite)
site.add_page("city/", pages.city_screen, "city_screen")
site.add_page("city/state", pages.city_state, "city_screen_state")
site.add_page("city/alerts/<int:alert_id>/", acts.alert_page, "city_screen_alert")
site.add_page("city/screens/", walls.walls, "city_screen_walls")
