/* What the steps of booking do better with JavaScript. Every step works without it. */
(function () {
  "use strict";

  // Where somebody is leaves the device only after a tap, rounded to about a hundred metres, and never in an address.
  var locate = document.querySelector("form[data-locate]");
  var refused = document.querySelector("[data-refused]");
  if (locate && navigator.geolocation) {
    locate.hidden = false;
    locate.querySelector("button").addEventListener("click", function () {
      navigator.geolocation.getCurrentPosition(
        function (found) {
          locate.elements.latitude.value = found.coords.latitude.toFixed(3);
          locate.elements.longitude.value = found.coords.longitude.toFixed(3);
          locate.submit();
        },
        function () {
          refused.hidden = false;
        },
        { timeout: 8000, maximumAge: 600000 }
      );
    });
  }

  // The bar repeats what was chosen.
  var times = document.querySelector("form[data-choose]");
  var chosen = document.querySelector("[data-chosen]");
  function repeat() {
    var one = times.querySelector("input:checked");
    if (one) chosen.textContent = one.dataset.words;
  }
  if (times && chosen) {
    times.addEventListener("change", repeat);
    repeat();
  }

  // The last minute of a hold is counted down; then the page says what can be done.
  var left = document.querySelector("[data-until]");
  if (left && left.dataset.until) {
    var counting = window.setInterval(function () {
      var seconds = Math.ceil(Number(left.dataset.until) - Date.now() / 1000);
      if (seconds <= 0) {
        window.clearInterval(counting);
        window.location.replace(window.location.href);
      } else if (seconds <= 60) {
        left.textContent = left.dataset.text.replace("{n}", seconds);
      }
    }, 1000);
  }

  // New slots come out while somebody waits for them.
  var waiting = document.querySelector("[data-reload]");
  if (waiting) {
    window.setTimeout(function () {
      window.location.replace(window.location.href);
    }, Number(waiting.dataset.reload) * 1000 + Math.random() * 2000);
  }
})();
