/* Proof of work while many press at the same moment: solved beside the page, without a picture, a sound or a click.
   window.proveWork(challenge) gives a promise of the text to send; it fails where the browser cannot do it. */
(function () {
  "use strict";
  var worker = document.currentScript.getAttribute("data-worker");
  // A phone that has not done it by then is let in by waiting.
  var PATIENCE = 60000;

  window.proveWork = function (challenge) {
    return new Promise(function (resolve, reject) {
      var solver = new Worker(worker);
      var late = setTimeout(function () { end(reject, new Error("late")); }, PATIENCE);
      function end(settle, value) {
        clearTimeout(late);
        solver.terminate();
        settle(value);
      }
      solver.onerror = function (event) { end(reject, event); };
      solver.onmessage = function (event) {
        var solution = event.data;
        if (!solution || solution.error) return end(reject, new Error("unsolved"));
        end(resolve, btoa(JSON.stringify({ challenge: challenge, solution: solution })));
      };
      solver.postMessage({ type: "work", challenge: challenge, counterStart: 0, counterStep: 1 });
    });
  };
})();
