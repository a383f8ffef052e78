// What was scanned or typed: our code, a reference, the code on a box of vaccine, or none of these.

// The 12th digit catches every single wrong one (ISO/IEC 7064, MOD 11,10; as booking/rules/references.py).
function checkDigit(digits) {
  let remainder = 10;
  for (const digit of digits) {
    remainder = (remainder + Number(digit)) % 10 || 10;
    remainder = (remainder * 2) % 11;
  }
  return String((11 - remainder) % 10);
}

function isReference(text) {
  return /^\d{12}$/.test(text) && checkDigit(text.slice(0, 11)) === text[11];
}

// Full-width digits become plain ones; spaces and hyphens, as people group numbers, go.
export function plain(text) {
  return String(text).normalize("NFKC").replace(/[\s\u2010-\u2015-]/g, "");
}

/** 1234 5678 9012 */
export const inFours = (reference) => reference.replace(/(\d{4})(?=\d)/g, "$1 ");

export function readCode(text) {
  const digits = plain(text);
  if (/^1\d{22}$/.test(digits)) {
    return isReference(digits.slice(1, 13))
      ? { kind: "code", payload: digits, reference: digits.slice(1, 13) }
      : { kind: "wrong", digits };
  }
  if (isReference(digits)) return { kind: "reference", reference: digits };
  const box = readBox(text);
  if (box) return { kind: "box", ...box };
  return { kind: /^\d{12}$/.test(digits) ? "wrong" : "foreign", digits };
}

// --- Boxes: GS1 application identifiers, in a DataMatrix or Code 128, or an EAN-13 that names the product only ---

const SEPARATOR = "\u001d";
// How long the values are that need no separator, with what they are to us.
const FIXED = { "00": 18, "01": 14, "02": 14, "11": 6, "12": 6, "13": 6, "15": 6, "16": 6, "17": 6, "20": 2 };

function readBox(text) {
  const raw = String(text).normalize("NFKC").trim();
  const found = raw.startsWith("(") ? inBrackets(raw) : inARow(raw.replace(/^\][A-Za-z]\d/, ""));
  if (found["01"] && isTradeNumber(found["01"])) {
    return { gtin: found["01"], batch: found["10"] || "", expires: dateOf(found["17"]) };
  }
  return /^\d{13,14}$/.test(raw) && isTradeNumber(raw) ? { gtin: raw.padStart(14, "0"), batch: "", expires: null } : null;
}

function inBrackets(raw) {
  return Object.fromEntries([...raw.matchAll(/\((\d{2,4})\)([^(]*)/g)].map(([, name, value]) => [name, value.trim()]));
}

function inARow(raw) {
  const found = {};
  let rest = raw;
  while (rest) {
    if (rest[0] === SEPARATOR) {
      rest = rest.slice(1);
      continue;
    }
    const name = rest.slice(0, 2);
    const end = FIXED[name] ? 2 + FIXED[name] : ended(rest);
    const value = rest.slice(2, end);
    if (FIXED[name] && !(value.length === FIXED[name] && /^\d+$/.test(value))) break;
    if (!(name in found)) found[name] = value;
    rest = rest.slice(end);
  }
  return found;
}

function ended(rest) {
  const at = rest.indexOf(SEPARATOR);
  return at === -1 ? rest.length : at;
}

// The last digit of a trade number makes the weighted sum a multiple of ten.
function isTradeNumber(digits) {
  const sum = [...digits.padStart(14, "0")].reduce((all, digit, at) => all + Number(digit) * (at % 2 ? 1 : 3), 0);
  return /^\d+$/.test(digits) && sum % 10 === 0;
}

// YYMMDD; day 00 is the last of the month.
function dateOf(digits) {
  if (!/^\d{6}$/.test(digits || "")) return null;
  const [year, month, day] = [2000 + Number(digits.slice(0, 2)), Number(digits.slice(2, 4)), Number(digits.slice(4))];
  const last = new Date(Date.UTC(year, month, 0)).getUTCDate();
  if (month < 1 || month > 12 || day > last) return null;
  return `${year}-${digits.slice(2, 4)}-${String(day || last).padStart(2, "0")}`;
}
