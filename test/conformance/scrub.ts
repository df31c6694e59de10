import type { Run } from '../../src/model/run.ts';
import { type ExactJson, isObject } from './exact-json.ts';

/** Replaces what differs from machine to machine or from run to run by the placeholders of the pack. */
export type Scrub = (value: ExactJson) => ExactJson;

/** Longer texts first, so that a path inside another one is not cut. `hour` is replaced in values of the key `hr` only. */
export const scrubber = (pairs: [text: string, placeholder: string][], hour?: string): Scrub => {
  const ordered = pairs.filter(([text]) => text).sort(([one], [other]) => other.length - one.length);
  const scrubText = (text: string): string =>
    ordered
      .reduce((rest, [old, placeholder]) => rest.replaceAll(old, placeholder), text)
      .replaceAll(/0x[0-9a-f]{6,}/g, `0x${place('ADDRESS')}`);
  const scrub = (value: ExactJson, key?: string): ExactJson => {
    if (typeof value === 'string') return key === 'hr' && hour ? value.replaceAll(hour, place('HR')) : scrubText(value);
    if (Array.isArray(value)) return value.map((item) => scrub(item));
    if (!isObject(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [scrubText(name), scrub(item, name)]));
  };
  return (value) => scrub(value);
};

/** `${NAME}` */
export const place = (name: string): string => `\${${name}}`;

/** Dates of a run as Python, Postgres and JSON write them. */
export const runPairs = (run: Run): [string, string][] => {
  const [day, time] = run.executionDate.replace('Z', '').split('T') as [string, string];
  const [clock, milliseconds = '000'] = time.split('.') as [string, string?];
  const trimmed = milliseconds.replace(/0+$/, '');
  const forms = [`${clock}.${milliseconds}000`, `${clock}.${milliseconds}`, trimmed ? `${clock}.${trimmed}` : clock];
  const stamp = `${day}T${clock}`.replaceAll(/[-:]/g, '');
  return [
    [`${run.id}/${stamp}`, place('PARTITION')],
    // With Postgres as its orchestration database Mage's dates are aware as well (README of the pack).
    ...['T', ' '].flatMap((between) =>
      forms.flatMap((form) =>
        ['+00:00', '+00', 'Z', ''].map((zone): [string, string] => [
          `${day}${between}${form}${zone}`,
          place('EXECUTION_DATE'),
        ]),
      ),
    ),
    [day, place('DS')],
  ];
};

export const runHour = (run: Run): string => run.executionDate.slice(11, 13);
