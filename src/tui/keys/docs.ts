import { actions, contextNames } from './actions.ts';

/** The key table for the documentation, from the table the program itself uses. Markdown. */
export const keysAsMarkdown = (): string =>
  Object.entries(contextNames)
    .map(([context, name]) => {
      const rows = actions
        .filter((action) => action.context === context)
        .map(({ keys, help }) => `| ${keys.map(keyName).join(' ')} | ${help} |`);
      return [`### ${name}`, '', '| keys | what they do |', '|---|---|', ...rows, ''].join('\n');
    })
    .join('\n');

const keyName = (key: string): string => `\`${key === '|' ? '\\|' : key}\``;
