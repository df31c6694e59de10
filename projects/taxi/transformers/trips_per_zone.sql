-- df_1 is the table that export_trips has loaded, df_2 the zones.
SELECT
  zones.location_id,
  zones.borough,
  zones.zone_name,
  count(*) AS trips,
  round(avg(trips.trip_distance)::numeric, 2) AS average_miles,
  round(sum(trips.total_amount)::numeric, 2) AS total_amount
FROM {{ df_1 }} AS trips
JOIN {{ df_2 }} AS zones ON zones.location_id = trips.pu_location_id
GROUP BY zones.location_id, zones.borough, zones.zone_name
ORDER BY trips DESC, zones.location_id
