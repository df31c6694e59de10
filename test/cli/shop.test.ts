import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { snapshotShape } from '../../src/cli/shapes/run.ts';
import { type Surroundings, surroundings } from '../support/program.ts';

type Row = Record<string, string>;

describe('the sample project shop', () => {
  let place: Surroundings;
  beforeAll(async () => {
    place = await surroundings();
  });
  afterAll(() => place.close());

  const rowsOf = (name: string): Row[] =>
    parse(readFileSync(join(place.root, 'projects/shop/data', `${name}.csv`)), { columns: true }) as Row[];

  const query = async (sql: string): Promise<Record<string, unknown>[]> => {
    const client = new pg.Client({ connectionString: place.environment.WAND_TEST_DATA_URL });
    await client.connect();
    try {
      return (await client.query(sql)).rows;
    } finally {
      await client.end();
    }
  };

  test('sums up what its files say, in one row a day however often it runs', async () => {
    const lines = pricedLines(rowsOf('orders'), rowsOf('order_lines'), rowsOf('products'));
    for (const _ of [1, 2]) {
      const { code, stdout, stderr } = await place.wand(['run', 'orders_daily', '--json', '--date', '2024-03-15']);
      expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' });
      const { blocks } = snapshotShape.parse(JSON.parse(stdout));
      expect(blocks.find(({ uuid }) => uuid === 'price_order_lines')).toMatchObject({
        rows: lines.length,
        tests: [{ passed: true }],
      });
    }
    const [summary, ...more] = await query(
      'select run_date::text, days, (revenue * 100)::int as cents from shop.summary',
    );
    expect(more).toEqual([]);
    expect(summary).toEqual({
      run_date: '2024-03-15',
      days: new Set(lines.map(({ day }) => day)).size,
      cents: sum(lines.map(({ cents }) => cents)),
    });
  });

  test('reports regions from the loaders that both pipelines share', async () => {
    const { code, stderr } = await place.wand(['run', 'orders_report', '--json']);
    expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' });
    const regions = new Map(rowsOf('customers').map(({ customer_id, region }) => [customer_id, region]));
    const counts = new Map<string, number>();
    for (const { customer_id } of rowsOf('orders')) {
      const region = regions.get(customer_id)!;
      counts.set(region, (counts.get(region) ?? 0) + 1);
    }
    const table = await query('select region, orders::int from shop.orders_report_orders_by_region_v1 order by region');
    expect(table).toEqual([...counts].sort().map(([region, orders]) => ({ region, orders })));
  });
});

/** Lines that count, in cents: integers, so that no rounding of floats gets into the comparison. */
const pricedLines = (orders: Row[], lines: Row[], products: Row[]): { day: string; cents: number }[] => {
  const order = new Map(orders.map((row) => [row.order_id, row]));
  const price = new Map(products.map((row) => [row.product_id, cents(row.unit_price!)]));
  return lines.flatMap(({ order_id, product_id, quantity, discount }) => {
    const { order_status, ordered_at } = order.get(order_id)!;
    const full = Number(quantity) * price.get(product_id)!;
    if (order_status === 'cancelled' || full < 200) return [];
    const hundredths = full * (100 - cents(discount || '0'));
    return [{ day: ordered_at!.slice(0, 10), cents: Math.floor((hundredths + 50) / 100) }];
  });
};

const cents = (text: string): number => {
  const [whole, fraction = ''] = text.split('.');
  return Number(whole) * 100 + Number(fraction.padEnd(2, '0'));
};

const sum = (values: number[]): number => values.reduce((total, value) => total + value, 0);
