import type { ColumnProfile } from '../../src/model/profile.ts';
import type { DataDoor } from '../../src/tui/data-door.ts';
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
}
