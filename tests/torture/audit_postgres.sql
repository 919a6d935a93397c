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
    IF OLD.publication IS DISTINCT FROM NEW.publication THEN
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
