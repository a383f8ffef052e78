/* A button that prints; without JavaScript it is not there, and the browser's own menu prints. */
(function () {
  "use strict";

  var place = document.getElementById("print");
  if (!place) return;
  place.hidden = false;
  place.querySelector("button").addEventListener("click", function () {
    window.print();
  });
})();
