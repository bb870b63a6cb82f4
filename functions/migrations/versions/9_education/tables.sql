-- Schools and years ---------------------------------------------------------------------------------

CREATE TABLE schools (
    LIKE nexus.tenant_record INCLUDING ALL,
    name text NOT NULL,
    code text,
    location_id text COLLATE "C",
    archived_at timestamptz,
    -- Whoever enrolls holds these against changes, and against no other.
    CONSTRAINT uq_schools_held UNIQUE (tenant_id, id, archived_at),
    CONSTRAINT fk_schools_location_id FOREIGN KEY (tenant_id, location_id) REFERENCES locations (tenant_id, id)
);
CREATE UNIQUE INDEX uq_schools_name ON schools (tenant_id, nexus.fold_unique(name)) WHERE archived_at IS NULL;
CREATE INDEX ix_schools_location_id ON schools (tenant_id, location_id, id);
SELECT nexus.protect('schools');
SELECT nexus.make_sortable('schools', 'name', 'code');
SELECT nexus.make_searchable('schools', 'name', 'code');

CREATE TABLE school_years (
    LIKE nexus.tenant_record INCLUDING ALL,
    name text NOT NULL,
    start_date date NOT NULL,
    end_date date NOT NULL,
    is_current boolean NOT NULL DEFAULT false,
    archived_at timestamptz,
    CONSTRAINT ck_school_years_dates CHECK (start_date < end_date),
    CONSTRAINT ck_school_years_current CHECK (NOT is_current OR archived_at IS NULL),
    -- Whoever enrolls holds these against changes, and against no other: the current year may move meanwhile.
    CONSTRAINT uq_school_years_held UNIQUE (tenant_id, id, start_date, end_date, archived_at)
);
CREATE UNIQUE INDEX uq_school_years_name ON school_years (tenant_id, nexus.fold_unique(name)) WHERE archived_at IS NULL;
CREATE UNIQUE INDEX uq_school_years_current ON school_years (tenant_id) WHERE is_current;
CREATE INDEX ix_school_years_start_date ON school_years (tenant_id, start_date, id);
CREATE INDEX ix_school_years_end_date ON school_years (tenant_id, end_date, id);
CREATE TRIGGER move_current BEFORE INSERT OR UPDATE OF is_current ON school_years
    FOR EACH ROW WHEN (NEW.is_current) EXECUTE FUNCTION nexus.move_current_year();
CREATE TRIGGER ck_school_years_enrollments AFTER UPDATE OF start_date, end_date ON school_years FOR EACH ROW
    WHEN (NEW.start_date > OLD.start_date OR NEW.end_date < OLD.end_date) EXECUTE FUNCTION nexus.keep_enrollments_in_year();
SELECT nexus.protect('school_years');
SELECT nexus.make_sortable('school_years', 'name');
SELECT nexus.make_searchable('school_years', 'name');

-- calendar_id is the school year.
CREATE TABLE school_calendars (
    LIKE nexus.tenant_record INCLUDING ALL,
    school_id text COLLATE "C" NOT NULL,
    calendar_id text COLLATE "C" NOT NULL,
    name text NOT NULL,
    CONSTRAINT uq_school_calendars_place UNIQUE (tenant_id, id, school_id, calendar_id),
    CONSTRAINT uq_school_calendars_school_id UNIQUE (tenant_id, school_id, id),
    CONSTRAINT fk_school_calendars_school_id FOREIGN KEY (tenant_id, school_id) REFERENCES schools (tenant_id, id),
    CONSTRAINT fk_school_calendars_calendar_id FOREIGN KEY (tenant_id, calendar_id)
        REFERENCES school_years (tenant_id, id)
);
CREATE UNIQUE INDEX uq_school_calendars_name ON school_calendars (tenant_id, school_id, calendar_id, nexus.fold_unique(name));
CREATE INDEX ix_school_calendars_calendar_id ON school_calendars (tenant_id, calendar_id, id);
CREATE TRIGGER ck_school_calendars_enrollments BEFORE UPDATE OF calendar_id ON school_calendars FOR EACH ROW
    WHEN (NEW.calendar_id <> OLD.calendar_id) EXECUTE FUNCTION nexus.keep_calendar_in_year();
SELECT nexus.protect('school_calendars');
SELECT nexus.make_sortable('school_calendars', 'name');
SELECT nexus.make_searchable('school_calendars', 'name');

CREATE TABLE school_grade_levels (
    LIKE nexus.tenant_record INCLUDING ALL,
    name text NOT NULL,
    code text NOT NULL,
    ordinal integer NOT NULL CONSTRAINT ck_school_grade_levels_ordinal CHECK (ordinal BETWEEN 0 AND 10000)
);
CREATE UNIQUE INDEX uq_school_grade_levels_name ON school_grade_levels (tenant_id, nexus.fold_unique(name));
CREATE INDEX ix_school_grade_levels_ordinal ON school_grade_levels (tenant_id, ordinal, id);
SELECT nexus.protect_catalog('school_grade_levels');
SELECT nexus.make_sortable('school_grade_levels', 'name', 'code');
SELECT nexus.make_searchable('school_grade_levels', 'name', 'code');

-- Enrollments ---------------------------------------------------------------------------------------

-- school_id and school_year_id are the calendar's, person_sort is the person's: triggers keep them, so that
-- one index finds by each and has a class in the order of its names. transferred_to_id is the one that a
-- transfer opened, previous_id the one that was before.
CREATE TABLE school_enrollments (
    LIKE nexus.tenant_record INCLUDING ALL,
    person_id text COLLATE "C" NOT NULL,
    calendar_id text COLLATE "C" NOT NULL,
    school_id text COLLATE "C" NOT NULL,
    school_year_id text COLLATE "C" NOT NULL,
    grade_level_id text COLLATE "C",
    status text COLLATE "C" NOT NULL DEFAULT 'enrolled' CONSTRAINT ck_school_enrollments_status CHECK (
        status IN ('enrolled', 'withdrawn', 'graduated', 'transferred')),
    entry_date date NOT NULL,
    exit_date date,
    exit_reason text,
    withdrawn_at timestamptz,
    graduated_at timestamptz,
    transferred_at timestamptz,
    previous_id text COLLATE "C",
    transferred_to_id text COLLATE "C",
    person_sort text COLLATE "C" NOT NULL DEFAULT '',
    CONSTRAINT ck_school_enrollments_dates CHECK (exit_date >= entry_date),
    CONSTRAINT ck_school_enrollments_exit CHECK (
        (status = 'enrolled') = (exit_date IS NULL) AND (exit_date IS NOT NULL OR exit_reason IS NULL)),
    CONSTRAINT ck_school_enrollments_left CHECK ((status = 'withdrawn') = (withdrawn_at IS NOT NULL)
        AND (status = 'graduated') = (graduated_at IS NOT NULL)
        AND (status = 'transferred') = (transferred_at IS NOT NULL)
        AND (status = 'transferred') = (transferred_to_id IS NOT NULL)),
    CONSTRAINT fk_school_enrollments_person_id FOREIGN KEY (tenant_id, person_id) REFERENCES persons (tenant_id, id),
    CONSTRAINT fk_school_enrollments_calendar_id FOREIGN KEY (tenant_id, calendar_id, school_id, school_year_id)
        REFERENCES school_calendars (tenant_id, id, school_id, calendar_id),
    CONSTRAINT fk_school_enrollments_previous_id FOREIGN KEY (tenant_id, previous_id)
        REFERENCES school_enrollments (tenant_id, id),
    CONSTRAINT fk_school_enrollments_transferred_to_id FOREIGN KEY (tenant_id, transferred_to_id)
        REFERENCES school_enrollments (tenant_id, id) DEFERRABLE INITIALLY DEFERRED
);
CREATE UNIQUE INDEX uq_school_enrollments_live ON school_enrollments (tenant_id, person_id, calendar_id)
    WHERE status = 'enrolled';
CREATE UNIQUE INDEX uq_school_enrollments_successor ON school_enrollments (tenant_id, previous_id)
    WHERE status = 'enrolled';
CREATE INDEX ix_school_enrollments_person_id ON school_enrollments (tenant_id, person_id, id);
CREATE INDEX ix_school_enrollments_calendar_id ON school_enrollments (tenant_id, calendar_id, id);
CREATE INDEX ix_school_enrollments_school_id ON school_enrollments (tenant_id, school_id, id);
CREATE INDEX ix_school_enrollments_school_year_id ON school_enrollments (tenant_id, school_year_id, id)
    INCLUDE (entry_date, exit_date);
CREATE INDEX ix_school_enrollments_school_in_year ON school_enrollments (tenant_id, school_id, school_year_id, id)
    INCLUDE (entry_date, exit_date);
CREATE INDEX ix_school_enrollments_grade_level_id ON school_enrollments (grade_level_id, tenant_id, id);
CREATE INDEX ix_school_enrollments_status ON school_enrollments (tenant_id, status, id);
CREATE INDEX ix_school_enrollments_status_in_year ON school_enrollments (tenant_id, school_year_id, status, id);
CREATE INDEX ix_school_enrollments_previous_id ON school_enrollments (tenant_id, previous_id, id);
CREATE INDEX ix_school_enrollments_transferred_to_id ON school_enrollments (tenant_id, transferred_to_id, id);
CREATE INDEX ix_school_enrollments_entry_date ON school_enrollments (tenant_id, entry_date, id);
CREATE INDEX ix_school_enrollments_exit_date ON school_enrollments (tenant_id, exit_date, id);
CREATE INDEX ix_school_enrollments_times ON school_enrollments (tenant_id, id) INCLUDE (updated_at, entry_date, exit_date);
-- A year's dates are looked at against those of its enrollments too.
CREATE INDEX ix_school_enrollments_entry_in_year ON school_enrollments (tenant_id, school_year_id, entry_date, id);
CREATE INDEX ix_school_enrollments_exit_in_year ON school_enrollments (tenant_id, school_year_id, exit_date, id);
CREATE INDEX ix_school_enrollments_updated_in_year ON school_enrollments (tenant_id, school_year_id, updated_at, id);
CREATE INDEX ix_school_enrollments_person_sort ON school_enrollments (tenant_id, person_sort, id);
CREATE INDEX ix_school_enrollments_names_of_school ON school_enrollments (tenant_id, school_id, person_sort, id);
CREATE INDEX ix_school_enrollments_names_of_year ON school_enrollments (tenant_id, school_year_id, person_sort, id)
    INCLUDE (entry_date, exit_date);
CREATE INDEX ix_school_enrollments_names_of_school_in_year
    ON school_enrollments (tenant_id, school_id, school_year_id, person_sort, id) INCLUDE (entry_date, exit_date);
CREATE INDEX ix_school_enrollments_names_of_calendar ON school_enrollments (tenant_id, calendar_id, person_sort, id);
-- A calendar is in one school and one year: else the planner takes what has all three for rarer than it is.
CREATE STATISTICS st_school_enrollments_calendar_id (dependencies)
    ON calendar_id, school_id, school_year_id, tenant_id FROM school_enrollments;
CREATE TRIGGER prepare BEFORE INSERT
    OR UPDATE OF person_id, calendar_id, school_id, school_year_id, entry_date, exit_date ON school_enrollments
    FOR EACH ROW WHEN (NEW.calendar_id IS NOT NULL) EXECUTE FUNCTION nexus.prepare_enrollment();
SELECT nexus.protect('school_enrollments', uncounted => 'person_sort', derived => 'school_id,school_year_id');
SELECT nexus.reference_catalog('school_enrollments', 'grade_level_id', 'school_grade_levels');

CREATE TRIGGER follow_name AFTER UPDATE ON persons FOR EACH ROW
    WHEN (OLD.sort_name_sort IS DISTINCT FROM NEW.sort_name_sort) EXECUTE FUNCTION nexus.rename_enrolled();

-- Employments ---------------------------------------------------------------------------------------

CREATE TABLE employment_assignment_types (
    LIKE nexus.tenant_record INCLUDING ALL,
    name text NOT NULL
);
CREATE UNIQUE INDEX uq_employment_assignment_types_name ON employment_assignment_types (tenant_id, nexus.fold_unique(name));
SELECT nexus.protect_catalog('employment_assignment_types');
SELECT nexus.make_sortable('employment_assignment_types', 'name');
SELECT nexus.make_searchable('employment_assignment_types', 'name');

CREATE TABLE school_employments (
    LIKE nexus.tenant_record INCLUDING ALL,
    person_id text COLLATE "C" NOT NULL,
    school_id text COLLATE "C",
    title text,
    status text COLLATE "C" NOT NULL DEFAULT 'pending' CONSTRAINT ck_school_employments_status CHECK (
        status IN ('pending', 'hired', 'terminated', 'retired')),
    hire_date date,
    end_date date,
    end_reason text,
    hired_at timestamptz,
    terminated_at timestamptz,
    retired_at timestamptz,
    CONSTRAINT ck_school_employments_dates CHECK (end_date >= hire_date),
    CONSTRAINT ck_school_employments_hired CHECK (
        (status <> 'pending') = (hire_date IS NOT NULL) AND (status <> 'pending') = (hired_at IS NOT NULL)),
    CONSTRAINT ck_school_employments_ended CHECK ((status IN ('terminated', 'retired')) = (end_date IS NOT NULL)
        AND (end_date IS NOT NULL OR end_reason IS NULL)
        AND (status = 'terminated') = (terminated_at IS NOT NULL) AND (status = 'retired') = (retired_at IS NOT NULL)),
    CONSTRAINT uq_school_employments_person_id UNIQUE (tenant_id, id, person_id),
    CONSTRAINT fk_school_employments_person_id FOREIGN KEY (tenant_id, person_id) REFERENCES persons (tenant_id, id),
    CONSTRAINT fk_school_employments_school_id FOREIGN KEY (tenant_id, school_id) REFERENCES schools (tenant_id, id)
);
CREATE INDEX ix_school_employments_person_id ON school_employments (tenant_id, person_id, id);
CREATE INDEX ix_school_employments_school_id ON school_employments (tenant_id, school_id, id);
CREATE INDEX ix_school_employments_status ON school_employments (tenant_id, status, id);
CREATE INDEX ix_school_employments_hire_date ON school_employments (tenant_id, hire_date, id);
CREATE INDEX ix_school_employments_end_date ON school_employments (tenant_id, end_date, id);
CREATE TRIGGER follow_status AFTER UPDATE OF status, hire_date, end_date ON school_employments
    FOR EACH ROW EXECUTE FUNCTION nexus.follow_employment();
SELECT nexus.protect('school_employments');
SELECT nexus.make_sortable('school_employments', 'title');
SELECT nexus.make_searchable('school_employments', 'title');

-- person_id is the employment's. What was ended before it began has no start.
CREATE TABLE school_employment_assignments (
    LIKE nexus.tenant_record INCLUDING ALL,
    employment_id text COLLATE "C" NOT NULL,
    person_id text COLLATE "C" NOT NULL,
    school_id text COLLATE "C" NOT NULL,
    calendar_id text COLLATE "C",
    type_id text COLLATE "C" NOT NULL,
    status text COLLATE "C" NOT NULL DEFAULT 'planned' CONSTRAINT ck_school_employment_assignments_status CHECK (
        status IN ('planned', 'active', 'ended')),
    start_date date,
    end_date date,
    started_at timestamptz,
    ended_at timestamptz,
    CONSTRAINT ck_school_employment_assignments_dates CHECK (end_date >= start_date),
    CONSTRAINT ck_school_employment_assignments_start CHECK (status <> 'active' OR start_date IS NOT NULL),
    CONSTRAINT ck_school_employment_assignments_end CHECK (status <> 'ended' OR end_date IS NOT NULL),
    CONSTRAINT ck_school_employment_assignments_steps CHECK ((status = 'ended') = (ended_at IS NOT NULL)
        AND (status = 'planned' AND started_at IS NULL OR status = 'active' AND started_at IS NOT NULL OR status = 'ended')),
    CONSTRAINT fk_school_employment_assignments_employment_id FOREIGN KEY (tenant_id, employment_id, person_id)
        REFERENCES school_employments (tenant_id, id, person_id),
    CONSTRAINT fk_school_employment_assignments_school_id FOREIGN KEY (tenant_id, school_id)
        REFERENCES schools (tenant_id, id),
    CONSTRAINT fk_school_employment_assignments_calendar_id FOREIGN KEY (tenant_id, school_id, calendar_id)
        REFERENCES school_calendars (tenant_id, school_id, id)
);
CREATE INDEX ix_school_employment_assignments_employment_id ON school_employment_assignments (tenant_id, employment_id, id);
CREATE INDEX ix_school_employment_assignments_person_id ON school_employment_assignments (tenant_id, person_id, id);
CREATE INDEX ix_school_employment_assignments_school_id ON school_employment_assignments (tenant_id, school_id, id);
CREATE INDEX ix_school_employment_assignments_calendar_id ON school_employment_assignments (tenant_id, calendar_id, id);
CREATE INDEX ix_school_employment_assignments_type_id ON school_employment_assignments (type_id, tenant_id, id);
CREATE INDEX ix_school_employment_assignments_status ON school_employment_assignments (tenant_id, status, id);
CREATE INDEX ix_school_employment_assignments_start_date ON school_employment_assignments (tenant_id, start_date, id);
CREATE INDEX ix_school_employment_assignments_end_date ON school_employment_assignments (tenant_id, end_date, id);
CREATE TRIGGER prepare BEFORE INSERT
    OR UPDATE OF employment_id, person_id, status, start_date, end_date ON school_employment_assignments
    FOR EACH ROW WHEN (NEW.employment_id IS NOT NULL) EXECUTE FUNCTION nexus.prepare_employment_assignment();
SELECT nexus.protect('school_employment_assignments', derived => 'person_id');
SELECT nexus.reference_catalog('school_employment_assignments', 'type_id', 'employment_assignment_types');
