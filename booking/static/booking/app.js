/* What pages do better with JavaScript. Every page works without it. */
(function () {
  "use strict";

  // A form is sent once, however often the button is tapped; the button works again when the page is shown again.
  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "1";
    var button = event.submitter || form.querySelector("button:not([type=button])");
    if (button && button.dataset.busy) {
      // After the browser has collected the form: a disabled button would be missing from it.
      window.setTimeout(function () {
        button.disabled = true;
        button.textContent = button.dataset.busy;
      }, 0);
    }
    window.setTimeout(function () {
      delete form.dataset.sent;
      if (button) button.disabled = false;
    }, 8000);
  });
  window.addEventListener("pageshow", function () {
    document.querySelectorAll("form[data-sent]").forEach(function (form) {
      delete form.dataset.sent;
      form.querySelectorAll("button[disabled]").forEach(function (button) {
        button.disabled = false;
      });
    });
  });

  // What only works with a script is shown only then.
  document.querySelectorAll("[data-with-script]").forEach(function (part) {
    part.hidden = false;
  });
  document.addEventListener("click", function (event) {
    var button = event.target.closest ? event.target.closest("[data-print], [data-copy]") : null;
    if (!button) return;
    if (button.dataset.copy === undefined) {
      window.print();
    } else if (navigator.clipboard) {
      navigator.clipboard.writeText(button.dataset.copy).then(function () {
        button.textContent = button.dataset.copied;
      });
    }
  });

  // A button that may be used in a while counts down; the server keeps the time, this only shows it.
  document.querySelectorAll("[data-wait]").forEach(function (button) {
    var label = button.textContent, until = Date.now() + 1000 * button.dataset.wait;
    (function show() {
      var left = Math.ceil((until - Date.now()) / 1000);
      button.disabled = left > 0;
      button.textContent = left > 0 ? button.dataset.waiting.replace("#", left) : label;
      if (left > 0) window.setTimeout(show, 500);
    })();
  });

  // Errors are read first.
  var errors = document.getElementById("errors");
  if (errors) errors.focus();
})();
