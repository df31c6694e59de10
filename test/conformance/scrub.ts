import type { Run } from '../../src/model/run.ts';
import { type ExactJson, isObject } from './exact-json.ts';

/** Replaces what differs from machine to machine or from run to run by the placeholders of the pack. */
export type Scrub = (value: ExactJson) => ExactJson;

/** Texts to replace everywhere, and texts to replace in values of one key only. */
export type Replacements = {
  pairs: [text: string, placeholder: string][];
  ofKey?: { [key: string]: [text: string, placeholder: string] };
  /** Id of the last run before the case: in a text that names a run it counts from there. */
  before?: number;
};

/** Longer texts first, so that a path inside another one is not cut. */
export const scrubber = ({ pairs, ofKey = {}, before = 0 }: Replacements): Scrub => {
  const ordered = pairs.filter(([text]) => text).sort(([one], [other]) => other.length - one.length);
  const scrubText = (text: string): string =>
    ordered
      .reduce((rest, [old, placeholder]) => rest.replaceAll(old, placeholder), text)
      .replaceAll(/0x[0-9a-f]{6,}/g, `0x${place('ADDRESS')}`)
      .replaceAll(/\bPipeline run (\d+) for\b/g, (_, id) => `Pipeline run ${Number(id) - before} for`);
  const scrub = (value: ExactJson, key?: string): ExactJson => {
    const own = key !== undefined && Object.hasOwn(ofKey, key) ? ofKey[key] : undefined;
    if (typeof value === 'string') return own ? value.replaceAll(own[0], own[1]) : scrubText(value);
    if (typeof value === 'number' && own && String(value) === own[0]) return Number(own[1]);
    if (Array.isArray(value)) return value.map((item) => scrub(item));
    if (!isObject(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [scrubText(name), scrub(item, name)]));
  };
  return (value) => scrub(value);
};

/** `${NAME}` */
export const place = (name: string): string => `\${${name}}`;

/**
 * What is a run's own: its dates as Python, Postgres and JSON write them, and its number, for which the number is put that the
 * run has among Mage's of the case (from 1).
 */
export const runReplacements = (run: Run, number: number, before: number): Required<Replacements> => {
  const [day, time] = run.executionDate.replace('Z', '').split('T') as [string, string];
  const [clock, milliseconds = '000'] = time.split('.') as [string, string?];
  const trimmed = milliseconds.replace(/0+$/, '');
  const forms = [`${clock}.${milliseconds}000`, `${clock}.${milliseconds}`, trimmed ? `${clock}.${trimmed}` : clock];
  // With Postgres as its orchestration database Mage's dates are aware as well (README of the pack).
  const zones = ['+00:00', '+00', 'Z', ''];
  const dates = ['T', ' '].flatMap((between) =>
    forms.flatMap((form) => zones.map((zone) => `${day}${between}${form}${zone}`)),
  );
  const stamp = `${day}T${clock}`.replaceAll(/[-:]/g, '');
  return {
    pairs: [
      [`${run.id}/${stamp}`, place('PARTITION')],
      ...dates.map((date): [string, string] => [date, place('EXECUTION_DATE')]),
      [day, place('DS')],
    ],
    before,
    ofKey: { hr: [run.executionDate.slice(11, 13), place('HR')], pipeline_run_id: [run.id, String(number)] },
  };
};
