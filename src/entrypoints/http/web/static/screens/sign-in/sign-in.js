/**
 * Sign-in: one field for a token.
 *
 * @module
 */

import { createSignInForm } from "../../components/sign-in-form/sign-in-form.js";
import { h } from "../../lib/dom.js";
import { t } from "../../lib/strings.js";

export { createSignInForm, refusalText } from "../../components/sign-in-form/sign-in-form.js";

const ICON = new URL("../../icon.svg", import.meta.url).href;

/**
 * Create the screen. It is shown before the app exists, at the address that the user wanted.
 *
 * @param {object} parts
 * @param {(token: string) => void} parts.onToken
 * @param {string} [parts.reason]
 * @param {(() => void) | null} [parts.onLocal] goes on as the local user, where that is possible
 */
export function createSignIn({ onToken, reason, onLocal = null }) {
  return h(
    "main",
    { class: "sign-in" },
    h("img", { src: ICON, alt: "", width: 48, height: 48 }),
    h("h1", null, t.signIn.to),
    h("p", null, t.signIn.lead),
    h("div", { class: "card" }, createSignInForm({ onToken, reason })),
    onLocal && h("button", { class: "button", type: "button", on: { click: onLocal } }, t.signIn.asLocal),
  );
}

/**
 * The address /sign-in of somebody who is signed in already.
 *
 * @param {import("../../lib/types.d.ts").App} app
 * @returns {import("../../lib/types.d.ts").Screen}
 */
export default function signIn(app) {
  queueMicrotask(() => void app.navigate("/", { replace: true }));
  return { element: h("div"), title: t.signIn.title, dispose: () => undefined };
}
