import { csv, loader } from 'wand';

/** What was ordered: one row a product. No discount is an empty field. */
export default loader(({ projectPath }) =>
  csv(`${projectPath}/data/order_lines.csv`, {
    types: { order_id: 'integer', line: 'integer', product_id: 'text', quantity: 'integer', discount: 'numeric(3,2)' },
  }),
);
