/* What pages do better with JavaScript. Every page works without it.

   Markup that pages may use. Times are ISO 8601 with offset; data-now is the server's time when the page was made, so
   that a wrong clock of the device does no harm. Elements that are useless without JavaScript start hidden.

   <form> <button data-busy="正在占号…">          sent once, however often it is tapped; the text while it is sent
   <p data-until="…" data-now="…" hidden>         shown in the last minute before the time, gone when it has come
     <b data-last-minute="还有 # 秒"></b></p>      counts down in it (or on the outer element itself)
   <body|div data-refresh-at="…" data-now="…">    loads the page again at the time, spread over data-jitter seconds (3)
   <p data-refresh-in="90">                       loads the page again after so many seconds, spread likewise
  <form data-choose> <input data-words="…">      what is chosen is repeated in [data-chosen], somewhere on the page
  <button data-copy="text" data-done="已复制" hidden>
   <div data-with-script hidden>                  shown only where scripts run
  <button data-print>                            prints the page
  <button data-wait="60" data-waiting="# …">     may be used in so many seconds; # counts down
  <button data-share="text" data-url="/…" hidden>
   <form data-locate data-refused="…" hidden>     fills the inputs latitude and longitude, 3 decimals, and sends itself;
                                                  data-refused is said when there is no position
   <a data-keep-scroll href="…">                  the page it leads to stands where this one stood
   <button data-read-aloud="停止朗读" hidden>       reads <main>; the attribute is the text while it reads
*/
(function () {
  "use strict";

  function each(selector, act) {
    Array.prototype.forEach.call(document.querySelectorAll(selector), act);
  }

  // Milliseconds from now to a time of the server's, by the server's clock.
  function wait(element, name) {
    var at = Date.parse(element.dataset[name]);
    var made = Date.parse(element.dataset.now || "");
    return isNaN(made) ? at - Date.now() : at - made - performance.now();
  }

  // Said to people who listen to the page.
  var voice;
  function say(text) {
    if (!voice) {
      voice = document.createElement("p");
      voice.className = "unseen";
      voice.setAttribute("role", "status");
      document.body.appendChild(voice);
    }
    voice.textContent = text;
  }

  // --- A form is sent once; the button works again when the page is shown again ---
  function again(form) {
    delete form.dataset.sent;
    Array.prototype.forEach.call(form.querySelectorAll("button[disabled]"), function (button) {
      button.disabled = false;
      if (button.dataset.label) button.textContent = button.dataset.label;
    });
  }
  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (event.defaultPrevented) return;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    if (form.hasAttribute("data-locate") && !form.elements.latitude.value) {
      event.preventDefault();
      locate(form);
      return;
    }
    form.dataset.sent = "1";
    var button = event.submitter || form.querySelector("button:not([type=button])");
    if (button && button.dataset.busy) {
      // After the browser has collected the form: a disabled button would be missing from it.
      window.setTimeout(function () {
        button.dataset.label = button.textContent;
        button.disabled = true;
        button.textContent = button.dataset.busy;
      }, 0);
    }
    // The same question asked twice loads no page: the browser only moves to the place in this one.
    window.setTimeout(function () {
      again(form);
    }, form.method === "get" ? 1000 : 8000);
  });
  window.addEventListener("pageshow", function () {
    each("form[data-sent]", again);
  });

  // --- Errors are read first ---
  var errors = document.getElementById("errors");
  if (errors) errors.focus();

  // --- The last minute of a time that runs out ---
  each("[data-until]", function (element) {
    var text = element.hasAttribute("data-last-minute") ? element : element.querySelector("[data-last-minute]");
    function tick() {
      var left = Math.ceil(wait(element, "until") / 1000);
      element.hidden = left > 60 || left <= 0;
      if (text && !element.hidden) text.textContent = text.dataset.lastMinute.replace("#", left);
      if (left > 0) window.setTimeout(tick, left > 61 ? (left - 60) * 1000 : 1000);
    }
    if (!isNaN(wait(element, "until"))) tick();
  });

  // --- Again at a time that the server gave, not all at once ---
  each("[data-refresh-at], [data-refresh-in]", function (element) {
    var left = element.dataset.refreshIn ? 1000 * element.dataset.refreshIn : wait(element, "refreshAt");
    var jitter = Math.random() * 1000 * (element.dataset.jitter || 3);
    // Further away than a day, a timer is not to be trusted and nobody waits.
    if (left < 86400000) {
      window.setTimeout(function () {
        window.location.reload();
      }, Math.max(left, 0) + jitter);
    }
  });

  // --- What only works with a script; printing; a button that may be used in a while ---
  each("[data-with-script]", function (part) {
    part.hidden = false;
  });
  each("[data-print]", function (button) {
    button.addEventListener("click", function () {
      window.print();
    });
  });
  each("[data-wait]", function (button) {
    var label = button.textContent;
    (function show() {
      // The server keeps the time, this only shows it.
      var left = Math.ceil(button.dataset.wait - performance.now() / 1000);
      button.disabled = left > 0;
      button.textContent = left > 0 ? button.dataset.waiting.replace("#", left) : label;
      if (left > 0) window.setTimeout(show, 500);
    })();
  });

  // --- The bar repeats what was chosen ---
  each("form[data-choose]", function (form) {
    function repeat() {
      var one = form.querySelector("input:checked");
      if (one) document.querySelector("[data-chosen]").textContent = one.dataset.words;
    }
    form.addEventListener("change", repeat);
    repeat();
  });

  // --- Copy, share ---
  each("[data-copy]", function (button) {
    if (!navigator.clipboard) return;
    button.hidden = false;
    button.addEventListener("click", function () {
      navigator.clipboard.writeText(button.dataset.copy).then(function () {
        say(button.dataset.done);
        var label = button.innerHTML;
        button.textContent = button.dataset.done;
        button.disabled = true;
        window.setTimeout(function () {
          button.innerHTML = label;
          button.disabled = false;
        }, 2000);
      });
    });
  });
  each("[data-share]", function (button) {
    if (!navigator.share) return;
    button.hidden = false;
    button.addEventListener("click", function () {
      var what = { text: button.dataset.share };
      if (button.dataset.url) what.url = new URL(button.dataset.url, window.location).href;
      // Somebody who changes their mind is not an error.
      navigator.share(what).catch(function () {});
    });
  });

  // --- Where am I ---
  each("form[data-locate]", function (form) {
    form.hidden = !navigator.geolocation;
  });
  function locate(form) {
    form.dataset.sent = "1";
    navigator.geolocation.getCurrentPosition(
      function (position) {
        form.elements.latitude.value = position.coords.latitude.toFixed(3);
        form.elements.longitude.value = position.coords.longitude.toFixed(3);
        form.submit();
      },
      function () {
        delete form.dataset.sent;
        var message = form.querySelector("[role=alert]");
        if (!message) {
          message = document.createElement("p");
          message.setAttribute("role", "alert");
          form.appendChild(message);
        }
        message.textContent = form.dataset.refused;
      },
      { timeout: 8000, maximumAge: 300000 }
    );
  }

  // --- The next page stands where this one stood ---
  document.addEventListener("click", function (event) {
    var link = event.target.closest("a[data-keep-scroll]");
    if (link) remember(link.pathname + " " + window.scrollY);
  });
  // Storage may be switched off.
  function remember(what) {
    try {
      if (what) return sessionStorage.setItem("scroll", what);
      var found = (sessionStorage.getItem("scroll") || "").split(" ");
      sessionStorage.removeItem("scroll");
      return found;
    } catch (error) {
      return [];
    }
  }
  var stood = remember() || [];
  if (stood[0] === window.location.pathname && !window.location.hash) window.scrollTo(0, Number(stood[1]));

  // --- Read aloud, where the device has a voice for the page's language ---
  var speech = window.speechSynthesis;
  var language = document.documentElement.lang;
  function fitting() {
    return speech.getVoices().filter(function (one) {
      return one.lang.slice(0, 2) === language.slice(0, 2);
    })[0];
  }
  function offer() {
    each("[data-read-aloud]", function (button) {
      button.hidden = !fitting();
    });
  }
  if (speech && document.querySelector("[data-read-aloud]")) {
    offer();
    if (speech.addEventListener) speech.addEventListener("voiceschanged", offer);
    window.addEventListener("pagehide", function () {
      speech.cancel();
    });
    each("[data-read-aloud]", function (button) {
      var label = button.textContent;
      function stopped() {
        button.textContent = label;
      }
      button.addEventListener("click", function () {
        if (speech.speaking) {
          speech.cancel();
          return stopped();
        }
        var words = new SpeechSynthesisUtterance(document.getElementById("main").innerText);
        words.lang = language;
        words.voice = fitting();
        words.rate = 0.9;
        words.onend = words.onerror = stopped;
        speech.speak(words);
        button.textContent = button.dataset.readAloud;
      });
    });
  }

  // --- The page for when there is no network ---
  if ("serviceWorker" in navigator) {
    window.addEventListener("load", function () {
      navigator.serviceWorker.register("/sw.js", { updateViaCache: "all" }).catch(function () {});
    });
  }
})();
