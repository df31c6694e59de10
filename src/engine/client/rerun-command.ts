import type { RunRequest } from './start-run.ts';

/** The `wand run` that does the same as a request; `parentRun` is the run it builds on. */
export const rerunCommand = (request: RunRequest, parentRun: string | null): string => {
  const { project, pipeline, selection, code } = request;
  const words = [
    'wand',
    'run',
    `${project.uuid}/${pipeline.uuid}`,
    ...Object.entries(selection ?? {}).flatMap(([name, value]) =>
      value === true ? [`--${name}`] : [`--${name}`, String(value)],
    ),
    ...(parentRun === null ? [] : ['--run', parentRun]),
    ...(code === 'then' ? ['--code', 'then'] : []),
    ...settingWords(request),
  ];
  return commandLine(words);
};

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

/** Words as a shell reads them back. */
export const commandLine = (words: string[]): string => words.map(shellWord).join(' ');

/** As `--var` reads it back: JSON is YAML, plain text stays plain. */
export const variableText = (value: unknown): string =>
  typeof value === 'string' && /^[A-Za-z_./][\w./ :@-]*$/.test(value) && !isYamlWord(value)
    ? value
    : JSON.stringify(value);

/** Words that YAML 1.1 reads as something else than text, and texts with a meaning of their own there. */
const isYamlWord = (text: string): boolean =>
  /^(true|false|yes|no|on|off|null|~)$/i.test(text) || /: |:$| #|^[.]?[\d.]|^\.(inf|nan)$/i.test(text);

export const shellWord = (word: string): string =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
