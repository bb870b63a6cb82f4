-- What is stored of money as it is answered: the amount with all of the currency's digits.
CREATE OR REPLACE FUNCTION nexus.money(stored jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN jsonb_build_object('currency', stored -> 'currency', 'amount', round(
        (stored ->> 'amount')::numeric / 10 ^ (stored ->> 'scale')::numeric, (stored ->> 'scale')::integer)::text);
GRANT EXECUTE ON FUNCTION nexus.money TO nexus_app;
