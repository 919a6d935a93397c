-- Writes down what must never happen (fence_fell, job_revived, video_reopened), and what may happen once to a video.

CREATE TABLE audit (what TEXT NOT NULL, id TEXT NOT NULL, detail TEXT NOT NULL);

CREATE FUNCTION audit_job() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.fence < OLD.fence THEN
        INSERT INTO audit VALUES ('fence_fell', NEW.id, OLD.fence || ' to ' || NEW.fence);
    END IF;
    IF OLD.state IN ('done', 'dead') AND NEW.state <> OLD.state THEN
        INSERT INTO audit VALUES ('job_revived', NEW.id, OLD.state || ' to ' || NEW.state);
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER audit_job AFTER UPDATE ON jobs FOR EACH ROW EXECUTE FUNCTION audit_job();

-- The detail is the fence that the job has at this moment: a publication by another one is a stale worker's.
CREATE FUNCTION audit_video() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.status IN ('completed', 'failed') AND NEW.status <> OLD.status THEN
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
