import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { WandError } from '../problem/wand-error.ts';
import { renderTemplate } from './jinja.ts';
import { asMap } from './json-values.ts';
import { readProjectFile } from './read-text.ts';
import { parseYaml } from './yaml.ts';

/** `io_config.yaml` after Jinja (mage-format.md 6). */
export type IoConfig = {
  file: string;
  /** The text before Jinja: errors quote its lines. */
  source: string;
  /** By name, without `version`. Null for a profile that is no map. */
  profiles: Map<string, Record<string, unknown> | null>;
  /** The names the file asks for and the environment lacks: they rendered as the text `None`. */
  unset: ReadonlySet<string>;
};

/**
 * Reads the io_config.yaml of a project, rendered as a whole with the environment given, as Mage does: an unset variable becomes
 * the text `None`. Throws a WandError for a missing file, bad Jinja or bad YAML.
 */
export const readIoConfig = (projectPath: string, environment: Record<string, string | undefined>): IoConfig => {
  const file = join(projectPath, 'io_config.yaml');
  if (!existsSync(file)) {
    throw new WandError('io-config-missing', `the project has no io_config.yaml: ${file}`, {
      fix: 'Create it with a profile such as "default" that holds POSTGRES_HOST and the other POSTGRES_ keys.',
    });
  }
  const source = readProjectFile(file);
  const unset = new Set<string>();
  const rendered = renderTemplate(source, { file, environment, onUnset: (name) => unset.add(name) });
  const { value } = parseYaml(rendered, { file });
  const map = asMap(value ?? {});
  if (map === null) throw new WandError('io-config-invalid', 'the file is not a map of profiles', { file, line: 1 });
  const profiles = Object.entries(map).filter(([name]) => name !== 'version');
  return { file, source, profiles: new Map(profiles.map(([name, profile]) => [name, asMap(profile)])), unset };
};

/** The keys of a profile. Throws `profile-missing` naming the file and the profiles there are. */
export const profileOf = (config: IoConfig, name: string): Record<string, unknown> => {
  const profile = config.profiles.get(name);
  if (profile) return profile;
  const names = [...config.profiles.keys()];
  if (config.profiles.has(name)) {
    const line = profileLines(config.source, name).first;
    throw new WandError('profile-invalid', `the profile ${name} holds no keys`, { file: config.file, line });
  }
  throw new WandError('profile-missing', `no profile ${name} in the file`, {
    file: config.file,
    fix: names.length > 0 ? `There are: ${names.join(', ')}.` : 'The file has no profiles; add one.',
  });
};

/** 1-based lines of a profile in the text before Jinja, both inclusive; the whole text if the name is not found in it. */
export const profileLines = (source: string, name: string): { first: number; last: number } => {
  const lines = source.split(/\r\n|\n|\r/);
  const start = lines.findIndex((line) => new RegExp(`^(["']?)${escaped(name)}\\1\\s*:`).test(line));
  if (start < 0) return { first: 1, last: lines.length };
  const next = lines.findIndex((line, index) => index > start && /^[^\s#{}-]/.test(line));
  return { first: start + 1, last: next < 0 ? lines.length : next };
};

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
