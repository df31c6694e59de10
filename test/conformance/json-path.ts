import { type ExactJson, isObject } from './exact-json.ts';

export type PathKeys = (string | number)[];

/** `$.blocks.load.outputs.output_0.rows`; keys that are no plain names in brackets. */
export const pathText = (keys: PathKeys): string =>
  `$${keys.map((key) => (typeof key === 'number' ? `[${key}]` : /^[A-Za-z_]\w*$/.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`)).join('')}`;

/** Keys of a path that `pathText` wrote. Throws on anything else. */
export const parsePath = (text: string): PathKeys => {
  const keys: PathKeys = [];
  const pattern = /\.([A-Za-z_]\w*)|\[(\d+)\]|\[("(?:[^"\\]|\\.)*")\]/y;
  pattern.lastIndex = 1;
  while (pattern.lastIndex < text.length) {
    const at = pattern.lastIndex;
    const found = text[0] === '$' ? pattern.exec(text) : null;
    if (!found) throw new Error(`not a path: ${text} (at ${at})`);
    keys.push(found[1] ?? (found[2] === undefined ? (JSON.parse(found[3]!) as string) : Number(found[2])));
  }
  return keys;
};

/** What lies at a path; undefined if it ends on the way. */
export const valueAt = (value: ExactJson | undefined, keys: PathKeys): ExactJson | undefined =>
  keys.reduce<ExactJson | undefined>((place, key) => {
    if (Array.isArray(place) && typeof key === 'number') return place[key];
    return isObject(place) && Object.hasOwn(place, key) ? place[key] : undefined;
  }, value);
