// What an act does to a row, as the server's handlers do it: pure, one function a kind, (row, act, settings) -> row.
const minutes = (at, count) => new Date(Date.parse(at) + count * 60000).toISOString();
const visiting = (row, facts) => ({ ...row, visit: { ...row.visit, ...facts } });

const EMPTY = {
  status: "arrived", ticket: null, arrived_at: null, desk: "", called_at: null, called_desk: "", decision: null,
  decided_at: null, dose: null, not_done: false, observe_until: null, left_at: null, left_early: "", reactions: [],
};

export const EFFECTS = {
  check_in: (row, act) =>
    row.visit
      ? row
      : { ...row, status: "checked_in", visit: { ...EMPTY, arrived_at: act.happened_at, desk: act.desk } },

  undo_check_in: (row) => ({ ...row, status: "booked", visit: null }),

  call: (row, act) => row.visit ? visiting(row, { called_at: act.happened_at, called_desk: act.desk }) : row,

  answer: (row, act) => {
    if (!row.visit) return row;
    const { decision } = act.data;
    const asked = visiting(row, { decision, decided_at: act.happened_at });
    if (decision === "may") return visiting(asked, { status: "triaged" });
    return { ...visiting(asked, { status: "finished", not_done: true }), status: "cancelled" };
  },

  vaccinate: (row, act, settings) => {
    if (!row.visit) return row;
    const { batch, body_site, route } = act.data;
    return {
      ...visiting(row, {
        status: "in_progress",
        dose: { batch, body_site, route, given_at: act.happened_at, given_by: act.by_name || "" },
        observe_until: minutes(act.happened_at, settings.observation_minutes ?? 30),
      }),
      status: "fulfilled",
    };
  },

  react: (row, act) => {
    if (!row.visit) return row;
    const { kind, action, began_at } = act.data;
    return visiting(row, { reactions: [...row.visit.reactions, { kind, action, began_at }] });
  },

  leave: (row, act) =>
    row.visit
      ? visiting(row, { status: "finished", left_at: act.happened_at, left_early: act.data.early || "" })
      : row,

  correct: (row, act) => (CORRECTIONS[act.data.what] || ((same) => same))(row, act),
};

const CORRECTIONS = {
  check_in: (row) => ({ ...row, status: "booked", visit: null }),
  answers: (row) => (row.visit ? visiting(row, { status: "arrived", decision: null, decided_at: null }) : row),
  leave: (row) => (row.visit ? visiting(row, { status: "in_progress", left_at: null, left_early: "" }) : row),
};

export function effect(row, act, settings = {}) {
  const change = EFFECTS[act.kind];
  return change ? change(row, act, settings) : row;
}
