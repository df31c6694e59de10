import { sql, transformer } from 'wand';

/** What in the cleaned trips is odd, and how often: for a person to look at, nothing is dropped for it. */
export default transformer(({ inputs: [trips] }) => {
  return sql`
    with checks as (
      select
        count(*) filter (passenger_count is null) as passengers_not_counted,
        count(*) filter (trip_distance = 0) as no_distance,
        count(*) filter (trip_distance > 200) as over_200_miles,
        count(*) filter (total_amount < 0) as negative_total,
        count(*) filter (tpep_dropoff_datetime < tpep_pickup_datetime) as ends_before_start,
        count(*) filter (tpep_dropoff_datetime - tpep_pickup_datetime > interval 12 hours) as over_12_hours,
        count(*) filter (date_trunc('month', tpep_pickup_datetime) <> mode_month) as outside_the_month,
        count(*) as trips
      from ${trips}, (select mode(date_trunc('month', tpep_pickup_datetime)) as mode_month from ${trips})
    )
    select what, found, round(100.0 * found / nullif(trips, 0), 3)::double as percent
    from (unpivot checks on columns(* exclude trips) into name what value found)
    order by found desc, what`;
});
