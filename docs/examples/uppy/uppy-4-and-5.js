// Uppy 4 and 5, by the functions that their plugin `@uppy/aws-s3` asks for. The key of an upload is the id of its video.
import AwsS3 from "@uppy/aws-s3";
import Uppy from "@uppy/core";
import GoldenRetriever from "@uppy/golden-retriever";

const MIB = 1024 * 1024;
const PART_SIZE = 16 * MIB;

export function createUploader({ api, token, onVideo, onError }) {
  async function call(method, path, body, { signal, headers } = {}) {
    const answer = await fetch(`${api}/api/videos${path}`, {
      method,
      signal,
      headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/json", ...headers },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    if (answer.status === 204) return undefined;
    const result = await answer.json();
    // `source.status` lets Uppy repeat the request after an error that passes.
    if (!answer.ok) throw Object.assign(new Error(result.detail), { code: result.code, source: { status: answer.status } });
    return result;
  }

  const chunkSize = ({ size }) => Math.max(PART_SIZE, Math.ceil(size / 9000 / MIB) * MIB);

  const request = (file, strategy, signal) => {
    const declared = { filename: file.name, file_size: file.size, content_type: file.type || "", strategy };
    if (strategy === "multipart") declared.part_size = chunkSize(file);
    return call("POST", "/upload/presigned", declared, { signal, headers: { "Idempotency-Key": crypto.randomUUID() } });
  };

  const complete = (videoId) => call("POST", `/${videoId}/upload/complete`, { success: true });

  const uppy = new Uppy({ id: "telecine" })
    .use(AwsS3, {
      shouldUseMultipart: true,
      getChunkSize: chunkSize,
      async createMultipartUpload(file, signal) {
        const { video_id: key, upload_id: uploadId } = await request(file, "multipart", signal);
        return { key, uploadId };
      },
      async signPart(file, { key, partNumber, signal }) {
        const { parts } = await call("POST", `/${key}/upload/parts`, { part_numbers: [partNumber] }, { signal });
        return { url: parts[0].url, headers: parts[0].headers };
      },
      async listParts(file, { key, signal }) {
        const { received_parts: received, missing_parts: missing } = await call("GET", `/${key}/upload`, undefined, { signal });
        // Telecine asks the bucket for the ETags itself.
        const whole = received.filter((number) => !missing.includes(number));
        return whole.map((PartNumber) => ({ PartNumber, ETag: String(PartNumber) }));
      },
      async completeMultipartUpload(file, { key }) {
        const { status_url: location } = await complete(key);
        return { location: `${api}${location}`, key };
      },
      async abortMultipartUpload(file, { key }) {
        await call("DELETE", `/${key}/upload`);
      },
      // Only for `shouldUseMultipart: false`: a single PUT, which the step after the upload reports complete.
      async getUploadParameters(file, { signal }) {
        const { video_id: videoId, upload_url: url, headers } = await request(file, "single", signal);
        uppy.setFileMeta(file.id, { telecineSinglePut: videoId });
        return { method: "PUT", url, headers, fields: {} };
      },
    })
    .use(GoldenRetriever, { indexedDB: { maxFileSize: 1e9, maxTotalSize: 4e9 } })
    .on("upload-success", (file, { body }) => body.key && onVideo(body.key))
    .on("upload-error", (file, error) => onError(error.message));

  uppy.addPostProcessor(async (fileIds) => {
    for (const file of fileIds.map((id) => uppy.getFile(id))) {
      const videoId = file?.progress.uploadComplete && file.meta.telecineSinglePut;
      if (videoId) await complete(videoId).then(() => onVideo(videoId), (error) => onError(error.message));
    }
  });
  return uppy;
}
