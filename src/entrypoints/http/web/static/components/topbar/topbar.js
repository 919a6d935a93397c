/**
 * The bar at the top: name, search, upload, account.
 *
 * @module
 */

import { h } from "../../lib/dom.js";
import { prompt } from "../../lib/dialog.js";
import { icon } from "../../lib/icons.js";
import { attachMenu } from "../../lib/menu.js";
import { canUpload, canWrite } from "../../lib/scopes.js";
import { loadStyles } from "../../lib/screens.js";
import { t } from "../../lib/strings.js";
import { chooseTheme, chosenTheme } from "../../lib/theme.js";
import { areShortcutsOn } from "../shortcuts/choice.js";
import { listenForHelp, showShortcuts } from "../shortcuts/opening.js";
import { isTyping } from "../drop-zone/drop-zone.js";

const ICON = new URL("../../icon.svg", import.meta.url).href;

/** @typedef {import("../../lib/types.d.ts").App} App */

/** @param {App} app */
export function createTopbar(app) {
  listenForHelp();
  return h(
    "header",
    { class: "topbar" },
    h("a", { class: "brand", href: "/", "aria-label": t.app }, h("img", { src: ICON, alt: "", width: 28, height: 28 }), h("span", null, t.app)),
    createSearch(app),
    h("div", { class: "topbar-actions" }, canUpload(app) && createUpload(app), createAccount(app)),
  );
}

/** @param {App} app */
function createSearch(app) {
  const field = h("input", {
    ...{ class: "field", type: "search", name: "q", placeholder: t.bar.search, "aria-label": t.bar.search },
    ...{ "aria-keyshortcuts": "/", autocomplete: "off", dir: "auto", enterkeyhint: "search" },
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target) || !areShortcutsOn()) return;
    event.preventDefault();
    field.focus();
    field.select();
  });
  app.store.subscribe(({ query }) => query, (query) => (field.value = query));
  /** @param {Event} event */
  const submit = (event) => {
    event.preventDefault();
    const query = field.value.trim();
    if (query) void app.navigate(`/search?q=${encodeURIComponent(query)}`);
  };
  return h("form", { class: "topbar-search", role: "search", on: { submit } }, icon("search"), field, h("kbd", { "aria-hidden": "true" }, "/"));
}

/** @param {App} app */
function createUpload(app) {
  const choose = h(
    "button",
    { class: "button button-primary", type: "button", "aria-label": t.bar.upload, on: { click: app.chooseFiles } },
    icon("upload"),
    h("span", { class: "wide" }, t.bar.upload),
  );
  const others = otherWays(app);
  if (!others.length) return choose;
  // On a phone this is the only button: its menu begins with the choice of files.
  const more = h(
    "button",
    { class: "button button-primary button-icon", type: "button", "aria-label": t.upload.menu },
    h("span", { class: "wide" }, icon("chevronDown")),
    h("span", { class: "narrow" }, icon("upload")),
  );
  attachMenu(more, () => [{ label: t.upload.chooseFiles, icon: "upload", run: app.chooseFiles }, ...others]);
  return h("div", { class: "split-button" }, choose, more);
}

/**
 * @param {App} app
 * @returns {import("../../lib/menu.js").MenuItem[]}
 */
function otherWays(app) {
  const { title, label, action } = { title: t.upload.import, label: t.upload.importLabel, action: t.upload.importAction };
  const ask = async () => {
    const url = await prompt({ title, label, action, value: "", placeholder: "https://www.youtube.com/watch?v=…" });
    if (url) void app.uploads.importUrl(url.trim());
  };
  return [
    { shown: app.options.imports && canWrite(app), label: title, icon: /** @type {const} */ ("link"), run: () => void ask() },
    { shown: canRecord("camera"), label: t.upload.recordCamera, icon: /** @type {const} */ ("camera"), run: () => void record(app, "camera") },
    { shown: canRecord("screen"), label: t.upload.recordScreen, icon: /** @type {const} */ ("monitor"), run: () => void record(app, "screen") },
  ].filter(({ shown }) => shown);
}

/**
 * Whether the browser can record here.
 *
 * @param {import("../recorder/recorder.js").Source} source
 */
function canRecord(source) {
  const { mediaDevices } = navigator;
  if (typeof MediaRecorder === "undefined" || !mediaDevices) return false;
  return source === "camera" ? "getUserMedia" in mediaDevices : "getDisplayMedia" in mediaDevices;
}

/**
 * @param {App} app
 * @param {import("../recorder/recorder.js").Source} source
 */
async function record(app, source) {
  const [recorder] = await Promise.all([import("../recorder/recorder.js"), loadStyles("recorder")]);
  await recorder.record(app, source);
}

/** @param {App} app */
function createAccount(app) {
  const { userId, scopes } = app.session;
  const button = h("button", { class: "account", type: "button", "aria-label": `${t.bar.account}: ${userId}` }, h("span", { "aria-hidden": "true" }, userId.slice(0, 1).toUpperCase()));
  attachMenu(button, () => [
    { head: `${t.bar.signedInAs} ${userId}` },
    ...(scopes.includes("admin") ? [{ label: t.bar.operator, icon: /** @type {const} */ ("gauge"), href: "/operator" }] : []),
    { label: t.bar.reference, icon: "link", href: "/schema" },
    { label: t.shortcuts.title, icon: "keyboard", run: () => void showShortcuts() },
    "line",
    { head: t.bar.theme },
    ...themes(),
    "line",
    { label: t.bar.signOut, icon: "signOut", run: () => void app.signOut() },
  ]);
  return button;
}

/** @returns {import("../../lib/menu.js").MenuItem[]} */
function themes() {
  const chosen = chosenTheme();
  return [
    { label: t.bar.themeSystem, icon: "monitor", checked: chosen === "", run: () => chooseTheme("") },
    { label: t.bar.themeLight, icon: "sun", checked: chosen === "light", run: () => chooseTheme("light") },
    { label: t.bar.themeDark, icon: "moon", checked: chosen === "dark", run: () => chooseTheme("dark") },
  ];
}
