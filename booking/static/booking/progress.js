// How far a bulk change is, once a second. Without this script the page loads itself again.
(function () {
  "use strict";
  var bar = document.getElementById("change-progress");
  var numbers = document.getElementById("change-numbers");
  function ask() {
    fetch(bar.dataset.address, { headers: { Accept: "application/json" } })
      .then(function (answer) { return answer.json(); })
      .then(function (found) {
        bar.value = found.done;
        numbers.textContent = found.done + "/" + found.total;
        if (found.under_way) { setTimeout(ask, 1000); } else { location.reload(); }
      })
      .catch(function () { setTimeout(ask, 5000); });
  }
  setTimeout(ask, 1000);
})();
