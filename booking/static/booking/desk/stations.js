// Where at a site somebody works. The name of a desk is in Chinese wherever it is kept; it is said in words here.
import { t } from "./words.js";

// Of each post, how its desk is called; a supervisor may stand at any of them.
const STATIONS = ["registration", "screening", "vaccination", "observation"];
const DESKS = { registration: "登记台", screening: "问诊台", vaccination: "接种台", observation: "留观区" };
export const HOME = { registration: "scan", screening: "station", vaccination: "station", observation: "observe" };

export function stationsFor(roles) {
  return roles.includes("supervisor") ? STATIONS : STATIONS.filter((station) => roles.includes(station));
}

export function stationInWords(station) {
  return { registration: t("登记"), screening: t("问诊"), vaccination: t("接种"), observation: t("留观") }[station] || "";
}

export function deskName(station, number) {
  return `${DESKS[station]} ${number}`;
}

/** A desk's name in the reader's language: 登记台 2, Registration 2. */
export function deskInWords(name) {
  const words = { 登记台: t("登记台"), 问诊台: t("问诊台"), 接种台: t("接种台"), 留观区: t("留观区") };
  return name.replace(/^\S+/, (kind) => words[kind] || kind);
}
