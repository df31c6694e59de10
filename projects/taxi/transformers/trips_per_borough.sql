SELECT
  coalesce(borough, 'outside') AS borough,
  count(*) AS zones,
  sum(trips)::bigint AS trips,
  sum(total_amount) AS total_amount
FROM {{ df_1 }}
GROUP BY coalesce(borough, 'outside')
ORDER BY trips DESC
