-- A stock's thousand events put it to a place once.
DROP TRIGGER follow_place ON asset_circulations;
CREATE TRIGGER follow_place AFTER INSERT ON asset_circulations REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION nexus.follow_circulation();

-- Of a model with more assets it is said at once that its type and manufacturer stay, not when the time is up.
DROP TRIGGER carry ON asset_models;
CREATE TRIGGER carry AFTER UPDATE OF manufacturer_id, asset_type_id ON asset_models FOR EACH ROW
    WHEN ((OLD.manufacturer_id, OLD.asset_type_id) IS DISTINCT FROM (NEW.manufacturer_id, NEW.asset_type_id))
    EXECUTE FUNCTION nexus.carry_model('20000');

SELECT nexus.keep_from_app('asset_repairs', 'issue_version'),
       nexus.keep_from_app('asset_types', 'tree'),
       nexus.keep_from_app('assets', 'tracking_type', 'asset_type_id', 'manufacturer_id', 'person_id', 'location_id',
                           'quantity_out', 'open_repair_count'),
       nexus.keep_from_app('issues', 'key', 'number', 'previous_keys', 'kind', 'category', 'closed_at'),
       nexus.keep_from_app('locations', 'tree', 'path'),
       nexus.keep_from_app('persons', 'name', 'sort_name', 'names'),
       nexus.keep_from_app('school_employment_assignments', 'person_id'),
       nexus.keep_from_app('school_enrollments', 'person_sort', 'school_id', 'school_year_id');
