-- What all tenants share: grades from pre-kindergarten to the twelfth, and what people are employed for.
INSERT INTO school_grade_levels (id, tenant_id, name, code, ordinal)
SELECT nexus.ulid(), nexus.root_tenant_id(), name, code, (place * 10)::integer
FROM unnest(
    ARRAY['Pre-kindergarten', 'Kindergarten', 'Grade 1', 'Grade 2', 'Grade 3', 'Grade 4', 'Grade 5', 'Grade 6',
          'Grade 7', 'Grade 8', 'Grade 9', 'Grade 10', 'Grade 11', 'Grade 12'],
    ARRAY['PK', 'KG', '01', '02', '03', '04', '05', '06', '07', '08', '09', '10', '11', '12']
) WITH ORDINALITY AS grade (name, code, place);

INSERT INTO employment_assignment_types (id, tenant_id, name)
SELECT nexus.ulid(), nexus.root_tenant_id(), name
FROM unnest(ARRAY[
    'Teacher', 'Substitute teacher', 'Principal', 'Assistant principal', 'Counselor', 'Librarian', 'Nurse',
    'Paraprofessional', 'Office staff', 'Technology staff', 'Maintenance staff', 'Coach'
]) AS name;
