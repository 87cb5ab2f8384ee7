-- Names whose meaning engines disagree on; the models use only these. A line `-- spark:` behind a
-- macro is its expression on Spark, where that is not carried over from the one above.
CREATE OR REPLACE MACRO percentile(x, p) AS quantile_cont(x, p);
-- spark: "percentile"(x, p)
CREATE OR REPLACE MACRO days_between(a, b) AS date_diff('day', a, b);
CREATE OR REPLACE MACRO days_after(d, n) AS d + CAST(n AS INTEGER);
CREATE OR REPLACE MACRO whole(x) AS CASE WHEN x = floor(x) THEN CAST(x AS BIGINT) END;
CREATE OR REPLACE MACRO title_key(x) AS regexp_replace(x, '[^0-9A-Za-z\x{3400}-\x{9FFF}]', '', 'g');
CREATE OR REPLACE MACRO fingerprint(a, b, c, d, e, f) AS hash(a, b, c, d, e, f);
-- spark: xxhash64(a, b, c, d, e, f)
