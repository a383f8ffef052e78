"""The result for everybody: the own line, the file, the script that checks it, and how that is done."""

import gzip
from functools import lru_cache
from pathlib import Path
from uuid import UUID

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from booking.queries.draw_entries import Line, line_by_code
from booking.queries.draw_figures import result_counts
from booking.queries.draws import DRAWN, DrawFacts, published
from booking.rules.draw import entry_name
from booking.web.draws import words
from booking.web.draws.listing import draw_or_404
from booking.web.public.kept import public

_FRESH = 60
_SCRIPT = Path(__file__).resolve().parents[2] / "static" / "booking" / "draw" / "verify_draw.py"
_LINES = "application/x-ndjson; charset=utf-8"


class CodeForm(forms.Form):
    """The code as somebody types it from paper."""

    use_required_attribute = False
    code = forms.CharField(
        label=gettext_lazy("登记号"),
        max_length=40,
        help_text=gettext_lazy("16 位，登记时给您的。空格和大小写不要紧。"),
        error_messages={"required": gettext_lazy("请写登记号。"), "max_length": gettext_lazy("登记号是 16 位。")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )


# It changes nothing, and a page that is the same for everybody holds no token.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def draw_result(request: HttpRequest, draw_id: UUID) -> HttpResponse:
    """What came of the draw; by POST also what came of the entry with this code, which so stands in no address."""
    if request.method != "POST":
        return _same_for_all(request, draw_id)
    form = CodeForm(request.POST)
    looked = form.is_valid()
    line = line_by_code(draw_id, form.cleaned_data["code"]) if looked else None
    response = _page(request, draw_id, form, line=line, looked=looked)
    response["Cache-Control"] = "no-store"
    return response


@public(max_age=_FRESH)
def _same_for_all(request: HttpRequest, draw_id: UUID) -> HttpResponse:
    return _page(request, draw_id, CodeForm())


def _page(
    request: HttpRequest, draw_id: UUID, form: CodeForm, *, line: Line | None = None, looked: bool = False
) -> HttpResponse:
    draw = draw_or_404(draw_id)
    context = {
        "draw": draw,
        "standing": words.standing(draw.state),
        # Between drawing and the last appointment the file is there already.
        "is_drawn": draw.drawn_at is not None,
        "counts": result_counts(draw_id) if draw.drawn_at is not None else None,
        "form": form,
        "looked": looked,
        "line": line,
        "line_name": entry_name(str(draw_id), line.code) if line else "",
        "file_name": _file_name(draw),
    }
    return render(request, "booking/draws/result.html", context)


@require_safe
def draw_file(request: HttpRequest, draw_id: UUID) -> HttpResponse:
    """What is published, to the byte: the sealed list, and once it is drawn what came of everybody."""
    draw, found = draw_or_404(draw_id), published(draw_id)
    if found is None:
        raise Http404
    headers = {
        "Content-Disposition": f'attachment; filename="{_file_name(draw)}"',
        "Cache-Control": f"public, max-age={_FRESH if draw.state != DRAWN else 3600}",
        "ETag": f'"{found.digest}"',
        "Vary": "Accept-Encoding",
    }
    if "gzip" not in request.headers.get("Accept-Encoding", ""):
        return HttpResponse(found.content, content_type=_LINES, headers=headers)
    headers["Content-Encoding"] = "gzip"
    return HttpResponse(_in_one_piece(found.compressed), content_type=_LINES, headers=headers)


@lru_cache(maxsize=2)
def _in_one_piece(compressed: bytes) -> bytes:
    # What is kept is two gzip files one behind the other; browsers stop after the first.
    return gzip.compress(gzip.decompress(compressed), mtime=0)


def _file_name(draw: DrawFacts) -> str:
    return f"draw-{str(draw.draw_id)[:8]}.jsonl"


@require_safe
def draw_script(request: HttpRequest, draw_id: UUID) -> HttpResponse:
    """The program that draws again from the file: one file that needs nothing but Python."""
    draw_or_404(draw_id)
    headers = {
        "Content-Disposition": 'attachment; filename="verify_draw.py"',
        "Cache-Control": f"public, max-age={_FRESH}",
    }
    return HttpResponse(_SCRIPT.read_bytes(), content_type="text/x-python; charset=utf-8", headers=headers)
