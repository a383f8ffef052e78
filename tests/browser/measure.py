"""What a page is measured by, in the browser: sizes of targets, width, movement, and axe."""

from collections.abc import Sequence

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

# Pixels: the least side of whatever can be tapped (design: 48, and 60 where people chose large text).
LEAST_TARGET = {"standard": 48.0, "large": 60.0, "largest": 60.0}

_AXE_OPTIONS = {
    # For that it would write styles into the page, which our pages do not let anybody do.
    "preload": False,
    "resultTypes": ["violations"],
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"],
    },
    # Off unless asked for, and asked for by WCAG 2.2.
    "rules": {"target-size": {"enabled": True}},
}

_SMALL_TARGETS = """
(least) => {
  const found = [];
  // A field, a radio button or a check box is tapped by its label too.
  const boxes = (element) => [element, ...(element.labels || [])].map((one) => one.getBoundingClientRect());
  const enough = (box) => box.width >= least - 0.5 && box.height >= least - 0.5;
  const unseen = (element) => {
    const style = getComputedStyle(element);
    const box = element.getBoundingClientRect();
    return style.visibility === "hidden" || box.width === 0 || box.height === 0 || box.right <= 0 || box.bottom <= 0;
  };
  const within_text = (element) => {
    if (element.tagName !== "A" || getComputedStyle(element).display !== "inline") return false;
    const around = element.closest("p, li, dd, td, th, label, small");
    return around !== null && around.textContent.trim().length > element.textContent.trim().length;
  };
  for (const element of document.querySelectorAll("a[href], button, input, select, textarea, summary")) {
    if (element.type === "hidden" || unseen(element) || within_text(element)) continue;
    if (boxes(element).some(enough)) continue;
    const box = element.getBoundingClientRect();
    const name = (element.getAttribute("aria-label") || element.textContent || element.name || "").trim();
    found.push(`${element.tagName.toLowerCase()} "${name.replace(/\\s+/g, " ").slice(0, 40)}" is ` +
      `${box.width.toFixed(1)} x ${box.height.toFixed(1)}`);
  }
  return found;
}
"""

_WIDER_THAN_THE_SCREEN = """
() => {
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= width) return [];
  const found = [];
  for (const element of document.querySelectorAll("body *")) {
    const box = element.getBoundingClientRect();
    if (box.right > width + 1 && !element.closest(".scroll")) {
      found.push(`${element.tagName.toLowerCase()}.${element.getAttribute("class") || ""} ends at ` +
        `${box.right.toFixed(0)} of ${width}`);
    }
  }
  return found.length ? found.slice(0, 5) : [`the page is ${document.documentElement.scrollWidth} of ${width} wide`];
}
"""

# Where a thumb lies: the lower half of the screen, above the desk's bar, without scrolling. In a list each row may
# have one of its own.
_OUT_OF_REACH = """
() => {
  scrollTo(0, 0);
  const found = [];
  const bar = document.querySelector(".page:not([hidden]) > .bottom");
  const end = bar ? bar.getBoundingClientRect().top : innerHeight;
  for (const button of document.querySelectorAll(".button.main")) {
    const box = button.getBoundingClientRect();
    if (box.width === 0 || button.closest("li, dialog")) continue;
    if (box.top < innerHeight / 2 || box.bottom > end + 0.5) {
      found.push(`"${button.textContent.trim()}" lies from ${box.top.toFixed(0)} to ${box.bottom.toFixed(0)} ` +
        `of ${end.toFixed(0)}`);
    }
  }
  return found;
}
"""

# What people act on must be in their language; names and addresses are data.
_NOT_TRANSLATED = """
() => [...document.querySelectorAll("title, h1, h2, h3, label, legend, button, main a, footer a, .notice p, .note")]
  .filter((element) => !element.closest("[lang^=zh]") || element.closest("[lang^=zh]") === document.documentElement)
  .map((element) => element.textContent.trim().replace(/\\s+/g, " "))
  .filter((text) => /[\\u4e00-\\u9fff]/.test(text))
  .map((text) => `not in English: ${text.slice(0, 60)}`)
"""

# A short word that goes on in the next line without a hyphen cannot be read.
_BROKEN_WORDS = """
() => {
  const found = [];
  if (innerWidth < 17 * parseFloat(getComputedStyle(document.body).fontSize)) return found;
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let text = texts.nextNode(); text; text = texts.nextNode()) {
    if (!text.parentElement.offsetParent || text.parentElement.closest(".unseen, .skip")) continue;
    for (const word of text.data.matchAll(/\\b[A-Za-z]{2,12}\\b/g)) {
      const range = document.createRange();
      range.setStart(text, word.index);
      range.setEnd(text, word.index + word[0].length);
      const lines = new Set([...range.getClientRects()].map((box) => Math.round(box.top)));
      if (lines.size > 1) found.push(`"${word[0]}" is broken in the middle`);
    }
  }
  return found;
}
"""

_MOVEMENT = """
() => new Promise((resolve) => {
  let sum = 0;
  const moved = new Set();
  const name = (node) => node && (node.nodeType === 1 ? node : node.parentElement);
  const add = (list) => {
    for (const entry of list) {
      if (entry.hadRecentInput) continue;
      sum += entry.value;
      for (const source of entry.sources) {
        const element = name(source.node);
        if (element) moved.add(`${element.tagName.toLowerCase()}.${element.getAttribute("class") || ""}`);
      }
    }
  };
  const observer = new PerformanceObserver((list) => add(list.getEntries()));
  observer.observe({ type: "layout-shift", buffered: true });
  requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(() => {
    add(observer.takeRecords());
    observer.disconnect();
    resolve([sum, [...moved].slice(0, 4).join(", ")]);
  }, 50)));
})
"""

_axe = Axe()


def small_targets(page: Page, text_size: str) -> list[str]:
    """What can be tapped and is too small for this text size; links inside a sentence excepted."""
    return list(page.evaluate(_SMALL_TARGETS, LEAST_TARGET[text_size]))


def wider_than_the_screen(page: Page) -> list[str]:
    """What makes the page scroll sideways; what scrolls inside a frame of its own excepted."""
    return list(page.evaluate(_WIDER_THAN_THE_SCREEN))


def main_buttons_out_of_reach(page: Page) -> list[str]:
    """Main buttons that are not in the lower half of the screen as it opens."""
    return list(page.evaluate(_OUT_OF_REACH))


def not_translated(page: Page) -> list[str]:
    """What still stands in Chinese on a page that should be English."""
    return list(page.evaluate(_NOT_TRANSLATED))


def broken_words(page: Page) -> list[str]:
    """Words of up to twelve letters that are cut in two, where a line has room for such words."""
    return list(page.evaluate(_BROKEN_WORDS))


def movement(page: Page) -> tuple[float, str]:
    """The sum of layout shifts since the page was opened, and what moved. Needs JavaScript."""
    shift, moved = page.evaluate(_MOVEMENT)
    return float(shift), str(moved)


def axe_violations(page: Page, *, but_for: Sequence[str] = ()) -> list[str]:
    """What axe finds against WCAG 2.0 to 2.2, A and AA, and its best practices; not in what these selectors find."""
    context = {"exclude": [[selector] for selector in but_for]} if but_for else None
    found = _axe.run(page, context=context, options=_AXE_OPTIONS).response["violations"]
    return [
        f"{one['id']}: {one['help']} ({', '.join(str(node['target']) for node in one['nodes'][:3])})" for one in found
    ]


def one_heading(page: Page) -> list[str]:
    """A page has one main heading and a title that begins with something of its own."""
    count = page.locator("h1").count()
    return [] if count == 1 else [f"{count} h1 elements"]
