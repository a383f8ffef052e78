// Who may do what at a desk: twin of booking/rules/desk_roles.py.
const EVERYBODY = ["registration", "screening", "vaccination", "observation", "supervisor"];
export const MAY = {
  check_in: ["registration", "supervisor"],
  undo_check_in: ["registration", "supervisor"],
  bring_forward: ["registration", "supervisor"],
  walk_in: ["registration", "supervisor"],
  call: EVERYBODY,
  answer: ["screening", "supervisor"],
  vaccinate: ["vaccination", "supervisor"],
  react: ["observation", "screening", "vaccination", "supervisor"],
  leave: ["observation", "screening", "supervisor"],
  correct: ["supervisor"],
  lift_bar: ["screening", "supervisor"],
  search_wider: ["registration", "screening", "supervisor"],
  outside_dose: ["screening", "supervisor"],
  void_outside_dose: ["supervisor"],
  leftovers: ["supervisor"],
  stock: ["vaccination", "supervisor"],
  close_day: ["supervisor"],
  answer_conflict: ["supervisor"],
  pair_screen: ["supervisor"],
  send_for_others: ["supervisor"],
};

/** Whether somebody with these posts at a site may do that there. */
export function allows(roles, what) {
  return (MAY[what] || []).some((role) => roles.includes(role));
}
