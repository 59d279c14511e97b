-- Results name their item by its number, too, which spares whoever reads all of them a look at the code for each: codes are read once.
CREATE OR REPLACE VIEW analysis_observation WITH (security_barrier) AS
SELECT a.person, date_trunc('month', o.exam_date::timestamp)::date AS month, o.program, i.code AS item, i.unit, o.value, o.choice,
       o.absent, o.flag, a.number, o.item AS item_number
FROM analysed a JOIN observation o ON o.token = a.token LEFT JOIN item i ON i.id = o.item;

-- No member column.
CREATE VIEW analysis_item WITH (security_barrier) AS
SELECT id, code FROM item;
