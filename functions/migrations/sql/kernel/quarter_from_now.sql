-- When a quarter begins (UTC): this one, or one so many after it.
CREATE OR REPLACE FUNCTION nexus.quarter_from_now(quarters integer) RETURNS timestamptz LANGUAGE sql STABLE PARALLEL SAFE
    RETURN (date_trunc('quarter', now() AT TIME ZONE 'UTC') + make_interval(months => 3 * quarters)) AT TIME ZONE 'UTC';
