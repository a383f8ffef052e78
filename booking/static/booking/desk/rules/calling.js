// Whose turn it is. Twelve who came early do not overtake somebody who is due; nobody is called twice for the same desk
// by accident. Rows are those of the day list.
const EARLY_MINUTES = 10;
const WAITS_FOR = { screening: "arrived", vaccination: "triaged" };

/** The moment that decides somebody's turn: arrival, but not before ten minutes to their slot. */
function turnOf(row) {
  const due = Date.parse(row.starts_at) - EARLY_MINUTES * 60000;
  return Math.max(Date.parse(row.visit.arrived_at), due);
}

/** Since when they wait for this station: the arrival, or the end of the questions. */
export function waitingSince(row) {
  return new Date(row.visit.status === "triaged" ? row.visit.decided_at : row.visit.arrived_at);
}

/** Everybody who is to come to this station (screening, vaccination): { waiting, called }, in the order of their turn. */
export function queueOf(rows, station) {
  const here = rows.filter((row) => row.visit && row.visit.status === WAITS_FOR[station] && !row.visit.not_done);
  here.sort((one, other) => turnOf(one) - turnOf(other) || (one.visit.ticket ?? Infinity) - (other.visit.ticket ?? Infinity));
  return { waiting: here.filter((row) => !isCalled(row)), called: here.filter(isCalled) };
}

/** Whether they were called to where they have yet to be served: a call before the questions ended counts no more. */
function isCalled(row) {
  const { called_at: called, decided_at: decided, status } = row.visit;
  return Boolean(called) && (status !== "triaged" || !decided || Date.parse(called) > Date.parse(decided));
}
