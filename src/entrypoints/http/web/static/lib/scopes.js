/**
 * What the token permits, so that nothing is offered that the API would refuse.
 *
 * @module
 */

/** @typedef {{session: {scopes: string[]}}} Holder the app, or what has its session */

/** @param {Holder} app */
export const canWrite = ({ session }) => session.scopes.includes("videos:write");

/** @param {Holder} app */
export const canUpload = ({ session }) => canWrite({ session }) || session.scopes.includes("videos:upload");
