import type { OutputDiff } from '../../src/model/diff.ts';
import type { ColumnProfile } from '../../src/model/profile.ts';
import type { QueryResult } from '../../src/model/query.ts';
import { WandError } from '../../src/problem/wand-error.ts';
import type { DataDoor, ExportRequest } from '../../src/tui/data-door.ts';
import { columns } from './fake-rows.ts';

/** A door to made-up data. */
export class FakeData implements DataDoor {
  readonly profiled: string[] = [];
  kept: object | null = null;
  typed = {
    read: (): unknown => this.kept,
    write: (value: object): void => {
      this.kept = structuredClone(value);
    },
  };

  profile: DataDoor['profile'] = async (_target, name): Promise<ColumnProfile> => {
    this.profiled.push(name);
    const { type } = columns.find((column) => column.name === name)!;
    return {
      name,
      type,
      rows: 1_000,
      nulls: name === 'passenger_count' ? 143 : 0,
      distinct: 6,
      approximate: false,
      sampled: false,
      min: '0',
      max: '9',
      mean: type.startsWith('float') ? 4.63 : null,
      quantiles: [
        { p: 0.5, value: '1.71' },
        { p: 0.95, value: '10.9' },
      ],
      top: [{ value: '0.9', count: 300, condition: `"${name}" = 0.9` }],
      bars: [
        { label: '0–2', count: 600, condition: `"${name}" < 2` },
        { label: '2–5', count: 300, condition: `"${name}" >= 2 AND "${name}" < 5` },
        { label: '5–', count: 100, condition: `"${name}" >= 5` },
      ],
    };
  };

  readonly exported: ExportRequest[] = [];
  readonly exportedFrom: Parameters<DataDoor['exportRows']>[0][] = [];
  exportRows: DataDoor['exportRows'] = async (source, request) => {
    this.exportedFrom.push(source);
    this.exported.push(request);
    if (request.path === 'there.csv' && !request.replace)
      throw new WandError('file-exists', 'there.csv is there already', { fix: 'give another path' });
    return { rows: 1_234, path: `/home/me/${request.path}` };
  };

  readonly compared: { left: string; right: string; key: readonly string[] }[] = [];
  diff: DataDoor['diff'] = async (left, right, key): Promise<OutputDiff> => {
    this.compared.push({ left: left.runId, right: right.runId, key });
    return {
      leftRows: 100,
      rightRows: 101,
      key: key.length > 0 ? [...key] : ['trip_id'],
      added: 2,
      removed: 1,
      changed: 1,
      same: 98,
      schema: [{ column: 'tip', left: 'int64', right: 'float64' }],
      changedColumns: [{ column: 'fare', rows: 1 }],
      columns: [
        { name: 'trip_id', type: 'int64' },
        { name: 'zone', type: 'text' },
        { name: 'fare', type: 'float64' },
      ],
      samples: {
        added: [
          [101, 'Harlem', 5],
          [102, null, 6],
        ],
        removed: [[7, 'Astoria', 1]],
        changed: [{ left: [9, 'Bronx', 1.5], right: [9, 'Bronx', 2.5] }],
      },
    };
  };

  charts: DataDoor['charts'] = async () => [
    {
      uuid: 'borough_chart',
      name: 'borough_chart',
      type: 'bar chart',
      block: 'trips_per_zone',
      chart: {
        kind: 'bars',
        groups: ['borough'],
        x: [['Bronx'], ['Queens'], [null]],
        series: [{ name: 'sum of trips', values: [500, 1_000] }],
      },
      reason: null,
    },
    {
      uuid: 'drawn_by_hand',
      name: 'drawn_by_hand',
      type: 'custom',
      block: 'trips_per_zone',
      chart: null,
      reason: 'a chart of type custom cannot be drawn here',
    },
  ];

  profiles: DataDoor['profiles'] = async () => ['dev', 'warehouse'];

  readonly statements: { sql: string; write: boolean; profile: string | null }[] = [];
  /** What the next statement answers, or throws. */
  answer: QueryResult | Error | 'never' = {
    command: 'SELECT',
    columns: [
      { name: 'zone', type: 'text' },
      { name: 'trips', type: 'int64' },
    ],
    rows: [
      ['Harlem', '9'],
      ['Astoria', '10'],
    ],
    affected: 2,
    truncated: false,
  };
  runSql: DataDoor['runSql'] = async (_project, sql, { write, profile, signal }) => {
    this.statements.push({ sql, write, profile });
    if (this.answer === 'never')
      return new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('cancelled'))));
    if (this.answer instanceof Error) throw this.answer;
    return this.answer;
  };

  describeTable: DataDoor['describeTable'] = async () => ({
    columns: [
      { name: 'zone_id', type: 'int64', nullable: false, default: null },
      { name: 'borough', type: 'text', nullable: true, default: "'none'::text" },
    ],
    indexes: [
      {
        name: 'zones_pkey',
        definition: 'CREATE UNIQUE INDEX zones_pkey ON ny_taxi.zones USING btree (zone_id)',
        unique: true,
        primary: true,
        bytes: 16_384,
      },
    ],
  });
}
