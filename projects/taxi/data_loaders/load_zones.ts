import { assert, csv, loader, sql, test } from 'wand';

export default loader(
  ({ variables }) => sql`
    select LocationID as location_id, Borough as borough, Zone as zone_name, service_zone
    from ${csv(String(variables.zones), { types: { LocationID: 'smallint' }, nullText: 'N/A' })}
    order by location_id`,
);

test('every zone of the city is there', (zones) => {
  assert(zones.rowCount === 265, `${zones.rowCount} zones instead of 265`);
});
