-- Names whose meaning engines disagree on. Spark has PERCENTILE of its own and gets functions of
-- the other names; the models use only these.
CREATE OR REPLACE MACRO percentile(x, p) AS quantile_cont(x, p);
CREATE OR REPLACE MACRO days_between(a, b) AS date_diff('day', a, b);
CREATE OR REPLACE MACRO whole(x) AS CASE WHEN x = floor(x) THEN CAST(x AS BIGINT) END;
