import { assert, queryValue, sql, test, transformer } from 'wand';

export default transformer(async ({ inputs, log }) => {
  const [trips] = inputs;
  const empty = await queryValue<number>(sql`select count(*) from ${trips} where passenger_count = 0`);
  log.info(`dropping ${empty} of ${trips.rowCount} trips: passenger_count = 0`);
  // A trip whose passengers were not counted is kept: NULL is not zero.
  return sql`
    select
      VendorID::smallint as vendor_id,
      tpep_pickup_datetime::timestamp as tpep_pickup_datetime,
      tpep_dropoff_datetime::timestamp as tpep_dropoff_datetime,
      passenger_count::smallint as passenger_count,
      trip_distance::double as trip_distance,
      RatecodeID::smallint as ratecode_id,
      store_and_fwd_flag,
      PULocationID::smallint as pu_location_id,
      DOLocationID::smallint as do_location_id,
      payment_type::smallint as payment_type,
      fare_amount, extra, mta_tax, tip_amount, tolls_amount, improvement_surcharge, total_amount, congestion_surcharge
    from ${trips}
    where passenger_count is null or passenger_count <> 0`;
});

test('no trip without passengers is left', async (trips) => {
  const empty = await queryValue<number>(sql`select count(*) from ${trips} where passenger_count = 0`);
  assert(empty === 0, `${empty} trips have passenger_count = 0`);
});
