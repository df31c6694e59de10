import { projectEnvironment } from '../../secrets/environment.ts';
import { isSecretName, maskSecrets, secretValues } from '../../secrets/mask.ts';
import { commandLine } from './rerun-command.ts';
import { shellWords } from './shell-words.ts';

/**
 * A command line as it may be kept in a file: without the values of secrets of the shell and of `.env`, passwords in URLs and in SQL, and
 * variables with a secret's name.
 */
export const maskedCommand = (
  line: string,
  { projectPath, instancePath }: { projectPath: string | null; instancePath: string | null },
): string => {
  const secrets = secretValues(environmentOf(projectPath, instancePath));
  const words = wordsOf(line);
  if (words === null) return '***';
  const masked = words.map((word, index) => {
    const text = words[index - 1] === '--var' ? maskedVariable(word) : word.replace(sqlPassword, "$1'***'");
    return maskSecrets(text, [...secrets, ...secretValues({ text })]);
  });
  return commandLine(...masked);
};

/** A line that no shell could read is none of ours. */
const wordsOf = (line: string): string[] | null => {
  try {
    return shellWords(line);
  } catch {
    return null;
  }
};

const maskedVariable = (word: string): string => {
  const at = Math.max(0, word.indexOf('='));
  const name = word.slice(0, at);
  return isSecretName(name) || namesOf(word.slice(at + 1)).some(isSecretName) ? `${name}=***` : word;
};

/** Names inside a value that is a map or a list, in JSON or YAML: `{password: x}`. */
const namesOf = (value: string): string[] =>
  /^\s*[{[]/.test(value) ? [...value.matchAll(/([\w-]+)["']?\s*:/g)].map(([, name]) => name!) : [];

/** `PASSWORD 'x'` of roles and servers, in every form of a literal. */
const sqlPassword = /(\bpassword\s+)(?:E'(?:[^'\\]|''|\\[\s\S])*'|'(?:[^']|'')*'|\$(\w*)\$[\s\S]*?\$\2\$)/gi;

const environmentOf = (projectPath: string | null, instancePath: string | null): Record<string, string | undefined> => {
  try {
    return projectEnvironment({ projectPath, instancePath }).values;
  } catch {
    // A file that cannot be read has told nobody its secrets.
    return process.env;
  }
};
