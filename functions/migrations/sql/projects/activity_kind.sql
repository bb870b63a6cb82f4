-- What an event was, as people would say it.
CREATE OR REPLACE FUNCTION nexus.activity_kind(resource text, action text, changes jsonb) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE resource || ' ' || action
        WHEN 'issues insert' THEN 'created'
        WHEN 'issues update' THEN CASE
            WHEN changes ? 'status_id' THEN 'transitioned'
            WHEN changes ? 'archived_at' THEN
                CASE WHEN jsonb_typeof(changes -> 'archived_at' -> 1) = 'null' THEN 'restored' ELSE 'archived' END
            ELSE 'changed' END
        WHEN 'comments insert' THEN 'commented'
        WHEN 'comments update' THEN 'comment_edited'
        WHEN 'comments delete' THEN 'comment_deleted'
        WHEN 'attachments insert' THEN 'attached'
        WHEN 'attachments delete' THEN 'detached'
        WHEN 'links insert' THEN 'linked'
        WHEN 'links delete' THEN 'unlinked'
        WHEN 'watchers insert' THEN 'watched'
        WHEN 'watchers delete' THEN 'unwatched'
        ELSE 'changed' END;
GRANT EXECUTE ON FUNCTION nexus.activity_kind TO nexus_app;
