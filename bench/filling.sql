-- What the scripts of bench.filling have in common. Where rows are many, each function that is not inlined costs.
-- A ULID of a time in milliseconds, and something in the same order for each kind of record.
CREATE FUNCTION pg_temp.ulid(ms bigint, kind text, n bigint) RETURNS text LANGUAGE sql IMMUTABLE
    RETURN substr('0123456789ABCDEFGHJKMNPQRSTVWXYZ', ((ms >> 45) & 31)::int + 1, 1)
        || substr('0123456789ABCDEFGHJKMNPQRSTVWXYZ', ((ms >> 40) & 31)::int + 1, 1)
        || substr('0123456789ABCDEFGHJKMNPQRSTVWXYZ', ((ms >> 35) & 31)::int + 1, 1)
        || substr('0123456789ABCDEFGHJKMNPQRSTVWXYZ', ((ms >> 30) & 31)::int + 1, 1)
        || substr('0123456789ABCDEFGHJKMNPQRSTVWXYZ', ((ms >> 25) & 31)::int + 1, 1)
        || substr('0123456789ABCDEFGHJKMNPQRSTVWXYZ', ((ms >> 20) & 31)::int + 1, 1)
        || substr('0123456789ABCDEFGHJKMNPQRSTVWXYZ', ((ms >> 15) & 31)::int + 1, 1)
        || substr('0123456789ABCDEFGHJKMNPQRSTVWXYZ', ((ms >> 10) & 31)::int + 1, 1)
        || substr('0123456789ABCDEFGHJKMNPQRSTVWXYZ', ((ms >> 5) & 31)::int + 1, 1)
        || substr('0123456789ABCDEFGHJKMNPQRSTVWXYZ', ((ms >> 0) & 31)::int + 1, 1)
        || kind || lpad(n::text, 15, '0');
-- From 0 up to 1, in no order.
CREATE FUNCTION pg_temp.u(n bigint, salt bigint) RETURNS float8 LANGUAGE sql IMMUTABLE
    RETURN ((hashint8extended(n, salt) >> 12) & 1048575) / 1048576::float8;
-- 400 words.
CREATE FUNCTION pg_temp.word_at(place integer) RETURNS text LANGUAGE sql IMMUTABLE
    RETURN (string_to_array('ba,che,dor,el,fi,gul,hem,ig,jor,ka,lun,mo,nak,os,pra,que,ri,st,tu,vi', ','))[1 + place % 20]
        || (string_to_array('lamp,ter,xon,pad,rine,sol,work,gate,mar,net,pin,dex,car,bo,zel,wire,hub,lo,fan,key', ','))
               [1 + place / 20];
-- One of them, the first ones often.
CREATE FUNCTION pg_temp.word(n bigint, salt bigint) RETURNS text LANGUAGE sql IMMUTABLE
    RETURN pg_temp.word_at(floor(400 ^ pg_temp.u(n, salt))::integer);

CREATE TEMPORARY TABLE owners AS
SELECT (place - 1)::int AS t, id FROM unnest(string_to_array('{tenants}', ',')) WITH ORDINALITY AS o (id, place);
