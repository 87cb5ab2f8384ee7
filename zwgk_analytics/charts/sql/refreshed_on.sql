-- The day of the newest refresh that the marts come from.
SELECT CAST(max(finished_at) AS DATE) AS refreshed_on FROM refreshes
