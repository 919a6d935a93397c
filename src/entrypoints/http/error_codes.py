"""Every error that a client of the API can get: its code, its HTTP status, and what to do about it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ErrorCode:
    """The status that goes with a code, and what a client can do."""

    status: int
    advice: str


ERROR_CODES: dict[str, ErrorCode] = {
    # The request itself.
    "invalid_request": ErrorCode(400, "The body, a parameter or a header is malformed; `detail` says which."),
    "invalid_limit": ErrorCode(400, "Ask for 1 to 100 videos."),
    "invalid_cursor": ErrorCode(400, "Start the list again without a cursor."),
    "invalid_idempotency_key": ErrorCode(400, "Choose a key of 1 to 255 printable ASCII characters."),
    "invalid_form": ErrorCode(400, "Send a whole multipart/form-data body with little beside the file."),
    "missing_file": ErrorCode(400, "Send the file in a field `file`, with its name."),
    "several_files": ErrorCode(400, "Send one file at a time."),
    "incomplete_body": ErrorCode(400, "Send as many bytes as `Content-Length` says."),
    "upload_failed": ErrorCode(400, "What the client reported itself; start again with a new upload."),
    "upload_missing": ErrorCode(400, "Send the file to the bucket, then report it again."),
    "upload_incomplete": ErrorCode(400, "Send the parts that `detail` and `GET …/upload` name, then report it again."),
    "body_too_large": ErrorCode(413, "A JSON body has at most 64 KiB."),
    "unsupported_media_type": ErrorCode(415, "Send the body as the type that `detail` names."),
    "length_required": ErrorCode(411, "Say how long the form is."),
    "route_not_found": ErrorCode(404, "There is no such path."),
    "method_not_allowed": ErrorCode(405, "`Allow` names the methods of this path."),
    # Who asks, and how much they may.
    "missing_token": ErrorCode(401, "Send `Authorization: Bearer <token>`."),
    "invalid_token": ErrorCode(401, "Get a token of this installation."),
    "token_expired": ErrorCode(401, "Get a new token."),
    "invalid_subject": ErrorCode(401, "The token's `sub` must be 1 to 128 printable ASCII characters."),
    "insufficient_scope": ErrorCode(403, "The token needs the scope that `WWW-Authenticate` names."),
    "rate_limited": ErrorCode(429, "Come back after `Retry-After` seconds."),
    "too_many_videos_in_flight": ErrorCode(429, "Wait for one of your videos to end."),
    "daily_upload_quota_exceeded": ErrorCode(429, "Come back after `Retry-After` seconds: tomorrow, in UTC."),
    "storage_quota_exceeded": ErrorCode(403, "Delete some of your videos."),
    # What is to be uploaded.
    "invalid_filename": ErrorCode(422, "A filename is 1 to 255 characters, without separators or control characters."),
    "unsupported_extension": ErrorCode(422, "`detail` lists the extensions that are taken."),
    "unsupported_content_type": ErrorCode(415, "Declare the file's own video type, or an empty one."),
    "invalid_file_size": ErrorCode(422, "The file must have at least one byte."),
    "file_too_large": ErrorCode(413, "`detail` says how large a file may be here."),
    "file_too_large_for_single_put": ErrorCode(413, "Ask for the strategy `multipart` or `auto`."),
    "idempotency_key_reused": ErrorCode(422, "The key stands for another request; choose a new one."),
    "idempotency_key_in_use": ErrorCode(409, "The first request is still running; repeat it later."),
    "idempotency_key_spent": ErrorCode(409, "What the key stands for was deleted; choose a new one."),
    # What is said in it.
    "invalid_language": ErrorCode(422, "Name a language by its two letters of ISO 639-1, such as `en`."),
    "invalid_keywords": ErrorCode(422, "`detail` says how many keywords there may be, and what may stand in one."),
    "invalid_captions": ErrorCode(400, "Send WebVTT or SubRip; `detail` says what is wrong, and in which line."),
    "captions_too_large": ErrorCode(413, "Captions have at most 5 MiB."),
    "own_captions": ErrorCode(409, "Delete the captions that you gave first."),
    "generated_captions": ErrorCode(409, "Only your own captions can be deleted; ask for a new transcript instead."),
    "transcription_in_progress": ErrorCode(409, "Wait until the stage `transcribe` has ended."),
    "too_many_regenerations": ErrorCode(409, "The operator's limit is reached; give captions of your own instead."),
    "transcription_disabled": ErrorCode(409, "The operator may set up a transcriber; or give captions of your own."),
    "youtube_import_disabled": ErrorCode(403, "Nothing is imported here; upload the file itself."),
    "invalid_youtube_url": ErrorCode(400, "Send the URL of one video on YouTube, or its id."),
    # Upload and video.
    "video_not_found": ErrorCode(404, "There is no such video, or it is somebody else's."),
    "transcript_not_found": ErrorCode(404, "There is no transcript, or none yet; the video's stages tell."),
    "poster_not_found": ErrorCode(404, "No picture could be made of this video."),
    "storyboard_not_found": ErrorCode(404, "No small pictures could be made of this video."),
    "invalid_part_numbers": ErrorCode(422, "Name 1 to 100 different parts that the upload has."),
    "part_size_mismatch": ErrorCode(422, "Send the parts that `detail` names again, whole."),
    "invalid_parts": ErrorCode(422, "Parts changed meanwhile; report the upload again."),
    "upload_size_mismatch": ErrorCode(422, "Send the declared file, then report it again."),
    "not_a_video": ErrorCode(422, "The file is no video that we know; upload the right one."),
    "upload_closed": ErrorCode(409, "The upload was given up, cancelled, or came too late; start a new one."),
    "upload_completed": ErrorCode(409, "The upload is complete; nothing more is to be sent."),
    "imported_video": ErrorCode(409, "The server fetches this video; follow its status, or cancel it."),
    "not_multipart": ErrorCode(409, "The upload is a single PUT; ask for a fresh URL of that."),
    "not_single_put": ErrorCode(409, "The upload has parts; ask for URLs of those."),
    "processing_begun": ErrorCode(409, "Too late to cancel; delete the video instead."),
    "invalid_transition": ErrorCode(409, "The video's status does not allow this any more."),
    "not_failed": ErrorCode(409, "Only a failed video can be retried."),
    "nothing_to_retry": ErrorCode(409, "Nothing is left to work on; upload the video again."),
    "not_playable": ErrorCode(409, "Nothing can be played yet; the status tells when."),
    "proxied_upload_off": ErrorCode(410, "Ask for a presigned URL instead."),
    # The folder that plays the bucket.
    "invalid_signature": ErrorCode(403, "Send exactly what was signed, with the `headers` that came with the URL."),
    "url_expired": ErrorCode(403, "Ask for a fresh URL."),
    "invalid_object_key": ErrorCode(422, "Use the URL as it was given."),
    "object_not_found": ErrorCode(404, "Nothing is there (any more)."),
    "upload_not_found": ErrorCode(404, "The upload is complete, or was cancelled."),
    "range_not_satisfiable": ErrorCode(416, "Ask for bytes that the object has."),
    "storage_full": ErrorCode(507, "Tell the operator, and come back later."),
    # Ours.
    "unavailable": ErrorCode(503, "Come back after `Retry-After` seconds; nothing was lost."),
    "database_unavailable": ErrorCode(503, "Come back after `Retry-After` seconds; nothing was lost."),
    "storage_unavailable": ErrorCode(503, "Come back after `Retry-After` seconds; nothing was lost."),
    "jwks_unavailable": ErrorCode(503, "Nobody can check tokens just now; come back after `Retry-After` seconds."),
    "stopping": ErrorCode(503, "The server is restarting; repeat the request."),
    "internal_error": ErrorCode(500, "A fault of ours; tell the operator the `x-request-id`."),
}
