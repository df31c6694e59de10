import { exporter, exportTable } from 'wand';

export default exporter(({ inputs: [trips] }) =>
  exportTable(trips, { profile: 'dev', schema: 'ny_taxi', table: 'yellow_cab_data', ifExists: 'replace' }),
);
