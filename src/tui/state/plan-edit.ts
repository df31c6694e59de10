import { variableText } from '../../engine/client/rerun-command.ts';
import { shellWords } from '../../engine/client/shell-words.ts';
import { parseYaml } from '../../project/yaml.ts';
import type { RerunRequest } from '../workbench-source.ts';
import { commandLine } from './command-line.ts';
import type { PlanDialog, PlanEdit } from './dialog.ts';

/** A field of the plan as a line to edit: `source=trips.csv count=3`, or a date. */
export const planEdit = ({ request, plan }: PlanDialog, field: PlanEdit['field']): PlanEdit => {
  if (field === 'date') {
    const date = request.date ?? plan?.executionDate ?? new Date().toISOString();
    return { field, text: date.replace(/T00:00:00(\.000)?Z$/, ''), problem: null };
  }
  const variables = { ...plan?.variables, ...request.variables };
  const words = Object.entries(variables).map(([name, value]) => `${name}=${variableText(value)}`);
  return { field, text: words.length > 0 ? `${commandLine(...words)} ` : '', problem: null };
};

/** The request with an edited field; throws a message for people where the line cannot be read. */
export const edited = ({ request, plan }: PlanDialog, { field, text }: PlanEdit): RerunRequest => {
  if (field === 'date') return { ...request, date: isoDate(text.trim()) };
  const given = Object.fromEntries(shellWords(text).map(variableOf));
  const removed = Object.keys(plan?.variables ?? {}).filter((name) => !(name in given));
  if (removed.length > 0 && request.runId !== undefined)
    throw new Error(
      `${removed.join(', ')} comes from run ${request.runId}: give it another value, it cannot be left out`,
    );
  return { ...request, variables: given };
};

const isoDate = (text: string): string => {
  const withZone = /[zZ]|[+-]\d\d:?\d\d$/.test(text.slice(10))
    ? text
    : `${text.length <= 10 ? `${text}T00:00:00` : text}Z`;
  const date = /^\d{4}-\d\d-\d\d/.test(text) ? new Date(withZone) : new Date(Number.NaN);
  if (Number.isNaN(date.getTime()))
    throw new Error(`${text || 'nothing'} is no date; for example 2021-01-31 or 2021-01-31T06:00`);
  return date.toISOString();
};

const variableOf = (word: string): [string, unknown] => {
  const at = word.indexOf('=');
  if (at < 1) throw new Error(`${word}: expected name=value`);
  return [word.slice(0, at), yamlValue(word.slice(at + 1))];
};

/** As `--var` reads it: `3`, `true`, `[1, 2]`, else text. */
const yamlValue = (text: string): unknown => {
  try {
    return parseYaml(text, { file: 'variables' }).value ?? text;
  } catch {
    return text;
  }
};
