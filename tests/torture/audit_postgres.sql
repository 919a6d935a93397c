-- Records what must never happen (fence_fell, job_revived, video_reopened) and what may happen once to a video.
-- A retry, which may revive a job and reopen a video, has its own entry; so has an upload whose video is deleted.

CREATE TABLE audit (what TEXT NOT NULL, id TEXT NOT NULL, detail TEXT NOT NULL);

CREATE FUNCTION audit_job() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.fence < OLD.fence THEN
        INSERT INTO audit VALUES ('fence_fell', NEW.id, OLD.fence || ' to ' || NEW.fence);
    END IF;
    IF OLD.state = 'dead' AND NEW.state = 'queued' AND NEW.attempt = 0 THEN
        INSERT INTO audit VALUES ('retried', NEW.video_id, OLD.state || ' to ' || NEW.state);
    ELSIF OLD.state IN ('done', 'dead') AND NEW.state <> OLD.state THEN
        INSERT INTO audit VALUES ('job_revived', NEW.id, OLD.state || ' to ' || NEW.state);
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER audit_job AFTER UPDATE ON jobs FOR EACH ROW EXECUTE FUNCTION audit_job();

-- The detail is the job's current fence: a publication under another fence comes from a stale worker.
CREATE FUNCTION audit_video() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.status = 'failed' AND NEW.status = 'uploaded' THEN
        INSERT INTO audit VALUES ('retried', NEW.id, OLD.status || ' to ' || NEW.status);
    ELSIF OLD.status IN ('completed', 'failed') AND NEW.status <> OLD.status THEN
        INSERT INTO audit VALUES ('video_reopened', NEW.id, OLD.status || ' to ' || NEW.status);
    END IF;
    -- A poster that the owner has chosen is no other publication.
    IF (OLD.publication::jsonb - 'poster_key') IS DISTINCT FROM (NEW.publication::jsonb - 'poster_key') THEN
        INSERT INTO audit
        SELECT 'published', NEW.id, fence::text FROM jobs WHERE video_id = NEW.id AND kind = 'process';
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER audit_video AFTER UPDATE ON videos FOR EACH ROW EXECUTE FUNCTION audit_video();

CREATE FUNCTION audit_transcript() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO audit VALUES ('transcribed', NEW.video_id, '');
    RETURN NULL;
END $$;

CREATE TRIGGER audit_transcript AFTER INSERT OR UPDATE ON transcripts
FOR EACH ROW EXECUTE FUNCTION audit_transcript();

CREATE FUNCTION audit_deletion() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.etag IS NOT NULL THEN
        INSERT INTO audit VALUES ('deleted', OLD.owner, (OLD.created_at AT TIME ZONE 'UTC')::date::text);
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER audit_deletion AFTER DELETE ON videos FOR EACH ROW EXECUTE FUNCTION audit_deletion();

-- Compares the usage computed from the videos with the recorded usage: each row is a difference.
CREATE VIEW audit_usage AS
WITH counted AS (
    SELECT videos.*, COALESCE(failure::json ->> 'stage' = 'upload', false) AS is_closed FROM videos
), added AS (
    SELECT
        usage.owner,
        usage.day,
        COUNT(counted.id) FILTER (WHERE status NOT IN ('completed', 'failed')) AS videos_in_flight,
        COALESCE(SUM(COALESCE((publication::json ->> 'size_bytes')::bigint, size_bytes)) FILTER (WHERE NOT is_closed), 0)
            AS stored_bytes,
        COUNT(counted.id) FILTER (WHERE NOT is_closed AND (created_at AT TIME ZONE 'UTC')::date = day)
            + (SELECT COUNT(*) FROM audit WHERE what = 'deleted' AND id = usage.owner AND detail = day::text) AS uploads
    FROM usage LEFT JOIN counted ON counted.owner = usage.owner GROUP BY usage.owner, usage.day
)
SELECT
    owner,
    'in flight ' || usage.videos_in_flight || ' for ' || added.videos_in_flight || ', bytes ' || usage.stored_bytes
        || ' for ' || added.stored_bytes || ', uploads ' || usage.uploads || ' for ' || added.uploads AS detail
FROM usage JOIN added USING (owner)
WHERE usage.videos_in_flight <> added.videos_in_flight
    OR usage.stored_bytes <> added.stored_bytes
    OR usage.uploads <> added.uploads;

-- Each row is an event that must be in the log exactly once: with the number and the status that its video then had.
CREATE TABLE audit_status (video_id TEXT NOT NULL, seq INTEGER NOT NULL, status TEXT NOT NULL);

CREATE FUNCTION audit_status() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        INSERT INTO audit_status VALUES (OLD.id, OLD.event_seq + 1, OLD.status);
    ELSIF OLD.status <> NEW.status THEN
        INSERT INTO audit_status VALUES (NEW.id, NEW.event_seq, NEW.status);
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER audit_status AFTER UPDATE OR DELETE ON videos FOR EACH ROW EXECUTE FUNCTION audit_status();

-- Compares the log of events with what has happened: each row is a missing event, or a doubled one.
CREATE VIEW audit_events AS
WITH told AS (
    SELECT video_id, seq, type, data::json ->> 'status' AS status FROM events WHERE video_id IS NOT NULL
)
SELECT 'missing' AS what, audit_status.video_id AS id, 'event ' || seq || ' with status ' || status AS detail
FROM audit_status WHERE NOT EXISTS (
    SELECT 1 FROM told WHERE told.video_id = audit_status.video_id AND told.seq = audit_status.seq
        AND told.status = audit_status.status
)
UNION ALL
SELECT 'missing', videos.id, COUNT(told.seq) || ' events instead of ' || videos.event_seq
FROM videos LEFT JOIN told ON told.video_id = videos.id
GROUP BY videos.id, videos.event_seq
HAVING COUNT(DISTINCT told.seq) <> videos.event_seq OR COALESCE(MAX(told.seq), 0) <> videos.event_seq
UNION ALL
SELECT 'missing', id, 'no event of the publication'
FROM videos WHERE publication IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM told WHERE told.video_id = videos.id AND told.type = 'video.playable')
UNION ALL
SELECT 'doubled', video_id, 'event ' || seq FROM told GROUP BY video_id, seq HAVING COUNT(*) > 1
UNION ALL
SELECT 'doubled', video_id, type FROM told WHERE type IN ('video.playable', 'video.deleted')
GROUP BY video_id, type HAVING COUNT(*) > 1
UNION ALL
SELECT 'doubled', video_id, 'status ' || status
FROM (
    SELECT *, LAG(status) OVER (PARTITION BY video_id ORDER BY seq) AS before FROM told
    WHERE type NOT IN ('video.playable', 'video.deleted', 'transcript.ready', 'captions.replaced', 'captions.removed', 'poster.ready', 'poster.failed')
) AS steps WHERE status = before;
