/* Adding a person: asks for birth date, sex and a guardian's consent only where they are needed. */
(function () {
  "use strict";

  var type = document.getElementById("id_document_type");
  var number = document.getElementById("id_document_number");
  var birth = document.getElementById("id_birth_date");
  var sex = document.getElementById("id_sex");
  var consent = document.getElementById("id_guardian_consent");
  if (!type || !number || !birth || !sex || !consent) return;

  function digits(text) {
    return text.normalize("NFKC").replace(/[\s\-·]/g, "");
  }

  function show(field, wanted) {
    // A field with an error stays in sight; what is hidden is not sent.
    var shown = wanted || field.classList.contains("bad");
    field.hidden = !shown;
    // Until this script runs, the style sheet keeps what is asked on demand out of sight, so that nothing moves.
    field.closest(".on-demand").classList.toggle("asked", shown);
    field.querySelectorAll("input").forEach(function (input) {
      input.disabled = !shown;
    });
  }

  function isChild(written) {
    var found = /^(\d{4})\D?(\d{2})\D?(\d{2})/.exec(written);
    if (!found) return false;
    var grown = new Date(Number(found[1]) + 14, Number(found[2]) - 1, Number(found[3]));
    return grown > new Date();
  }

  function update() {
    var plain = digits(number.value);
    var told = type.value === "resident_id" || (type.value === "foreign_residence" && plain.charAt(0) === "9");
    show(birth.closest(".field"), !told);
    show(sex, !told);
    show(consent.closest(".field"), isChild(told ? plain.slice(6, 14) : digits(birth.value)));
  }

  [type, number, birth].forEach(function (input) {
    input.addEventListener("input", update);
    input.addEventListener("change", update);
  });
  window.addEventListener("pageshow", update);
  update();
})();
