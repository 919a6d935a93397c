/** The transcript beside the player: it follows, seeks, can be searched and edited. */

import { h } from "../../lib/dom.js";
import { icon } from "../../lib/icons.js";
import { confirm } from "../../lib/dialog.js";
import { t as strings } from "../../lib/strings.js";
import { cueAt, toVtt } from "./cues.js";
import { createFollowing } from "./following.js";
import { createReading } from "./reading.js";

const t = strings.transcript;

/** @typedef {import("./cues.js").Cue} Cue */
/** @typedef {{language: string | null, origin: "generated" | "uploaded", cues: Cue[]}} Transcript */

/**
 * @param {{
 *   onSeek: (time: number) => void,
 *   onSave: (vtt: string, language: string | null) => Promise<void>,
 *   onReset: () => void,
 *   time: () => number,
 *   canEdit: boolean,
 * }} options
 */
export function createTranscript({ onSeek, onSave, onReset, time, canEdit }) {
  const search = /** @type {HTMLInputElement} */ (
    h("input", { class: "field", type: "search", placeholder: t.find, "aria-label": t.find, autocomplete: "off", on: { input: find, keydown: findKey } })
  );
  const found = h("span", { class: "transcript-found", role: "status" });
  const edit = h("button", { class: "button button-quiet", type: "button", on: { click: () => void startEditing() } }, icon("pencil"), t.edit);
  const language = /** @type {HTMLInputElement} */ (
    h("input", { class: "field transcript-language", maxlength: "2", pattern: "[a-z]{2}", placeholder: "en", autocapitalize: "none", autocomplete: "off", spellcheck: "false", on: { input: updateSave } })
  );
  const save = h("button", { class: "button button-primary", type: "button", on: { click: () => void saveCues() } }, t.save);
  const cancel = h("button", { class: "button", type: "button", on: { click: () => void stopEditing() } }, strings.cancel);
  const error = h("p", { class: "transcript-error", role: "alert", hidden: true });
  const head = h("header", { class: "transcript-head" });
  const body = h("div", { class: "transcript-body", tabindex: "-1" });
  const origin = h("p", { class: "transcript-origin" });
  const following = createFollowing(body, () => reading?.currentElement ?? null);
  const element = h("section", { class: "transcript card", "aria-label": t.title }, head, body, following.button);

  /** @type {Transcript | null} */
  let transcript = null;
  /** @type {ReturnType<typeof createReading> | null} */
  let reading = null;
  /** @type {ReturnType<typeof import("./editing.js").createEditing> | null} */
  let editing = null;

  /** @param {Transcript} next */
  function showCues(next) {
    transcript = next;
    editing = null;
    reading = createReading(next.cues, { onSeek: (at) => (following.resume(), onSeek(at)) });
    element.classList.remove("is-editing");
    head.replaceChildren(...readingHead(next));
    body.replaceChildren(reading.element);
    find();
    reading.setTime(time());
    following.reset();
  }

  /** @param {Transcript} shown */
  function readingHead(shown) {
    origin.replaceChildren(shown.origin === "uploaded" ? t.own : t.generated);
    if (canEdit && shown.origin === "uploaded") {
      origin.append(" ", h("button", { class: "transcript-reset", type: "button", on: { click: onReset } }, t.reset));
    }
    const title = h("div", { class: "transcript-title" }, h("h2", {}, t.title), origin);
    return [h("div", { class: "transcript-row" }, title, canEdit && edit), h("div", { class: "transcript-row" }, search, found)];
  }

  /**
   * Say why there are no cues.
   * @param {string} title
   * @param {string} text
   * @param {HTMLElement[]} actions
   */
  function showNone(title, text, actions = []) {
    if (editing) return;
    transcript = null;
    reading = null;
    head.replaceChildren(h("h2", {}, t.title));
    body.replaceChildren(h("div", { class: "transcript-none" }, h("p", {}, h("strong", {}, title)), h("p", {}, text), ...actions));
    following.reset();
  }

  function find() {
    if (!reading) return;
    const query = search.value.trim();
    const count = reading.find(query);
    found.textContent = query ? t.found(count) : "";
    following.pause(query !== "");
  }

  /** @param {KeyboardEvent} event */
  function findKey(event) {
    if (event.key === "Enter" && search.value.trim() && reading?.firstShown) onSeek(reading.firstShown.start_s);
    else if (event.key === "Escape" && search.value) {
      search.value = "";
      find();
    } else return;
    event.preventDefault();
  }

  /** @param {{language: string, cues: Cue[]} | null} [draft] changes to go on with */
  async function startEditing(draft = null) {
    const { createEditing } = await import("./editing.js");
    if (!transcript || editing) return;
    const { cues } = transcript;
    editing = createEditing(cues, draft?.cues ?? cues, { onSeek, onChange: updateSave, onCancel: () => void stopEditing() });
    language.value = draft?.language ?? transcript.language ?? "";
    error.hidden = true;
    const label = h("label", { class: "transcript-label" }, t.language, language);
    head.replaceChildren(
      h("div", { class: "transcript-row" }, h("h2", {}, t.editing), cancel, save),
      h("div", { class: "transcript-row" }, label, h("p", { class: "transcript-help" }, t.help)),
      error,
    );
    body.replaceChildren(editing.element);
    element.classList.add("is-editing");
    following.pause(true);
    updateSave();
    editing.focus(cueAt(cues, time()));
  }

  function isDirty() {
    return editing !== null && (editing.isDirty || language.value !== (transcript?.language ?? ""));
  }

  function updateSave() {
    save.disabled = !isDirty();
    language.setAttribute("aria-invalid", String(language.value !== "" && !/^[a-z]{2}$/.test(language.value)));
  }

  async function stopEditing() {
    if (isDirty() && !(await confirm({ title: t.discardTitle, text: t.discardText, action: t.discard }))) return;
    if (!transcript) return;
    showCues(transcript);
    edit.focus();
  }

  async function saveCues() {
    if (!editing || !transcript) return;
    const cues = editing.cues();
    save.disabled = true;
    error.hidden = true;
    try {
      await onSave(toVtt(cues), language.value || null);
      transcript = { ...transcript, origin: "uploaded", language: language.value || null, cues: cues.filter(({ text }) => text.trim()) };
      showCues(transcript);
      edit.focus();
    } catch (failure) {
      error.textContent = t.notSaved(/** @type {Error} */ (failure).message);
      error.hidden = false;
      save.disabled = false;
    }
  }

  return {
    element,
    showCues,
    showNone,
    startEditing,
    get isEditing() {
      return editing !== null;
    },
    isDirty,
    /** What a later visit goes on with. */
    draft: () => ({ language: language.value, cues: editing?.cues() ?? [] }),
    /** @param {number} at */
    setTime(at) {
      if (reading?.setTime(at)) following.moved();
    },
    dispose: following.dispose,
  };
}
