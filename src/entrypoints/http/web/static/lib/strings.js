/**
 * Every string of the page, ready for translation: texts, and functions of numbers and names.
 *
 * Each screen has a section of its own. Words: short, buttons are verbs, errors say what to do.
 *
 * @module
 */

/**
 * @param {number} count
 * @param {string} one
 * @param {string} [many]
 */
const plural = (count, one, many = `${one}s`) => `${count} ${count === 1 ? one : many}`;

export const t = {
  // Shared.
  app: "Telecine",
  cancel: "Cancel",
  close: "Close",
  retry: "Retry",
  save: "Save",
  delete: "Delete",
  rename: "Rename",
  undo: "Undo",
  more: "More",
  loading: "Loading",
  justNow: "just now",
  fewSecondsLeft: "A few seconds left",
  left: (/** @type {string} */ time) => `About ${time} left`,
  seconds: (/** @type {number} */ count) => plural(count, "second"),
  minutes: (/** @type {number} */ count) => plural(count, "minute"),
  hours: (/** @type {number} */ count) => plural(count, "hour"),
  percent: (/** @type {number} */ value) => `${Math.floor(value)} %`,
  somethingFailed: "This did not work. Try again.",
  serverAway: "The server is not answering. Trying again.",
  serverBack: "The server is back.",
  screenFailed: "This screen could not be loaded. Reload the page.",
  notFoundTitle: "There is nothing here",
  notFoundText: "The address is wrong, or what it named was deleted.",
  toLibrary: "Go to the library",
  skip: "Skip to the content",

  // Top bar and account menu.
  bar: {
    search: "Search in what is said",
    searchSubmit: "Search",
    upload: "Upload",
    account: "Account",
    signedInAs: "Signed in as",
    theme: "Theme",
    themeSystem: "As the system",
    themeLight: "Light",
    themeDark: "Dark",
    operator: "Operator",
    signOut: "Sign out",
  },

  // Sign-in.
  signIn: {
    title: "Sign in",
  },

  // Library.
  library: {
    title: "Videos",
  },

  // Upload tray.
  upload: {},

  // Video.
  video: {},

  // Player.
  player: {},

  // Transcript.
  transcript: {},

  // Search.
  search: {},

  // Operator.
  operator: {},
};
