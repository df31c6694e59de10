import type { BlockLanguage } from '../model/project.ts';

/** Block types of Mage (mage-format.md 2.3). */
export const blockTypes: ReadonlySet<string> = new Set([
  'callback',
  'conditional',
  'chart',
  'custom',
  'data_exporter',
  'data_loader',
  'dbt',
  'dynamic_child',
  'extension',
  'global_data_product',
  'hook',
  'markdown',
  'scratchpad',
  'sensor',
  'transformer',
  'group',
  'pipeline',
]);

/** Types that a run leaves out (mage-format.md 2.3). Charts are kept apart; notes and scratchpads belong to the editor. */
export const notExecuted: ReadonlySet<string> = new Set(['chart', 'markdown', 'scratchpad']);

/** Language -> extension (mage-format.md 1.5); `typescript` is ours. */
export const extensions: Readonly<Record<BlockLanguage, string>> = {
  python: 'py',
  sql: 'sql',
  r: 'r',
  yaml: 'yaml',
  markdown: 'md',
  typescript: 'ts',
};

export const isLanguage = (text: string): text is BlockLanguage => Object.hasOwn(extensions, text);

/** Type -> languages that mean something for it (mage-format.md 3.3); python goes with every type. */
const languagesOfType: Readonly<Record<string, readonly BlockLanguage[]>> = {
  data_loader: ['sql', 'r', 'yaml', 'typescript'],
  transformer: ['sql', 'r', 'yaml', 'typescript'],
  data_exporter: ['sql', 'r', 'yaml', 'typescript'],
  custom: ['sql', 'typescript'],
  sensor: ['sql', 'typescript'],
  dbt: ['sql', 'yaml'],
  markdown: ['markdown'],
};

export const languageFits = (type: string, language: BlockLanguage): boolean =>
  language === 'python' || (languagesOfType[type] ?? []).includes(language);

/** Folder of a type's files (mage-format.md 1.3): the type + `s`, except `custom`. */
export const folderOfType = (type: string): string => (type === 'custom' ? 'custom' : `${type}s`);
