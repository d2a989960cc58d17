-- One more way to find a case: 'b:', an article, a space and the department, together.

INSERT INTO marks (mark, received_at, case_id)
    SELECT 'b:' || substr(m.mark, 3) || ' ' || c.sender_domain, m.received_at, m.case_id
    FROM marks m JOIN cases c ON c.id = m.case_id WHERE substr(m.mark, 1, 2) = 'a:';
