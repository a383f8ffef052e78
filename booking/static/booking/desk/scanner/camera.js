// The camera: one stream, however many screens show it after one another, so that going from a result to the next person
// does not start it anew. It ends a moment after nobody looks, and at once when the page is hidden.
import { useEffect, useRef, useState } from "../html.js";
import { t } from "../words.js";
import { readerFor } from "./reader.js";

// Eight pictures a second are quick to the hand and leave a cheap phone cool. Pixels of the picture that is read.
const EVERY = 125;
const LONGER_SIDE = 800;
const ENDS_AFTER = 1500;
const FORMATS = ["qr_code"];

let stream = null;
let opening = null;
let ending = 0;
let wanted = null;

/** Why the camera does not run, for people: what is the matter and what to do. */
export function cameraWords(reason) {
  const words = {
    not_secure: [t("这个网址不安全，浏览器不让用摄像头"), t("请用 https 开头的网址打开，或者用扫码枪、手工查找")],
    no_permission: [t("没有摄像头的权限"), t("点地址栏左边的图标，允许使用摄像头，再点“再试”。扫码枪和手工查找照常可用")],
    no_camera: [t("这台设备没有摄像头"), t("请用扫码枪，或者输入预约号")],
    in_use: [t("摄像头被别的程序占用"), t("关掉正在用摄像头的程序，再点“再试”")],
    no_reader: [t("识别程序没有装好"), t("联网后再点“再试”。扫码枪和手工查找照常可用")],
    broken: [t("摄像头打不开"), t("再试一次；还不行就重启设备。扫码枪和手工查找照常可用")],
  };
  return words[reason] || words.broken;
}

const REASONS = {
  NotAllowedError: "no_permission",
  SecurityError: "no_permission",
  NotFoundError: "no_camera",
  OverconstrainedError: "no_camera",
  NotReadableError: "in_use",
  AbortError: "in_use",
};

async function open() {
  clearTimeout(ending);
  if (stream?.active) return stream;
  if (!window.isSecureContext || !navigator.mediaDevices) throw new Problem("not_secure");
  opening ||= ask().finally(() => (opening = null));
  stream = await opening;
  return stream;
}

class Problem extends Error {}

async function ask() {
  const size = { width: { ideal: 1280 }, height: { ideal: 720 } };
  const which = wanted ? { deviceId: { exact: wanted } } : { facingMode: { ideal: "environment" } };
  try {
    return await navigator.mediaDevices.getUserMedia({ audio: false, video: { ...size, ...which } });
  } catch (error) {
    if (wanted && error.name === "OverconstrainedError") {
      // It was unplugged.
      wanted = null;
      return ask();
    }
    throw new Problem(REASONS[error.name] || "broken");
  }
}

function close() {
  clearTimeout(ending);
  stream?.getTracks().forEach((track) => track.stop());
  stream = null;
}

async function another() {
  const cameras = (await navigator.mediaDevices.enumerateDevices()).filter((one) => one.kind === "videoinput");
  const now = stream?.getVideoTracks()[0]?.getSettings().deviceId;
  const at = cameras.findIndex((one) => one.deviceId === now);
  wanted = cameras[(at + 1) % cameras.length]?.deviceId || null;
  close();
}

/** Show the camera in the `video` of the returned ref and give what it reads to `onText`.
 *
 * Returns {video, state: "starting" | "on" | "paused" | "off", problem, canSwitch, hasTorch, torch, retry, next, light}.
 */
export function useCamera(onText, { on = true } = {}) {
  const video = useRef(null);
  const latest = useRef(onText);
  const [round, setRound] = useState(0);
  const [is, setIs] = useState({ state: "starting" });
  latest.current = onText;

  useEffect(() => {
    if (!on) return undefined;
    const life = { over: false };
    run(life, video, (text) => latest.current(text), (news) => !life.over && setIs((was) => ({ ...was, ...news })));
    return () => {
      life.over = true;
      clearTimeout(ending);
      ending = setTimeout(close, ENDS_AFTER);
    };
  }, [on, round]);

  useEffect(() => {
    const seen = () => {
      if (document.hidden) {
        close();
        setIs({ state: "paused" });
      } else setRound((n) => n + 1);
    };
    document.addEventListener("visibilitychange", seen);
    return () => document.removeEventListener("visibilitychange", seen);
  }, []);

  const again = () => setRound((n) => n + 1);
  return {
    ...is,
    video,
    retry: again,
    next: () => another().then(again),
    light: () => shine(!is.torch).then((torch) => setIs((was) => ({ ...was, torch }))),
  };
}

async function shine(torch) {
  const track = stream?.getVideoTracks()[0];
  try {
    await track.applyConstraints({ advanced: [{ torch }] });
    return torch;
  } catch {
    return false;
  }
}

async function run(life, video, found, tell) {
  tell({ state: "starting", problem: null });
  try {
    const [shown, reader] = await Promise.all([open(), readerFor(FORMATS).catch(() => null)]);
    if (!reader) throw new Problem("no_reader");
    if (life.over || document.hidden || !video.current) return;
    video.current.srcObject = shown;
    await video.current.play();
    tell({ state: "on", ...(await abilities(shown)) });
    // Unplugged, or taken away by the system.
    shown.getVideoTracks()[0].addEventListener("ended", () => tell({ state: "off", problem: "in_use" }));
    await readOn(life, video, reader, found);
  } catch (error) {
    // A screen that was left in the middle of play() has nothing to tell.
    if (!life.over) tell({ state: "off", problem: error instanceof Problem ? error.message : "broken" });
  }
}

async function abilities(shown) {
  const track = shown.getVideoTracks()[0];
  const cameras = (await navigator.mediaDevices.enumerateDevices()).filter((one) => one.kind === "videoinput");
  return { canSwitch: cameras.length > 1, hasTorch: Boolean(track.getCapabilities?.().torch), torch: false };
}

async function readOn(life, video, reader, found) {
  const canvas = document.createElement("canvas");
  const paper = canvas.getContext("2d", { willReadFrequently: true });
  while (!life.over && !document.hidden && video.current?.srcObject?.active) {
    const began = performance.now();
    if (video.current.readyState >= 2) {
      crop(video.current, canvas, paper);
      const [code] = await reader.detect(canvas).catch(() => []);
      if (code && !life.over) found(code.rawValue);
    }
    await new Promise((resolve) => setTimeout(resolve, Math.max(EVERY - (performance.now() - began), 20)));
  }
}

// The middle of the picture is what people aim with; it is read smaller than it is.
function crop(video, canvas, paper) {
  const [width, height] = [video.videoWidth, video.videoHeight];
  const side = Math.min(width, height);
  const wide = Math.min(width, side * 1.4);
  const tall = Math.min(height, side * 1.4);
  const scale = Math.min(1, LONGER_SIDE / Math.max(wide, tall));
  canvas.width = Math.round(wide * scale);
  canvas.height = Math.round(tall * scale);
  paper.drawImage(video, (width - wide) / 2, (height - tall) / 2, wide, tall, 0, 0, canvas.width, canvas.height);
}
