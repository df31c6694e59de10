import { csv, loader } from 'wand';

export default loader(({ projectPath }) =>
  csv(`${projectPath}/data/customers.csv`, {
    types: { customer_id: 'integer', customer: 'text', region: 'text', customer_since: 'date' },
  }),
);
