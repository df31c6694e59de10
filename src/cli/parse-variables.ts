import { WandError } from '../problem/wand-error.ts';
import { parseYaml } from '../project/yaml.ts';

/** `k=v` pairs of `--var`; a value is read as YAML would: `3`, `true`, `[1, 2]`, else text. Throws on a pair without `=`. */
export const parseVariables = (pairs: string[]): Record<string, unknown> =>
  Object.fromEntries(
    pairs.map((pair) => {
      const place = pair.indexOf('=');
      if (place < 1) {
        throw new WandError('bad-variable', `--var ${pair}: expected NAME=VALUE`, {
          fix: 'for example --var source=trips.csv.gz',
        });
      }
      return [pair.slice(0, place), yamlValue(pair.slice(place + 1))];
    }),
  );

const yamlValue = (text: string): unknown => {
  try {
    return parseYaml(text, { file: '--var' }).value ?? text;
  } catch {
    return text;
  }
};

/** A date of `--date`, ISO 8601; without a zone it is UTC. */
export const parseDate = (text: string): Date => {
  const withZone = /[zZ]|[+-]\d\d:?\d\d$/.test(text.slice(10))
    ? text
    : `${text.length <= 10 ? `${text}T00:00:00` : text}Z`;
  const date = new Date(withZone);
  if (Number.isNaN(date.getTime())) {
    throw new WandError('bad-date', `--date ${text}: not a date`, {
      fix: 'for example --date 2021-01-01 or --date 2021-01-01T06:00:00Z',
    });
  }
  return date;
};
