import type { RunRequest } from './start-run.ts';

type RunWords = Pick<RunRequest, 'selection' | 'code' | 'variables' | 'executionDate' | 'settings'>;

/** The `wand run` that asks for a run; `pipeline` as a command names it, `parentRun` is the run that it builds on. */
export const runLine = (pipeline: string, request: RunWords, parentRun: string | null): string =>
  commandLine(
    ...['wand', 'run', pipeline],
    ...Object.entries(request.selection ?? {}).flatMap(([name, value]) =>
      value === true ? [`--${name}`] : [`--${name}`, String(value)],
    ),
    ...(parentRun === null ? [] : ['--run', parentRun]),
    ...(request.code === 'then' ? ['--code', 'then'] : []),
    ...settingWords(request),
  );

/** The options that say with what a run is made. */
export const settingWords = ({
  variables = {},
  executionDate,
  settings,
}: Pick<RunRequest, 'variables' | 'executionDate' | 'settings'>): string[] => [
  ...Object.entries(variables).flatMap(([name, value]) => ['--var', `${name}=${variableText(value)}`]),
  ...(executionDate ? ['--date', executionDate.toISOString()] : []),
  ...(settings?.retries === undefined ? [] : ['--retries', String(settings.retries)]),
  ...(settings?.runTests === false ? ['--no-tests'] : []),
];

/** Words as one line that a POSIX shell reads back as the same words. */
export const commandLine = (...words: readonly string[]): string => words.map(shellWord).join(' ');

/** As `--var` reads it back: JSON is YAML, plain text stays plain. */
export const variableText = (value: unknown): string =>
  typeof value === 'string' && /^[A-Za-z_./][\w./ :@-]*$/.test(value) && !isYamlWord(value)
    ? value
    : JSON.stringify(value);

/** Words that YAML 1.1 reads as something else than text, and texts with a meaning of their own there. */
const isYamlWord = (text: string): boolean =>
  /^(true|false|yes|no|on|off|null|~)$/i.test(text) || /: |:$| #|^[.]?[\d.]|^\.(inf|nan)$/i.test(text);

const shellWord = (word: string): string =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
