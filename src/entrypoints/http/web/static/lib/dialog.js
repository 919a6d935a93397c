/**
 * Opens modal dialogs, whose module is loaded with the first one.
 *
 * @module
 */

const dialogs = () => import("./dialogs.js");

/**
 * Open a modal dialog; Escape and a click beside it close it, unless it needs an answer.
 *
 * @param {Parameters<typeof import("./dialogs.js").openDialog>} parts its title, its content and options
 * @returns {Promise<string>} the value that it was closed with, empty if it was cancelled
 */
export const openDialog = async (...parts) => (await dialogs()).openDialog(...parts);

/**
 * Ask before something that cannot be undone.
 *
 * @param {Parameters<typeof import("./dialogs.js").confirm>} parts
 * @returns {Promise<boolean>}
 */
export const confirm = async (...parts) => (await dialogs()).confirm(...parts);

/**
 * Ask for a line of text.
 *
 * @param {Parameters<typeof import("./dialogs.js").prompt>} parts
 * @returns {Promise<string | null>} null if it was cancelled
 */
export const prompt = async (...parts) => (await dialogs()).prompt(...parts);
