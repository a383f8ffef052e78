/* Waiting in the queue of a release. The page is the same for everybody; here is what is the reader's own.

   Each browser joins once, at a random moment within the spread that the state tells, and then works its own time out
   from the state, which is one answer for all. It looks at the state again when the state says, and when it is its turn,
   so that a whole city that waits asks little. The server decides; a wrong clock here shows a wrong time and no more. */
(function () {
  "use strict";

  var root = document.querySelector("[data-queue]");
  if (!root || !window.fetch) return;
  var words = root.dataset;
  var state = null; // as last read
  var clock = 0; // how far the server's clock is ahead of this one, milliseconds
  var mine = null; // {places, go, waitlist} once joined
  var asked = false; // joining is on its way, or waits for the reader
  var isIn = false;
  var timer = 0;
  var failures = 0;
  var title = document.title;

  // What stands there for when this script cannot run.
  part("plain").hidden = true;
  part("text").hidden = false;

  function part(name) {
    return root.querySelector("[data-" + name + "]");
  }
  function now() {
    return Date.now() + clock;
  }
  function put(text, marks) {
    return marks.reduce(function (done, mark) {
      return done.replace(mark[0], mark[1]);
    }, text);
  }
  function tell(text, aloud) {
    if (part("text").textContent !== text) part("text").textContent = text;
    if (aloud) part("said").textContent = text;
  }
  function span(milliseconds) {
    var minutes = Math.max(Math.floor(milliseconds / 60000) + 1, 1);
    if (minutes < 90) return put(words.minutes, [["#", minutes]]);
    return put(words.hours, [["#", Math.floor(minutes / 60)], ["*", minutes % 60]]);
  }
  function cityClock(moment) {
    // Wherever the device is, the city's time is meant: that of the state.
    var zone = /([+-])(\d\d):(\d\d)$/.exec(state.opens_at);
    var minutes = zone ? (zone[1] === "-" ? -1 : 1) * (60 * zone[2] + Number(zone[3])) : 0;
    return new Date(moment + minutes * 60000).toISOString().slice(11, 16);
  }
  function count(people) {
    return String(Math.round(people)).replace(/\B(?=(\d{3})+$)/g, ",");
  }

  // --- The arithmetic of rules/queue.py ---
  function ahead(place) {
    return place.fraction === null ? state.early + place.behind - 1 : Math.floor(place.fraction * state.early);
  }
  function dueAt(place) {
    return Date.parse(state.opens_at) + (ahead(place) / state.people_a_minute) * 60000;
  }
  function letIn() {
    var minutes = (now() - Date.parse(state.opens_at)) / 60000;
    return minutes < 0 ? 0 : Math.floor(minutes * state.people_a_minute) + 1;
  }
  function lastDue() {
    // Whoever comes together goes together.
    return Math.max.apply(null, mine.places.map(dueAt));
  }
  function jitter(pair) {
    return (pair[0] + Math.random() * (pair[1] - pair[0])) * 1000;
  }

  // --- Looking ---
  function later(milliseconds) {
    window.clearTimeout(timer);
    // Timers of more than a day are not to be trusted.
    timer = window.setTimeout(look, Math.min(Math.max(milliseconds, 500), 3600000));
  }
  function look() {
    fetch(words.state)
      .then(function (answer) {
        if (!answer.ok) throw new Error(String(answer.status));
        return answer.json();
      })
      .then(function (found) {
        state = found;
        failures = 0;
        clock = Date.parse(found.now) - Date.now();
        decide();
      })
      .catch(function () {
        failures += 1;
        if (failures > 1) tell(words.lost, failures === 2);
        later(Math.min(5000 * failures, 60000) * (0.5 + Math.random()));
      });
  }
  function decide() {
    show(true);
    if (state.state === "cancelled" || state.state === "over") return done(words[state.state]);
    if (now() < Date.parse(state.lobby_from)) {
      // Everybody waits for the same moment: the spread comes after it.
      return later(Math.min(Date.parse(state.lobby_from) - now() + Math.random() * 3000, 600000));
    }
    if (!mine && !asked) return joinSoon();
    if (mine && !isIn) plan();
  }
  function plan() {
    var wait = jitter(state.look_seconds);
    var due = mine ? lastDue() - now() : Infinity;
    if (now() < Date.parse(state.opens_at) || state.is_counted) wait = Math.min(wait, Math.max(due, 0) + 1000 + Math.random() * 2000);
    else wait = 2000 + Math.random() * 3000; // opened, not counted yet
    later(wait);
  }

  // --- Joining ---
  function joinSoon() {
    asked = true;
    var spread = state.spread_seconds * 1000;
    var late = now() >= Date.parse(state.opens_at);
    tell(late ? words.joiningLate : put(words.joining, [["#", span(spread - 1)]]), true);
    window.setTimeout(join, Math.random() * spread);
  }
  function join(people, proof) {
    var body = new URLSearchParams();
    if (proof) body.append("proof", proof);
    (Array.isArray(people) ? people : []).forEach(function (one) {
      body.append("patient", one);
    });
    fetch(words.join, { method: "POST", body: body, headers: { "X-Queue": "1" }, credentials: "same-origin" })
      .then(function (answer) {
        return answer.json().then(function (found) {
          if (answer.status === 428) prove(found, people);
          else joined(answer.status, found);
        });
      })
      .catch(function () {
        tell(words.lost, true);
        window.setTimeout(join, 5000 + Math.random() * 10000, people);
      });
  }
  // Many join at this moment: the browser works for a second or so, or waits where it cannot.
  function prove(needed, people) {
    tell(needed.text, true);
    window.proveWork(needed.challenge).then(
      function (proof) {
        join(people, proof);
      },
      function () {
        window.setTimeout(join, needed.wait_seconds * 1000 + Math.random() * 5000, people, needed.wait);
      }
    );
  }
  function joined(status, found) {
    if (found.sign_in) {
      part("sign-in").hidden = false;
      return tell(words.signInFirst, true);
    }
    if (status === 503) {
      tell(found.text);
      window.setTimeout(join, 3000 + Math.random() * 7000);
      return;
    }
    if (found.people) return choose(found.people);
    if (!found.places) {
      tell(found.text, true);
      return later(15000);
    }
    part("people").hidden = true;
    part("text").hidden = false;
    mine = found;
    part("go").href = found.go;
    part("waitlist").href = found.waitlist;
    decide();
    part("said").textContent = part("text").textContent;
  }
  function choose(people) {
    part("text").hidden = true;
    var form = part("people");
    var options = part("options");
    options.textContent = "";
    people.forEach(function (one) {
      var label = document.createElement("label");
      label.className = "option";
      var input = document.createElement("input");
      input.type = "checkbox";
      input.name = "patient";
      input.value = one.id;
      input.disabled = Boolean(one.why_not);
      var text = document.createElement("span");
      text.textContent = one.name;
      var small = document.createElement("small");
      small.textContent = one.why_not || one.more;
      text.appendChild(small);
      label.appendChild(input);
      label.appendChild(text);
      options.appendChild(label);
    });
    form.hidden = false;
  }
  part("people").addEventListener("submit", function (event) {
    event.preventDefault();
    var chosen = Array.prototype.map.call(part("people").querySelectorAll("input:checked"), function (input) {
      return input.value;
    });
    var error = part("error");
    error.hidden = chosen.length > 0 && chosen.length <= Number(words.most);
    error.textContent = words.none;
    if (error.hidden) join(chosen);
  });

  // --- Showing ---
  function show(looked) {
    if (!state || isIn) return;
    if (now() < Date.parse(state.lobby_from)) return tell(words.before);
    if (!mine) return;
    var waiting = now() >= Date.parse(state.opens_at);
    var list = part("places");
    list.hidden = !waiting || !state.is_counted || mine.places.length < 2;
    part("note").hidden = false;
    part("note").textContent = words.keep;
    if (!waiting) return tell(put(words.standing, [["#", count(Math.max(state.early, mine.places.length))]]));
    if (!state.is_counted) return tell(words.opening);
    if (now() >= lastDue() + 500) return looked ? goIn() : tell(words.in);
    list.textContent = "";
    mine.places.forEach(function (place) {
      var row = document.createElement("li");
      var name = document.createElement("b");
      name.textContent = place.name;
      row.appendChild(name);
      row.appendChild(document.createTextNode(" "));
      var text = document.createElement("span");
      text.textContent = waits(place);
      row.appendChild(text);
      list.appendChild(row);
    });
    var last = mine.places.reduce(function (one, other) {
      return dueAt(other) > dueAt(one) ? other : one;
    });
    tell(waits(last));
    bar(last);
  }
  function waits(place) {
    if (dueAt(place) <= now()) return words.in;
    var people = Math.max(ahead(place) - letIn(), 0) + 1;
    return put(words.waiting, [["#", count(people)], ["*", span(dueAt(place) - now())], ["@", cityClock(dueAt(place))]]);
  }
  function bar(place) {
    var whole = dueAt(place) - Date.parse(state.opens_at);
    part("bar").hidden = false;
    part("bar").value = whole > 0 ? Math.min(100, (100 * (now() - Date.parse(state.opens_at))) / whole) : 100;
  }
  function goIn() {
    isIn = true;
    part("places").hidden = true;
    part("bar").hidden = true;
    part("note").hidden = true;
    part("ways").hidden = false;
    part("waitlist").hidden = !state.is_sold_out;
    document.title = words.inTitle + " · " + title;
    tell(state.is_sold_out ? words.soldOut : words.in, true);
    // Whoever looks at the page is led on; whoever does not finds it in the title, and their place stays good.
    if (!state.is_sold_out && document.visibilityState === "visible") {
      window.setTimeout(function () {
        window.location.assign(part("go").href);
      }, 1500);
    }
  }
  function done(text) {
    isIn = true;
    part("people").hidden = true;
    part("ways").hidden = false;
    part("text").hidden = false;
    tell(text, true);
  }

  window.setInterval(function () {
    show(false);
  }, 5000);
  // Back from the booking pages, or from a sleep: what is shown may be old.
  window.addEventListener("pageshow", function (event) {
    if (event.persisted) window.location.reload();
  });
  document.addEventListener("visibilitychange", function () {
    if (document.visibilityState === "visible" && state && mine && !isIn && now() >= lastDue()) look();
  });
  look();
})();
