// The page of the tests: it adds the chosen file to the uploader of an example, and records what happens.
import { createUploader } from "./example.js";

const { api, token } = globalThis.settings;
const seen = { videos: [], errors: [] };
const uppy = createUploader({
  api,
  // The first token of a page with `?stale` is refused.
  token: location.search === "?stale" ? ({ refresh }) => (refresh ? token : "stale") : token,
  onVideo: (videoId) => seen.videos.push(videoId),
  onError: (message) => seen.errors.push(message),
});
document.querySelector("input").addEventListener("change", ({ target }) => {
  const [data] = target.files;
  uppy.addFile({ name: data.name, type: data.type, data });
});

/** Whether Golden Retriever has stored both the file and the id of its upload. */
async function isStored() {
  let hasFile = false;
  let text = JSON.stringify(localStorage);
  for (const { name } of await indexedDB.databases()) {
    const database = await settled(indexedDB.open(name));
    for (const store of database.objectStoreNames) {
      const values = await settled(database.transaction(store).objectStore(store).getAll());
      hasFile ||= values.some((value) => value.data instanceof Blob);
      text += JSON.stringify(values);
    }
    database.close();
  }
  return hasFile && text.includes("uploadId");
}

const settled = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

Object.assign(globalThis, { uppy, seen, isStored });
