// How somebody stands who stays after a dose. Rows are those of the day list.

/** Everybody who is being observed, whose time is over first. */
export function observed(rows) {
  const here = rows.filter((row) => row.visit && row.visit.status === "in_progress");
  return here.sort((one, other) => Date.parse(one.visit.observe_until) - Date.parse(other.visit.observe_until));
}

/** { over, minutes, seconds, part }: time left, and which part of the observation is behind them (0 to 1). */
export function timeLeft(row, now) {
  const until = Date.parse(row.visit.observe_until);
  const began = Date.parse(row.visit.dose.given_at);
  const left = Math.max(0, Math.ceil((until - now) / 1000));
  const part = until > began ? Math.min(1, Math.max(0, (now - began) / (until - began))) : 1;
  return { over: left === 0, minutes: Math.floor(left / 60), seconds: left % 60, part };
}
