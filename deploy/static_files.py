"""How static files are named and stored for serving."""

from django.contrib.staticfiles.storage import HashedFilesMixin
from whitenoise.storage import CompressedManifestStaticFilesStorage

_EXTENSION, _IMPORTS = HashedFilesMixin._js_module_import_aggregation_patterns  # type: ignore[attr-defined]


class StaticFiles(CompressedManifestStaticFilesStorage):
    """Compressed, and named by their content; so are the modules that the desk's scripts import from each other.

    Other scripts are left as they are: what looks like an import in them may be none.
    """

    patterns = (*CompressedManifestStaticFilesStorage.patterns, ("booking/desk/*.js", _IMPORTS))
    # A module gets its name when all that it imports have theirs: as many passes as imports are deep.
    max_post_process_passes = 20
