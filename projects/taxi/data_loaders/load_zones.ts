import { assert, csv, loader, sql, test } from 'wand';

export default loader(({ variables }) => {
  const zones = csv(String(variables.zones), { types: { LocationID: 'smallint' } });
  return sql`
    select
      LocationID as location_id,
      nullif(Borough, 'N/A') as borough,
      nullif(Zone, 'N/A') as zone_name,
      nullif(service_zone, 'N/A') as service_zone
    from ${zones}
    order by location_id`;
});

test('every zone of the city is there', (zones) => {
  assert(zones.rowCount === 265, `${zones.rowCount} zones instead of 265`);
});
