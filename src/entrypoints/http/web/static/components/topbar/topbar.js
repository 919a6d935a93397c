/**
 * The bar at the top: name, search, upload, account.
 *
 * @module
 */

import { h } from "../../lib/dom.js";
import { t } from "../../lib/strings.js";

/** @param {import("../../lib/types.d.ts").App} app */
export function createTopbar(app) {
  return h("header", { class: "topbar" }, h("a", { class: "brand", href: "/" }, t.app), app.session.userId);
}
