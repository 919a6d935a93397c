// Uppy 6. `telecine-uppy.js` is the file that Telecine serves under that name, copied or imported from there.
import AwsS3 from "@uppy/aws-s3";
import Uppy from "@uppy/core";
import GoldenRetriever from "@uppy/golden-retriever";
import { messageOf, telecineUppy } from "./telecine-uppy.js";

export function createUploader({ api, token, onVideo, onError }) {
  const telecine = telecineUppy({ api, token });
  const uppy = new Uppy({ id: "telecine" })
    .use(AwsS3, telecine.options)
    .use(GoldenRetriever, { indexedDB: { maxFileSize: 1e9, maxTotalSize: 4e9 } })
    .on("upload-success", (file, { body }) => onVideo(body.key))
    .on("upload-error", (file, error) => onError(messageOf(error)));
  // Only with `shouldUseMultipart: false`: nothing completes a file that was sent in a single PUT.
  return Object.assign(uppy, { completeSinglePut: telecine.complete });
}
