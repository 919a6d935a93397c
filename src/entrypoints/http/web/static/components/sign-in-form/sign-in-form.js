/**
 * The form for a token, on its own screen and in the dialog that appears when a token expires.
 *
 * @module
 */

import { ApiError, createApi } from "../../lib/api.js";
import { fill, h, setAttribute, uniqueId } from "../../lib/dom.js";
import { icon } from "../../lib/icons.js";
import { t } from "../../lib/strings.js";

/**
 * Create the form.
 *
 * @param {object} parts
 * @param {(token: string) => void} parts.onToken called with a token that the server accepts
 * @param {string} [parts.reason] why the last token was refused
 */
export function createSignInForm({ onToken, reason = "" }) {
  const id = uniqueId("token");
  const field = h("input", {
    ...{ class: "field", id, type: "password", autocomplete: "current-password", spellcheck: "false" },
    ...{ autocapitalize: "off", autofocus: true, "aria-describedby": `${id}-error` },
  });
  const show = h("button", {
    ...{ class: "button button-quiet button-icon", type: "button", "aria-label": t.signIn.show, "aria-pressed": "false" },
    on: { click: toggle },
  }, icon("eye"));
  const error = h("p", { class: "form-error", id: `${id}-error`, role: "alert" });
  const submit = h("button", { class: "button button-primary", type: "submit" }, t.signIn.action);

  function toggle() {
    const isShown = field.type === "text";
    field.type = isShown ? "password" : "text";
    setAttribute(show, "aria-pressed", String(!isShown));
  }

  /** @param {string} text */
  function refuse(text) {
    setAttribute(field, "aria-invalid", text ? "true" : null);
    fill(error, text && icon("alert"), text && h("span", null, text));
  }

  /** @param {Event} event */
  async function onSubmit(event) {
    event.preventDefault();
    const token = field.value.trim().replace(/^Bearer\s+/i, "");
    const obvious = token === "" ? t.signIn.empty : token.split(".").length === 3 ? "" : t.signIn.shape;
    refuse(obvious);
    if (obvious) return field.focus();
    submit.disabled = true;
    submit.textContent = t.signIn.working;
    const reasonOfServer = await checkToken(token);
    submit.disabled = false;
    submit.textContent = t.signIn.action;
    if (!reasonOfServer) return onToken(token);
    refuse(reasonOfServer);
    field.focus();
  }

  refuse(reason);
  return h(
    "form",
    { class: "sign-in-form", novalidate: true, on: { submit: onSubmit } },
    h("label", { for: id }, t.signIn.label),
    h("div", { class: "sign-in-field" }, field, show),
    error,
    submit,
    h(
      "details",
      null,
      h("summary", null, t.signIn.what),
      h("p", null, t.signIn.whatText),
      h("p", null, t.signIn.how),
      h("p", null, h("code", null, t.signIn.command)),
    ),
  );
}

/**
 * Why the server refuses the token, in words; empty if it accepts it.
 *
 * @param {string} token
 */
async function checkToken(token) {
  try {
    await createApi({ token: () => Promise.resolve(token) }).get("/api/me");
    return "";
  } catch (error) {
    return refusalText(error);
  }
}

/**
 * A refusal in words.
 *
 * @param {unknown} error
 */
export function refusalText(error) {
  if (!(error instanceof ApiError)) throw error;
  /** @type {Record<string, string>} */
  const known = t.signIn.refused;
  return known[error.code] ?? t.signIn.otherwise(error.message);
}
