import { uploadVideo } from "telecine-upload";

const api = import.meta.env.VITE_TELECINE_URL;

/** Your own server issues the token of the user who is signed in. */
const token = async ({ refresh }) => (await fetch(`/my-token?refresh=${refresh}`)).text();

export const upload = (file, options) => uploadVideo(file, { api, token, ...options });
