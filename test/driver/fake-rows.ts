import type { Column } from '../../src/model/output.ts';

export const columns: Column[] = [
  { name: 'tpep_pickup_datetime', type: 'timestamp' },
  { name: 'passenger_count', type: 'int64' },
  { name: 'trip_distance', type: 'float64' },
  { name: 'pulocation_id', type: 'int64' },
  { name: 'payment_type', type: 'int64' },
  { name: 'note', type: 'text' },
  { name: 'fare_amount', type: 'float64' },
  { name: 'tip_amount', type: 'float64' },
  { name: 'total_amount', type: 'decimal(12,2)' },
  { name: 'vendor_id', type: 'int32' },
  { name: 'last_column', type: 'text' },
];

/** Row `index` of a made-up table: the same every time. */
export const fakeRow = (index: number): (string | number | null)[] => [
  `2021-01-${String((index % 28) + 1).padStart(2, '0')} ${String(index % 24).padStart(2, '0')}:41:07`,
  index % 7 === 3 ? null : (index % 6) + 1,
  Math.round(((index * 7919) % 40_000) / 10) / 10,
  (index * 31) % 265,
  index % 11 === 5 ? null : (index % 4) + 1,
  ['', 'airport 空港', 'naïve café', null, 'night'][index % 5]!,
  ((index * 13) % 6_000) / 100,
  ((index * 7) % 900) / 100,
  (((index * 17) % 9_000) / 100).toFixed(2),
  (index % 2) + 1,
  `end of row ${index + 1}`,
];
