import { csv, loader, parquet } from 'wand';

// passenger_count and the codes are blank in a month's last rows; whole numbers all the same.
const types = {
  VendorID: 'smallint',
  tpep_pickup_datetime: 'timestamp',
  tpep_dropoff_datetime: 'timestamp',
  passenger_count: 'smallint',
  trip_distance: 'double',
  RatecodeID: 'smallint',
  store_and_fwd_flag: 'text',
  PULocationID: 'smallint',
  DOLocationID: 'smallint',
  payment_type: 'smallint',
  fare_amount: 'double',
  extra: 'double',
  mta_tax: 'double',
  tip_amount: 'double',
  tolls_amount: 'double',
  improvement_surcharge: 'double',
  total_amount: 'double',
  congestion_surcharge: 'double',
};

export default loader(({ variables, log }) => {
  const source = String(variables.source);
  log.info(`reading ${source}`);
  return source.endsWith('.parquet') ? parquet(source) : csv(source, { types });
});
