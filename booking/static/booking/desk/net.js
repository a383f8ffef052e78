// Requests to the server. Whether there is a network is what the last request said; navigator.onLine is only a hint.
import { learnClock } from "./clock.js";
import { language, t } from "./words.js";

const BASE = "/api/v1/desk/";

/** No answer came: no network, or the server is out of reach or out of order. */
export class Offline extends Error {}

/** The server said no; `detail` is for people, in their language. */
export class Problem extends Error {
  constructor(status, facts = {}) {
    super(facts.detail || `${status}`);
    this.status = status;
    this.code = facts.code || "";
    this.detail = facts.detail || "";
    this.facts = facts;
  }
}

/** What went wrong with a request and what to do, for people. */
export function whyNot(error) {
  if (error instanceof Offline) return error.message || t("连不上服务器。请看一下网络，再试一次。");
  return error.detail || t("服务器没有听懂。请再试一次。");
}

/** The path with the site that is asked about. */
export const atSite = (path, site) => `${path}?site=${encodeURIComponent(site)}`;

let heard = () => {};

/** `listener(answered, problem)` hears of every request whether an answer came. */
export function onAnswer(listener) {
  heard = listener;
}

/** Ask the desk's API: call("GET", "find?…"). Throws Offline or Problem. */
export async function call(method, path, body, { seconds = 15 } = {}) {
  const sentAt = Date.now();
  let response;
  let facts;
  try {
    response = await fetch(BASE + path, {
      method,
      cache: "no-store",
      credentials: "same-origin",
      headers: { Accept: "application/json", "Accept-Language": language(), "Content-Type": "application/json", "X-Desk": "1" },
      body: body === undefined ? undefined : JSON.stringify(body),
      signal: AbortSignal.timeout(seconds * 1000),
    });
    const text = await response.text();
    facts = text ? JSON.parse(text) : {};
  } catch (error) {
    heard(false, null);
    // What the browser says of it is not for people.
    throw new Offline("", { cause: error });
  }
  learnClock(facts.now || response.headers.get("Date"), sentAt, Date.now());
  if (response.ok) {
    heard(true, null);
    return facts;
  }
  const problem = new Problem(response.status, facts);
  // It is there but cannot serve anybody: for a desk that is as good as no network.
  if (response.status >= 500 || response.status === 429) {
    heard(false, problem);
    throw new Offline(problem.detail);
  }
  heard(true, problem);
  throw problem;
}
