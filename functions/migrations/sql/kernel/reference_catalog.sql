-- A column that names a record of a catalog: a foreign key, and beyond it a record of the row's own
-- tenant or of the root tenant. A trigger looks at whose it is, for the key can name no two tenants;
-- whose a record is never changes. owner: the row's tenant, as the trigger sees it.
CREATE OR REPLACE FUNCTION nexus.reference_catalog(
    relation regclass, referring text, catalog regclass, on_delete text DEFAULT 'NO ACTION',
    owner text DEFAULT 'NEW.tenant_id'
) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    name constant text := (SELECT relname FROM pg_class WHERE oid = relation);
    key constant text := format('fk_%s_%s', name, referring);
    watched constant text := concat_ws(', ', quote_ident(referring), substring(owner FROM '^NEW\.(.*)'));
BEGIN
    EXECUTE format('ALTER TABLE %s ADD CONSTRAINT %I FOREIGN KEY (%I) REFERENCES %s ON DELETE %s',
                   relation, key, referring, catalog, on_delete);
    EXECUTE format($function$
        CREATE FUNCTION nexus.%1$I() RETURNS trigger
        LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $check$
        BEGIN
            IF EXISTS (SELECT FROM %2$s WHERE id = NEW.%3$I
                       AND tenant_id IS DISTINCT FROM %4$s AND tenant_id <> nexus.root_tenant_id()) THEN
                RAISE EXCEPTION USING ERRCODE = 'foreign_key_violation', CONSTRAINT = TG_ARGV[0],
                    TABLE = TG_TABLE_NAME, MESSAGE = 'a record of a catalog is another tenant''s';
            END IF;
            RETURN NULL;
        END $check$
        $function$, 'check_' || name || '_' || referring, catalog, referring, owner);
    EXECUTE format('CREATE TRIGGER %I AFTER INSERT OR UPDATE OF %s ON %s FOR EACH ROW '
                   'WHEN (NEW.%I IS NOT NULL) EXECUTE FUNCTION nexus.%I(%L)',
                   key, watched, relation, referring, 'check_' || name || '_' || referring, key);
END $$;
