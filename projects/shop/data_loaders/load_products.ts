import { csv, loader } from 'wand';

export default loader(({ projectPath }) =>
  csv(`${projectPath}/data/products.csv`, {
    types: { product_id: 'text', product: 'text', category: 'text', unit_price: 'numeric(8,2)' },
  }),
);
