/**
 * How lists are divided.
 *
 * @module
 */

/** Videos of a page: as many as most windows show, because the first page delays what is seen. */
export const PAGE = 24;
