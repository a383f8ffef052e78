// Cells of the quota calendar are chosen by click, by shift and click, and by keyboard. Without this, by ticking them.
(() => {
  const root = document.querySelector(".calendar");
  const form = root && root.querySelector("form.cal-work");
  if (!form) return;

  const chosen = form.querySelector("[data-chosen]");
  const clear = form.querySelector("[data-clear]");
  const counted = [...form.querySelectorAll("tbody input[type=checkbox]")];
  const tell = () => {
    if (!chosen) return;
    const count = counted.filter((box) => box.checked).length;
    const said = count ? chosen.dataset.some.replace("{n}", count) : chosen.dataset.none;
    if (chosen.textContent !== said) chosen.textContent = said;
    if (clear) clear.hidden = !count;
    if (all) {
      all.checked = count === counted.length;
      all.indeterminate = count > 0 && !all.checked;
    }
  };
  const all = form.querySelector("[data-all]");
  if (all) {
    all.hidden = false;
    all.addEventListener("change", () => {
      counted.forEach((box) => { box.checked = all.checked; });
      tell();
    });
  }

  // On a narrow screen the days that have passed would be all there is to see.
  const today = form.querySelector("thead .today");
  const frame = form.querySelector(".cal-scroll");
  if (today) frame.scrollLeft = today.offsetLeft - form.querySelector(".corner, th").offsetWidth;

  const grid = form.querySelector("table[data-cells]");
  form.addEventListener("change", () => { mark(); tell(); });
  const where = new Map();
  const mark = () => where.forEach((_, box) => box.closest("label").classList.toggle("chosen", box.checked));
  if (grid && counted.length) paint();
  mark();
  tell();

  function paint() {
    counted.forEach((box, order) => {
      const cell = box.closest("td");
      where.set(box, { row: cell.parentElement.sectionRowIndex, column: cell.cellIndex, order, lane: box.dataset.programme });
    });
    form.querySelectorAll("[data-keys]").forEach((element) => { element.hidden = false; });
    // One stop for the Tab key; arrows go on from there.
    let current = counted.find((box) => box.checked) || counted[0];
    counted.forEach((box) => { box.tabIndex = box === current ? 0 : -1; });
    let anchor = null;
    let before = new Set();

    const stand = (box) => {
      current.tabIndex = -1;
      box.tabIndex = 0;
      current = box;
    };
    const start = (box) => {
      anchor = box;
      before = new Set(counted.filter((one) => one.checked));
    };
    // Everything between two corners, of the programme that was begun with.
    const stretch = (to) => {
      const a = where.get(anchor), b = where.get(to);
      const between = (value, one, other) => value >= Math.min(one, other) && value <= Math.max(one, other);
      counted.forEach((box) => {
        const place = where.get(box);
        const inside = place.lane === a.lane && between(place.row, a.row, b.row) && between(place.column, a.column, b.column);
        box.checked = inside || before.has(box);
      });
      mark();
      tell();
    };
    const next = (box, key, sameLane) => {
      const at = where.get(box);
      const sideways = key === "ArrowLeft" || key === "ArrowRight";
      const step = key === "ArrowLeft" || key === "ArrowUp" ? -1 : 1;
      const ahead = counted.filter((one) => {
        const place = where.get(one);
        if (sideways) return place.row === at.row && (place.column - at.column) * step > 0;
        return place.column === at.column && (place.order - at.order) * step > 0 && (!sameLane || place.lane === at.lane);
      });
      const far = (one) => {
        const place = where.get(one);
        const aside = place.lane === at.lane ? 0 : 0.5;
        return sideways ? Math.abs(place.column - at.column) + aside : Math.abs(place.order - at.order);
      };
      return ahead.reduce((best, one) => (best && far(best) <= far(one) ? best : one), null);
    };

    grid.addEventListener("click", (event) => {
      const label = event.target.closest("label.cell");
      const box = label && label.querySelector("input");
      if (!box) return;
      if (event.shiftKey && anchor && anchor !== box) {
        if (event.target !== box) event.preventDefault();
        // A box that was clicked itself is toggled after this; the stretch has the last word.
        setTimeout(() => { stretch(box); stand(box); box.focus(); });
      } else if (event.target === box) {
        stand(box);
        start(box);
      }
    });
    grid.addEventListener("keydown", (event) => {
      if (!where.has(event.target)) return;
      if (event.key.startsWith("Arrow")) {
        event.preventDefault();
        const to = next(event.target, event.key, event.shiftKey);
        if (!to) return;
        if (event.shiftKey) {
          if (!anchor) start(event.target);
          if (!anchor.checked) { anchor.checked = true; before.add(anchor); }
          stretch(to);
        } else {
          anchor = null;
        }
        stand(to);
        to.focus();
      } else if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "a") {
        event.preventDefault();
        const day = where.get(event.target).column;
        const whole = counted.filter((box) => where.get(box).column === day);
        const on = whole.some((box) => !box.checked);
        whole.forEach((box) => { box.checked = on; });
        mark();
        tell();
      }
    });
    clear.addEventListener("click", () => {
      counted.forEach((box) => { box.checked = false; });
      anchor = null;
      mark();
      tell();
      current.focus();
    });
  }
})();
