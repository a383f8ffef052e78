"""Pages that are the same for everybody: sites, help, statements; and what browsers ask for by themselves."""

from django.urls import path

from booking.web.public import files, open_data, sites, statements

urlpatterns = [
    path("sites/", sites.site_list, name="sites"),
    path("sites/<slug:code>/", sites.site, name="site"),
    path("help/", statements.help_page, name="help"),
    path("accessibility/", statements.accessibility, name="accessibility"),
    path("privacy/", statements.privacy, name="privacy"),
    path("open-data/", open_data.open_data, name="open_data"),
    path("open-data/<str:name>", open_data.data_file, name="open_data_file"),
    path("offline/", files.offline, name="offline"),
    path("sw.js", files.service_worker, name="service_worker"),
    path("site.webmanifest", files.manifest, name="manifest"),
    path("robots.txt", files.robots, name="robots"),
    path("favicon.ico", files.favicon, name="favicon"),
]
