// The batch in the hand stays chosen for the session, one for each vaccine; only another box changes it.
const CHOSEN = "desk.batches";

function kept() {
  try {
    return JSON.parse(sessionStorage.getItem(CHOSEN)) || {};
  } catch {
    return {};
  }
}

/** The batch chosen for this vaccine, as it is now; null before one was scanned, and once it is gone from the list. */
export function chosenBatch(vaccine, batches) {
  const number = kept()[vaccine];
  return batches.find((batch) => batch.number === number && batch.vaccine === vaccine) || null;
}

export function chooseBatch(batch) {
  try {
    sessionStorage.setItem(CHOSEN, JSON.stringify({ ...kept(), [batch.vaccine]: batch.number }));
  } catch {
    // Where nothing may be kept, the box is scanned for each person.
  }
}
