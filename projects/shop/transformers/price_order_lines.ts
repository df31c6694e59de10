import { assert, sql, test, transformer } from 'wand';

/** Every line of an order that counts, with its product and what it brought in. */
export default transformer(({ inputs: [orders, lines, products], variables, log }) => {
  if (!orders || !lines || !products) throw new Error('needs orders, order lines and products, in this order');
  const minimum = Number(variables.minimum_amount ?? 0);
  log.info(`lines below ${minimum} are left out`);
  return sql`
    select o.order_id, o.customer_id, o.ordered_at, l.line, p.product, p.category, l.quantity,
           round(l.quantity * p.unit_price * (1 - coalesce(l.discount, 0)), 2) as amount
    from ${orders} o
    join ${lines} l using (order_id)
    join ${products} p using (product_id)
    where o.order_status <> 'cancelled' and l.quantity * p.unit_price >= ${minimum}
    order by o.order_id, l.line`;
});

test('every line has an amount', async (lines) => {
  for await (const row of lines.rows())
    assert(Number(row.amount) > 0, `order ${row.order_id}, line ${row.line}: ${row.amount}`);
});
