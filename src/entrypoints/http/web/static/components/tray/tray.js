/**
 * The tray at the lower right: every upload with its progress, over all screens.
 *
 * @module
 */

import { confirm } from "../../lib/dialog.js";
import { fill, h, setAttribute, setText } from "../../lib/dom.js";
import { bytes, left, rate } from "../../lib/format.js";
import { icon } from "../../lib/icons.js";
import { t } from "../../lib/strings.js";
import { canSave, isOpen } from "../../lib/uploads.js";
import { total } from "./total.js";
import { work } from "../../lib/video-state.js";

/** @typedef {import("../../lib/uploads.js").Item} Item */
/** @typedef {import("../../lib/types.d.ts").App} App */

/** For this share of the file the tray says where an upload went on, before it says how fast it is. */
const RESUMED_SPAN = 0.1;

/** @param {App} app */
export function createTray(app) {
  const { uploads } = app;
  /** @type {Map<number, ReturnType<typeof createRow>>} */
  const rows = new Map();
  const list = h("ul", { class: "tray-list", id: "tray-list" });
  const heading = h("h2", null);
  const note = h("p", { class: "tray-note" });
  const bar = h("progress", { class: "bar", max: 1, "aria-label": t.upload.title });
  const fold = h("button", {
    ...{ class: "button button-quiet button-icon", type: "button", "aria-controls": "tray-list", "aria-expanded": "true" },
    ...{ "aria-label": t.upload.fold, on: { click: toggle } },
  }, icon("chevronDown"));
  const close = h("button", {
    ...{ class: "button button-quiet button-icon", type: "button", "aria-label": t.upload.clear },
    on: { click: uploads.clear },
  }, icon("close"));
  const announcer = h("p", { class: "visually-hidden", role: "status" });
  const tray = h(
    "section",
    { class: "tray", "aria-label": t.upload.region, hidden: true },
    h("div", { class: "tray-head" }, h("div", null, heading, note), fold, close),
    bar,
    list,
  );

  function toggle() {
    const isFolded = tray.classList.toggle("is-folded");
    setAttribute(fold, "aria-expanded", String(!isFolded));
    setAttribute(fold, "aria-label", isFolded ? t.upload.unfold : t.upload.fold);
  }

  function renderList() {
    const items = uploads.items();
    const ids = new Set(items.map(({ id }) => id));
    for (const [id, row] of rows) if (!ids.has(id)) row.element.remove(), rows.delete(id);
    for (const item of items) {
      if (rows.has(item.id)) continue;
      const row = createRow(app, item, (text) => setText(announcer, text));
      rows.set(item.id, row);
      list.append(row.element);
    }
    tray.hidden = items.length === 0;
  }

  function renderHead() {
    const items = uploads.items();
    const sum = total(items);
    setText(heading, headline(items, sum));
    setText(note, sum.rate && sum.secondsLeft !== null ? `${rate(sum.rate)} · ${left(sum.secondsLeft)}` : "");
    note.hidden = note.textContent === "";
    bar.hidden = sum.open === 0;
    bar.value = sum.ratio;
    close.hidden = items.some((item) => isOpen(item));
  }

  uploads.subscribe((item) => {
    if (item) rows.get(item.id)?.update();
    else renderList();
    renderHead();
  });
  renderList();
  renderHead();
  return [tray, announcer];
}

/**
 * @param {Item[]} items
 * @param {ReturnType<typeof total>} sum
 */
function headline(items, sum) {
  const open = items.filter(isOpen);
  if (open.length && open.every(({ state }) => state === "paused")) return t.upload.paused;
  if (sum.open) return sum.count > 1 ? t.upload.many(Math.min(sum.done + 1, sum.count), sum.count) : t.upload.one;
  if (sum.processing) return t.upload.processing(sum.processing);
  const broken = items.filter(({ state }) => state === "failed" || state === "refused").length;
  if (broken) return t.upload.failed(broken);
  const interrupted = items.filter(({ state }) => state === "interrupted").length;
  return interrupted ? t.upload.interrupted(interrupted) : t.upload.done;
}

/**
 * @param {App} app
 * @param {Item} item
 * @param {(text: string) => void} announce
 */
function createRow(app, item, announce) {
  const name = h("p", { class: "tray-name", dir: "auto", title: item.name }, item.name);
  const bar = h("progress", { class: "bar", max: 1, "aria-label": item.name });
  const note = h("p", { class: "tray-note" });
  const buttons = h("div", { class: "tray-buttons" });
  const offers = h("div", { class: "tray-offers" });
  const element = h("li", { class: "tray-item" }, h("div", { class: "tray-icon" }), h("div", { class: "tray-text" }, name, bar, note, offers), buttons);
  let shape = "";
  let said = "";

  function update() {
    const { state } = item;
    const next = `${state} ${item.error?.code ?? ""}`;
    if (next !== shape) {
      shape = next;
      element.dataset.state = state;
      fill(/** @type {Element} */ (element.firstElementChild), icon(iconOf(item)));
      fillKeepingFocus(buttons, buttonsOf(app, item));
      fill(offers, offersOf(app, item));
      offers.hidden = !offers.firstChild;
      announceState();
    }
    const { text, ratio } = describe(item);
    setText(note, text);
    bar.hidden = ratio === undefined;
    if (ratio === null) bar.removeAttribute("value");
    else if (ratio !== undefined) bar.value = ratio;
  }

  function announceState() {
    const { state, error } = item;
    const text =
      state === "done" ? t.upload.announceReady(item.name)
      : state === "processing" ? t.upload.sent(item.name)
      : error ? t.upload.announceFailed(item.name, error.message)
      : state === "offline" ? t.upload.offline
      : "";
    if (text && text !== said) announce(text);
    said = text;
  }

  update();
  return { element, update };
}

/**
 * Replace buttons; the focus stays at the same place, as a pause becomes a resume.
 *
 * @param {HTMLElement} place
 * @param {HTMLElement[]} next
 */
function fillKeepingFocus(place, next) {
  const at = [...place.children].indexOf(/** @type {Element} */ (document.activeElement));
  fill(place, next);
  if (at >= 0) next[Math.min(at, next.length - 1)]?.focus();
}

/**
 * What an item does, in words, and how far it is: null if that is unknown, undefined if no bar is shown.
 *
 * @param {Item} item
 * @returns {{text: string, ratio?: number | null}}
 */
function describe(item) {
  const { state, progress, error, recording } = item;
  if (recording && recording.capture.state !== "stopped" && isOpen(item)) {
    return { text: t.upload.recording(bytes(progress.sentBytes), bytes(item.size)) };
  }
  const percent = t.percent(100 * progress.ratio);
  switch (state) {
    case "queued":
      return { text: `${t.upload.queued} · ${bytes(item.size)}`, ratio: progress.ratio };
    case "requesting":
      return { text: t.upload.requesting, ratio: progress.ratio };
    case "sending":
      return { text: sendingText(item), ratio: progress.ratio };
    case "paused":
      return { text: `${t.upload.paused} · ${percent}`, ratio: progress.ratio };
    case "offline":
      return { text: t.upload.offline, ratio: progress.ratio };
    case "waiting":
      return { text: t.upload.otherTab, ratio: null };
    case "completing":
      return { text: t.upload.completing, ratio: null };
    case "interrupted":
      return { text: t.upload.interruptedText(Math.floor(100 * progress.ratio)), ratio: progress.ratio };
    case "processing": {
      if (!item.status) return { text: t.upload.importing, ratio: null };
      const { text, percent: done, left: rest } = work(item.status);
      return { text: [text, done !== null && t.percent(done), rest].filter(Boolean).join(" · "), ratio: done === null ? null : done / 100 };
    }
    case "done":
      return { text: t.upload.ready };
    default:
      return { text: error?.message ?? "" };
  }
}

/** @param {Item} item */
function sendingText({ progress, resumedAt, throughServer }) {
  const { ratio, bytesPerSecond, secondsLeft } = progress;
  if (resumedAt > 0 && ratio < resumedAt + RESUMED_SPAN) return t.upload.resumed(Math.floor(100 * resumedAt));
  const parts = [t.percent(100 * ratio), bytesPerSecond && rate(bytesPerSecond), secondsLeft !== null && left(secondsLeft)];
  return [...parts, throughServer && t.upload.through].filter(Boolean).join(" · ");
}

/** @param {Item} item */
function iconOf({ state }) {
  if (state === "done") return "check";
  if (state === "failed" || state === "refused") return "alert";
  if (state === "offline") return "offline";
  if (state === "paused" || state === "interrupted") return "pause";
  return state === "processing" ? "film" : "upload";
}

/**
 * @param {App} app
 * @param {Item} item
 */
function buttonsOf({ uploads }, item) {
  const { id, name, state } = item;
  const button = (/** @type {import("../../lib/icons.js").IconName} */ sign, /** @type {string} */ label, /** @type {() => void} */ click) =>
    h("button", { class: "button button-quiet button-icon", type: "button", "aria-label": label, title: label, on: { click } }, icon(sign));
  const cancel = async () => {
    const question = { title: t.upload.cancelTitle, text: t.upload.cancelText(name), action: t.upload.cancelAction, keep: t.upload.keep, danger: true };
    if (item.progress.ratio === 0 || (await confirm(question))) void uploads.cancel(id);
  };
  if (state === "processing" && item.videoId === null) return [];
  if (item.recording && isOpen(item)) return [button("close", t.upload.cancel(name), cancel)];
  if (state === "sending" || state === "offline" || state === "requesting") {
    return [button("pause", t.upload.pause(name), () => uploads.pause(id)), button("close", t.upload.cancel(name), cancel)];
  }
  if (state === "paused") {
    return [button("play", t.upload.resume(name), () => uploads.resume(id)), button("close", t.upload.cancel(name), cancel)];
  }
  if (state === "queued" || state === "interrupted" || state === "waiting") return [button("close", t.upload.cancel(name), cancel)];
  if (state === "completing") return [];
  const open = h("a", { class: "button button-quiet", href: `/v/${item.videoId}` }, t.upload.open);
  return [...(state === "done" ? [open] : []), button("close", t.upload.dismiss(name), () => uploads.dismiss(id))];
}

/**
 * What can be done about an item, as buttons with words.
 *
 * @param {App} app
 * @param {Item} item
 */
function offersOf({ uploads, options, chooseFiles }, item) {
  const { id, state, error } = item;
  const offer = (/** @type {string} */ label, /** @type {() => void} */ click) =>
    h("button", { class: "button", type: "button", on: { click } }, label);
  if (state === "interrupted") return [offer(t.upload.chooseAgain, chooseFiles)];
  const save = canSave(item) && offer(t.upload.save, () => saveRecording(item));
  if (state !== "failed") return [save];
  const isBlocked = error?.code === "bucket_unreachable" && options.proxied_upload;
  return [
    isBlocked && offer(t.upload.throughServer, () => uploads.throughServer(id)),
    error?.retryable && offer(t.upload.again, () => uploads.retry(id)),
    save,
  ];
}

/**
 * Offer what this page has of a recording as a download.
 *
 * @param {Item} item
 */
function saveRecording({ recording, name }) {
  if (!recording) return;
  const extension = recording.filename.slice(recording.filename.lastIndexOf("."));
  const href = URL.createObjectURL(recording.file);
  h("a", { href, download: `${name}${extension}` }).click();
  setTimeout(() => URL.revokeObjectURL(href), 60_000);
}
