// What screens are made of. State is never told by colour alone: each look has its icon and its words.
import { html, useEffect, useRef, useState } from "./html.js";
import { ICONS } from "./icons.js";
import { t } from "./words.js";

export function Icon({ name, size = 24, stroke = 2 }) {
  return html`<svg class="icon" width=${size} height=${size} viewBox="0 0 24 24" aria-hidden="true" fill="none"
    stroke="currentColor" stroke-width=${stroke} stroke-linecap="round" stroke-linejoin="round">
    <path d=${ICONS[name] || ICONS.info} /></svg>`;
}

/** kind: main (one a screen), second, quiet, danger. `busy` keeps it from being pressed twice. */
export function Button({ kind = "second", icon, busy = false, disabled = false, type = "button", onClick, children, ...rest }) {
  return html`<button class=${`button ${kind}`} type=${type} disabled=${disabled || busy} aria-busy=${busy}
    onClick=${onClick} ...${rest}>${icon && html`<${Icon} name=${icon} />`}<span>${children}</span></button>`;
}

/** The main buttons: they lie in the lower half, under the thumb. */
export function Actions({ children }) {
  return html`<div class="actions">${children}</div>`;
}

/** Label and value in rows: [[label, value], …]; what has no value is left out. */
export function Facts({ rows }) {
  const shown = rows.filter(([, value]) => value !== null && value !== undefined && value !== "");
  return html`<dl class="facts">${shown.map(([label, value]) => html`<div key=${label}><dt>${label}</dt><dd>${value}</dd></div>`)}</dl>`;
}

const NOTICES = { info: "info", warn: "warning", error: "cross", good: "tick" };

/** kind: info, warn, error, good. `live`: it is read out when it appears. */
export function Notice({ kind = "info", live = false, children }) {
  return html`<div class=${`notice ${kind}`} role=${live ? (kind === "error" ? "alert" : "status") : undefined}>
    <${Icon} name=${NOTICES[kind]} /><div>${children}</div></div>`;
}

/** A labelled field. `onInput` gets the text; `error` says what is wrong with it and what to do. */
export function Field({ label, hint, error, name, value, onInput, type = "text", many = false, ...rest }) {
  const id = `field-${name}`;
  const told = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(" ") || undefined;
  const facts = {
    id, name, value, "aria-describedby": told, "aria-invalid": error ? "true" : undefined,
    onInput: (event) => onInput(event.currentTarget.value), ...rest,
  };
  return html`<div class=${`field${error ? " wrong" : ""}`}>
    <label for=${id}>${label}</label>
    ${hint && html`<p class="hint" id=${`${id}-hint`}>${hint}</p>`}
    ${error && html`<p class="wrong-why" id=${`${id}-error`}><${Icon} name="warning" size=${20} />${error}</p>`}
    ${many ? html`<textarea rows="3" ...${facts}></textarea>` : html`<input type=${type} ...${facts} />`}
  </div>`;
}

/** One of a few, as rows to tap: options [[value, words, hint?], …]. */
export function Choice({ label, name, options, value, onChange, error, small = false }) {
  return html`<fieldset class=${`choice${small ? " small" : ""}`}><legend>${label}</legend>
    ${error && html`<p class="wrong-why"><${Icon} name="warning" size=${20} />${error}</p>`}<div class="options">
    ${options.map(([code, words, hint]) => html`<label key=${code} class=${code === value ? "chosen" : ""}>
      <input type="radio" name=${name} value=${code} checked=${code === value} onChange=${() => onChange(code)} />
      <span>${words}${hint && html`<small>${hint}</small>`}</span></label>`)}
  </div></fieldset>`;
}

/** Nothing is here, and what to do about it. */
export function Empty({ icon = "info", title, children }) {
  return html`<div class="empty"><${Icon} name=${icon} size=${40} /><p><b>${title}</b></p>${children}</div>`;
}

/** The heading of a screen; it takes the focus when the screen opens, so that it is read out. */
export function Title({ children, hint }) {
  const heading = useRef(null);
  useEffect(() => heading.current?.focus({ preventScroll: true }), []);
  return html`<header class="title"><h1 tabindex="-1" ref=${heading}>${children}</h1>${hint && html`<p>${hint}</p>`}</header>`;
}

/** A question over the page before something that harms: answers come by its two buttons. */
export function Confirm({ title, children, yes, no, danger = false, busy = false, onYes, onNo }) {
  const box = useRef(null);
  useEffect(() => {
    const opened = box.current;
    opened.showModal();
    return () => opened.close();
  }, []);
  return html`<dialog class="confirm" ref=${box} aria-labelledby="confirm-title" onCancel=${onNo}>
    <h2 id="confirm-title">${title}</h2>${children}
    <div class="actions"><${Button} kind=${danger ? "danger" : "main"} busy=${busy} onClick=${onYes}>${yes}<//>
    <${Button} onClick=${onNo}>${no ?? t("返回")}<//></div></dialog>`;
}

/** [busy, run]: `run(work)` does one piece of work at a time and says while it is going on. */
export function useBusy() {
  const [busy, setBusy] = useState(false);
  const going = useRef(false);
  const here = useRef(true);
  useEffect(() => () => (here.current = false), []);
  async function run(work) {
    if (going.current) return undefined;
    going.current = true;
    setBusy(true);
    try {
      return await work();
    } finally {
      going.current = false;
      if (here.current) setBusy(false);
    }
  }
  return [busy, run];
}

/** Whether the window is at least so wide: from 900 px there are two columns. */
export function useWide(width = 900) {
  const query = `(min-width: ${width}px)`;
  const [wide, setWide] = useState(matchMedia(query).matches);
  useEffect(() => {
    const list = matchMedia(query);
    const listener = () => setWide(list.matches);
    list.addEventListener("change", listener);
    return () => list.removeEventListener("change", listener);
  }, [query]);
  return wide;
}

/** Draws again every so many seconds, for what counts time. */
export function useTicking(seconds = 1) {
  const [, draw] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => draw((count) => count + 1), seconds * 1000);
    return () => clearInterval(timer);
  }, [seconds]);
}
