// Who is at the desk, and what for: the same lines on every screen of a visit.
import { ticketOf, vaccineOf, whoOf } from "../check_in/row_words.js";
import { html } from "../html.js";
import { named } from "../words.js";

export function Who({ row }) {
  const ticket = ticketOf(row);
  return html`<div class="visit-who">
    <p class="visit-name">${ticket && html`<span class="ticket">${ticket}</span>`}<b>${row.name}</b>
      <span>${whoOf(row)}</span></p>
    <p class="visit-for">${vaccineOf(row)}</p>
  </div>`;
}

/** What a vaccine is called, as far as this site gives it. */
export function vaccineName(code, programmes) {
  const found = programmes.find(({ vaccine }) => vaccine === code);
  return (found && named(found, "vaccine_name")) || code;
}
