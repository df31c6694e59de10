import { messageOf, WandError } from '../problem/wand-error.ts';
import { compileTemplate, type JinjaTemplate } from './jinja-template.ts';
import { pythonText } from './python-text.ts';

export type UndefinedUse = {
  name: string /** 1-based; null if the name only arises while rendering. */;
  line: number | null;
};

export type TemplateOptions = {
  /** Names of the template; functions may be among them. `{"$datetime": iso}` acts as Python's datetime. */
  scope?: Record<string, unknown>;
  /** For `env_var`; the shell's if not given. */
  environment?: NodeJS.ProcessEnv;
  /** An undefined name is an error; else it prints nothing, as in Jinja. */
  strict?: boolean;
  /** Named in errors. */
  file?: string;
  /** Told of every undefined name whose absence nobody asked about (`is defined`, `default`), once per line. */
  onUndefined?: (use: UndefinedUse) => void;
  /** Told of every variable that `env_var` was asked for and the environment lacks, default or not. */
  onUnset?: (name: string) => void;
};

/**
 * Renders a Jinja template as Mage does (mage-format.md 7.4), with `env_var`, `mage_secret_var` and `json_value`. Values print as in
 * Python. Throws WandErrors `invalid-template`, `undefined-name` (strict) that name file and line.
 */
export const renderTemplate = (source: string, options: TemplateOptions = {}): string => {
  // Jinja reads all line ends as \n and drops the last one.
  const text = source.replace(/\r\n|\r/g, '\n').replace(/\n$/, '');
  if (!/\{[{%#]/.test(text)) return text;
  const undefinedNames = new Set<string>();
  const scope = { ...mageFunctions(options), ...options.scope };
  const { template, rendered } = render(text, scope, options.file, (name) => undefinedNames.add(name));
  for (const use of usesOf(template, undefinedNames)) {
    options.onUndefined?.(use);
    if (options.strict) {
      const details = { file: options.file, ...(use.line === null ? {} : { line: use.line }) };
      throw new WandError('undefined-name', `${use.name} is not defined in the template`, {
        ...details,
        fix: 'Correct the name, or give it a value (wand run --var, or variables of the pipeline).',
      });
    }
  }
  return rendered;
};

const render = (
  text: string,
  scope: Record<string, unknown>,
  file: string | undefined,
  onUndefined: (name: string) => void,
): { template: JinjaTemplate; rendered: string } => {
  let template: JinjaTemplate | undefined;
  try {
    template = compileTemplate(text);
    return { template, rendered: template.render(scope, onUndefined) };
  } catch (error) {
    if (error instanceof WandError) throw error;
    const message = reasonOf(error);
    const member = /^"(.*)" is asked of/.exec(message)?.[1];
    const line = (member === undefined ? undefined : template?.linesOf(`.${member}`)[0]) ?? lineOf(error);
    throw new WandError('invalid-template', `the template does not render: ${message}`, { file, line, cause: error });
  }
};

/** nunjucks writes `(unknown path) [Line 3, Column 4]\n  Error: reason`. */
const reasonOf = (error: unknown): string =>
  messageOf(error)
    .split('\n')
    .at(-1)!
    .replace(/^\s*(?:Template render error|Error):\s*/, '')
    .replace(/^\((?:unknown path|template)\)\s*/, '')
    .trim();

/** Errors of the parser carry a 1-based line; those of rendering say 0 where they know none. */
const lineOf = (error: unknown): number | undefined => {
  const line = (error as { lineno?: unknown }).lineno;
  return typeof line === 'number' && line > 0 ? line : undefined;
};

const usesOf = (template: JinjaTemplate, names: Set<string>): UndefinedUse[] =>
  [...names].flatMap((name) => template.linesOf(name).map((line) => ({ name: name.replace(/^\./, ''), line })));

const mageFunctions = ({ environment = process.env, onUnset }: TemplateOptions): Record<string, unknown> => ({
  env_var: (name: string, otherwise: unknown = null) => {
    const value = Object.hasOwn(environment, name) ? environment[name] : undefined;
    if (value === undefined) onUnset?.(name);
    return value ?? keyword(otherwise, 'default', null);
  },
  // Mage's own store of secrets is not read yet; a secret it lacks is None there too.
  mage_secret_var: () => null,
  json_value: (document: unknown, key: string) => {
    const value: unknown = typeof document === 'string' ? JSON.parse(document) : document;
    return value !== null && typeof value === 'object' && Object.hasOwn(value, key)
      ? (value as Record<string, unknown>)[key]
      : null;
  },
  aws_secret_var: (name: string) => refuseVault('aws_secret_var', name),
  azure_secret_var: (name: string) => refuseVault('azure_secret_var', name),
});

/** nunjucks hands keyword arguments over as a last object marked `__keywords`. */
const keyword = (value: unknown, name: string, otherwise: unknown): unknown => {
  if (value === null || typeof value !== 'object' || !Object.hasOwn(value, '__keywords')) return value;
  return Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : otherwise;
};

const refuseVault = (vault: string, name: string): never => {
  throw new WandError('secret-vault', `${vault}('${pythonText(name)}'): wand does not read that vault yet`, {
    fix: `Put the value into .env and use env_var instead.`,
  });
};
