import { csv, loader } from 'wand';

/** Orders of two weeks; an order that has not left yet has no `shipped_at`. */
export default loader(({ projectPath }) =>
  csv(`${projectPath}/data/orders.csv`, {
    types: {
      order_id: 'integer',
      customer_id: 'integer',
      ordered_at: 'timestamp',
      order_status: 'text',
      shipped_at: 'timestamp',
    },
  }),
);
