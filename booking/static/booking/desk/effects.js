// What an act does to a row, as the server's handlers do it: pure, one function a kind, (row, act, settings) -> row.
const minutes = (at, count) => new Date(Date.parse(at) + count * 60_000).toISOString();
const visiting = (row, facts) => ({ ...row, visit: { ...row.visit, ...facts } });

const NEW = {
  status: "arrived", ticket: null, arrived_at: null, desk: "", called_at: null, called_desk: "", decision: null,
  decided_at: null, dose: null, not_done: false, observe_until: null, left_at: null, left_early: "", reactions: [],
};

// Whoever is asked or vaccinated is there, also where another device has their check-in and no network.
function here(row, act) {
  if (row.visit) return row;
  const visit = { ...NEW, arrived_at: act.happened_at, desk: act.desk };
  return { ...row, status: row.status === "cancelled" ? row.status : "checked_in", visit };
}

const EFFECTS = {
  check_in: here,

  undo_check_in: (row) => (row.visit ? { ...row, status: "booked", visit: null } : row),

  call: (row, act) => {
    const before = row.visit?.called_at;
    const isLater = !before || Date.parse(before) <= Date.parse(act.happened_at);
    return row.visit && isLater ? visiting(row, { called_at: act.happened_at, called_desk: act.desk }) : row;
  },

  answer: (row, act) => {
    const { decision } = act.data;
    const asked = visiting(here(row, act), { decision, decided_at: act.happened_at });
    if (asked.visit.dose) return asked;
    if (decision === "may") return visiting(asked, { status: "triaged" });
    const over = visiting(asked, { status: "finished", not_done: true, left_at: act.happened_at });
    return { ...over, status: "cancelled" };
  },

  vaccinate: (row, act, settings) => {
    if (row.visit?.dose) return row;
    const { batch, body_site, route } = act.data;
    const given = visiting(here(row, act), {
      status: "in_progress",
      dose: { batch, body_site, route, given_at: act.happened_at, given_by: act.by, given_by_name: act.by_name },
      not_done: false,
      observe_until: minutes(act.happened_at, settings.observation_minutes ?? 30),
      left_at: null,
      left_early: "",
    });
    return { ...given, status: "fulfilled" };
  },

  react: (row, act) => {
    if (!row.visit) return row;
    const { kind, action, began_at } = act.data;
    return visiting(row, { reactions: [...row.visit.reactions, { kind, action, began_at }] });
  },

  leave: (row, act) =>
    row.visit && !row.visit.left_at
      ? visiting(row, { status: "finished", left_at: act.happened_at, left_early: act.data.early || "" })
      : row,

  correct: (row, act) => {
    const correction = CORRECTIONS[act.data.what];
    return row.visit && correction ? correction(row, act) : row;
  },
};

const soFar = ({ dose, decision }) => (dose ? "in_progress" : decision === "may" ? "triaged" : "arrived");

const CORRECTIONS = {
  check_in: (row) => ({ ...row, status: "booked", visit: null }),

  answers: (row) => {
    const asked = { status: "arrived", decision: null, decided_at: null, not_done: false, left_at: null };
    return { ...visiting(row, asked), status: "checked_in" };
  },

  leave: (row) => visiting(row, { status: soFar(row.visit), left_at: null, left_early: "" }),

  dose: (row, act) => {
    const { batch, body_site, route } = act.data;
    const { visit } = row;
    if (batch || body_site || route) {
      const { dose } = visit;
      const right = { batch: batch || dose?.batch, body_site: body_site || dose?.body_site, route: route || dose?.route };
      return visiting(row, { dose: { ...dose, ...right } });
    }
    const none = { dose: null, observe_until: null, left_at: null, left_early: "" };
    return { ...visiting(row, { ...none, status: soFar({ ...visit, dose: null }) }), status: "checked_in" };
  },
};

export function effect(row, act, settings = {}) {
  const change = EFFECTS[act.kind];
  return change ? change(row, act, settings) : row;
}
