SELECT vendorid, count(*) AS trips, round(sum(total_amount)::numeric, 2) AS total
FROM ny_taxi.yellow_taxi_data
GROUP BY vendorid
ORDER BY vendorid;
