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

/**
 * A name that fits in a sentence.
 *
 * @param {string} name
 */
const short = (name) => (name.length > 60 ? `${name.slice(0, 57)}…` : name);

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
    search: "Search transcripts",
    searchSubmit: "Search",
    upload: "Upload",
    account: "Account",
    signedInAs: "Signed in as",
    theme: "Theme",
    themeSystem: "As the system",
    themeLight: "Light",
    themeDark: "Dark",
    operator: "Operator",
    reference: "API reference",
    signOut: "Sign out",
  },

  // States of a video.
  state: {
    ready: "Ready",
    noSpeech: "Ready, no speech",
    noCaptions: "Ready, no captions",
    uncertain: "Ready, captions uncertain",
    playable: "Playable",
    failed: "Failed",
  },
  stage: {
    upload: "Uploading",
    download: "Fetching the file",
    probe: "Checking the file",
    compress: "Compressing",
    publish: "Publishing",
    transcribe: "Writing captions",
    waiting: "Waiting for its turn",
    again: (/** @type {string} */ stage, /** @type {number} */ attempt) => `${stage}, attempt ${attempt}`,
  },
  deleted: (/** @type {string} */ title) => `Deleted “${short(title)}”`,
  deleteFailed: (/** @type {string} */ title, /** @type {string} */ why) => `“${short(title)}” was not deleted. ${why}`,

  // Sign-in.
  signIn: {
    title: "Sign in",
    to: "Sign in to Telecine",
    again: "Sign in again",
    lead: "Enter the token that your operator gave you.",
    againLead: "Your token has expired. Uploads wait, and go on when you are signed in.",
    label: "Token",
    show: "Show the token",
    action: "Sign in",
    working: "Signing in",
    what: "What is a token, and where do I get one?",
    whatText:
      "A token is a line of letters and digits that says who you are. It works until it expires, and this browser keeps it until you sign out.",
    how: "With access to the server, make one yourself:",
    command: "telecine token --user NAME",
    empty: "Enter a token.",
    shape: "This is not a whole token. It has three parts with dots between them.",
    refused: {
      token_expired: "This token has expired. Get a new one.",
      invalid_token: "This server did not issue this token. Check that you copied all of it.",
      invalid_subject: "This token names no user. Get a new one.",
      insufficient_scope: "This token does not permit the use of this page. Get one with more scopes.",
      unreachable: "The server did not answer. Try again in a moment.",
    },
    otherwise: (/** @type {string} */ detail) => `The token was refused. ${detail}`,
  },

  // Library.
  library: {
    title: "Videos",
    show: "Show",
    filters: { all: "All", work: "In work", failed: "Failed", captions: "Captions missing" },
    sort: "Sort",
    sorts: { "-created_at": "Newest first", created_at: "Oldest first", title: "Title, A to Z", "-title": "Title, Z to A" },
    view: "View",
    grid: "Cards",
    rows: "Rows",
    open: "Open",
    copyLink: "Copy the link",
    copied: "Link copied",
    cancelUpload: "Cancel the upload",
    menuOf: (/** @type {string} */ title) => `More for “${short(title)}”`,
    renameTitle: "Rename the video",
    titleLabel: "Title",
    saved: (/** @type {number} */ percent) => `Saved ${percent} %`,
    captionsComing: "Captions are coming",
    listed: (/** @type {number} */ count) => plural(count, "video"),
    loadFailed: "The videos could not be loaded.",
    noneTitle: { work: "Nothing is in work", failed: "Nothing failed", captions: "No captions are missing", all: "" },
    noneText: {
      work: "Videos that are being sent or processed appear here.",
      failed: "Videos that could not be processed would appear here, with what to do.",
      captions: "Every video that can be played has captions.",
      all: "",
    },
    showAll: "Show all videos",
    emptyTitle: "Drop your first video here",
    emptyText: "It is compressed, gets captions, and becomes a link that plays.",
    choose: "Choose videos",
    sample: "Try the sample",
    sampleFailed: "The sample could not be loaded.",
    limits: (/** @type {string} */ formats, /** @type {string} */ size) => `${formats} and more, up to ${size}`,
  },

  // Upload tray.
  upload: {
    title: "Uploads",
    region: "Uploads",
    many: (/** @type {number} */ at, /** @type {number} */ count) => `Uploading ${at} of ${count}`,
    one: "Uploading",
    processing: (/** @type {number} */ count) => `Processing ${plural(count, "video")}`,
    paused: "Paused",
    interrupted: (/** @type {number} */ count) => `${plural(count, "upload")} interrupted`,
    failed: (/** @type {number} */ count) => `${count} need${count === 1 ? "s" : ""} your attention`,
    done: "All done",
    fold: "Hide the list",
    unfold: "Show the list",
    clear: "Close",
    pause: (/** @type {string} */ name) => `Pause ${short(name)}`,
    resume: (/** @type {string} */ name) => `Go on with ${short(name)}`,
    cancel: (/** @type {string} */ name) => `Cancel ${short(name)}`,
    dismiss: (/** @type {string} */ name) => `Remove ${short(name)} from the list`,
    cancelTitle: "Cancel this upload?",
    cancelText: (/** @type {string} */ name) => `What has arrived of “${short(name)}” is thrown away.`,
    cancelAction: "Cancel the upload",
    keep: "Keep uploading",
    queued: "Waits for the others",
    otherTab: "Another tab is sending this file",
    requesting: "Starting",
    completing: "Checking what arrived",
    offline: "Waiting for the network. Nothing is lost.",
    resumed: (/** @type {number} */ percent) => `Going on at ${percent} %`,
    through: "Through the server",
    ready: "Ready to play",
    open: "Open",
    again: "Retry",
    throughServer: "Send through the server",
    chooseAgain: "Choose the file",
    interruptedText: (/** @type {number} */ percent) => `Stopped at ${percent} %. Choose the same file to go on.`,
    empty: "This file is empty. Choose another.",
    wrongType: "This is not a video or audio file that can be read here. Choose another.",
    tooLarge: (/** @type {string} */ limit) => `This file is larger than ${limit}. Choose a smaller one.`,
    drop: "Drop to upload",
    dropText: "Several files at once are fine.",
    import: "Import from YouTube",
    importLabel: "Link of a YouTube video",
    importAction: "Import",
    importing: "Importing from YouTube",
    sent: (/** @type {string} */ name) => `${short(name)} is uploaded and being processed.`,
    announceReady: (/** @type {string} */ name) => `${short(name)} is ready to play.`,
    announceFailed: (/** @type {string} */ name, /** @type {string} */ why) => `${short(name)}: ${why}`,
    menu: "More ways to add a video",
    chooseFiles: "Choose files",
    recordCamera: "Record the camera",
    recordScreen: "Record the screen",
  },

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
