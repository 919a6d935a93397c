/** The commands that ask about captions in a dialog first; each returns what to say, or nothing if it was cancelled. */

import { openDialog, prompt, confirm } from "../../lib/dialog.js";
import { h, uniqueId } from "../../lib/dom.js";
import { t as strings } from "../../lib/strings.js";

const t = strings.video;

/**
 * @param {{
 *   api: import("../../lib/api.js").Api,
 *   path: string,
 *   watching: import("./watching.js").Watching,
 *   reload: () => Promise<void>,
 * }} parts
 */
export function createCaptionCommands({ api, path, watching, reload }) {
  return {
    /** @param {File} file */
    async upload(file) {
      const known = watching.shown()?.language ?? "";
      const language = await prompt({ title: t.captionsLanguageTitle, label: t.captionsLanguage, value: known, action: strings.bar.upload });
      if (language === null) return;
      await api.put(`${path}/transcript.vtt${language ? `?language=${encodeURIComponent(language)}` : ""}`, await file.text());
      await watching.loadTranscript();
      await reload();
      return t.captionsSaved;
    },
    async write() {
      const hints = await askHints(watching.shown()?.language ?? "");
      if (!hints) return;
      await api.post(`${path}/transcript/regenerate`, hints);
      await reload();
      return t.captionsWriting;
    },
    async reset() {
      if (!(await confirm({ title: t.resetTitle, text: t.resetText, action: t.reset }))) return;
      await api.del(`${path}/transcript.vtt`);
      await api.post(`${path}/transcript/regenerate`, {});
      await watching.loadTranscript();
      await reload();
      return t.captionsWriting;
    },
  };
}

/**
 * Ask for the language and the terms of a new transcription.
 * @param {string} language
 * @returns {Promise<{language?: string, keywords?: string[]} | null>} null if it was cancelled
 */
async function askHints(language) {
  const [languageId, termsId] = [uniqueId("language"), uniqueId("terms")];
  const spoken = h("input", { class: "field", id: languageId, value: language, maxlength: 2, pattern: "[a-zA-Z]{2}", autocomplete: "off", autocapitalize: "none" });
  const terms = h("input", { class: "field", id: termsId, autocomplete: "off", dir: "auto" });
  const answer = await openDialog(t.writeTitle, (close) => [
    h("p", null, t.writeText),
    h(
      "form",
      { class: "hints", on: { submit: (/** @type {Event} */ event) => (event.preventDefault(), close("yes")) } },
      h("label", { for: languageId }, t.writeLanguage),
      spoken,
      h("label", { for: termsId }, t.writeKeywords),
      terms,
      h(
        "div",
        { class: "actions" },
        h("button", { class: "button", type: "button", on: { click: () => close() } }, strings.cancel),
        h("button", { class: "button button-primary", type: "submit" }, t.write),
      ),
    ),
  ]);
  if (answer !== "yes") return null;
  const keywords = terms.value.split(",").map((word) => word.trim()).filter(Boolean);
  return { ...(spoken.value && { language: spoken.value.toLowerCase() }), ...(keywords.length && { keywords }) };
}
