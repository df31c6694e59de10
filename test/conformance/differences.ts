import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ExactJson, exactText, field, isObject, parseExactJson } from './exact-json.ts';
import { parsePath, valueAt } from './json-path.ts';

/** Places of a step in which wand differs from Mage on purpose, for one reason (decisions.md 28). */
export type DocumentedDifference = {
  case: string;
  /** Number of the step, from 0, or `files` for the files that the case leaves. */
  step: number | 'files';
  rule: RuleName;
  /** `fingerprint` of what Mage gave at these paths. */
  mage: string;
  /** Exactly what wand gives, by path (`$` is the step); undefined = nothing. */
  wand: Map<string, ExactJson | undefined>;
};

/** The deliberate differences, each by the policy of mage-format.md 14 it comes from; docs/coming-from-mage.md names the same. */
export const rules = {
  'output-order': 'outputs are ordered by number: output_10 comes after output_2',
  'kept-as-it-was': 'what Mage loses or changes on the way between blocks arrives as it was, or as text with a warning',
  'works-in-wand': 'what crashes inside Mage works',
  'exports-values':
    'values are exported as they are: bytes as bytes, tuples, uuids and mixed columns in types that hold them',
  'sql-statements': 'SQL is split by a tokenizer and run statement by statement, whatever it does',
  'duplicate-columns': 'columns of a result that have the same name are numbered, with a warning',
  'no-output': 'a statement without a result has no output, not one that holds None',
  'block-output': 'block_output("x") without parse gives the output of x, not a dict of all inputs',
  'empty-upstream': 'an empty frame is uploaded as an empty table, so that the SQL after it works',
  'inlined-query': 'a raw SQL parent can be read by SQL also if its text ends with a semicolon or makes a table',
  'says-so': 'a setting that does nothing in Mage, such as an unknown data_provider, is an error',
  'error-names': 'errors of wand itself name file, value and way out; in SQL blocks their type is a word of wand',
  'any-import': 'a block that imports its decorator unguarded works',
  'dynamic-levels': 'two dynamic levels give each child the item that is its own',
  'empty-dynamic': 'a dynamic block without items gives no children, and the run goes on at once',
  'any-partition': 'get_variable without a partition gives the output of the last run that has one',
  'product-outputs': 'a global data product block has the outputs of the product, not a note where they lie',
  'outputs-kept': 'cache_block_output_in_memory does not lose outputs: they can be looked at and built on',
  'triggers-later': 'triggers.yaml starts no runs yet',
  'exits-fail': 'a block that calls sys.exit fails, and is not run again for ever',
} as const;

export type RuleName = keyof typeof rules;

/**
 * The entries of differences.json, by case: a step, a rule, and wand's value for each path (`{"$": "nothing"}` = no value). They are
 * checked for exactly these values: anything else, also Mage's own value, is a failure.
 */
export const readDifferences = (file = join(import.meta.dirname, 'differences.json')): DocumentedDifference[] =>
  Object.entries(parseExactJson(readFileSync(file, 'utf8')) as { [name: string]: Entry[] }).flatMap(([name, entries]) =>
    entries.map(({ step, rule, mage, wand }) => {
      if (!Object.hasOwn(rules, rule)) throw new Error(`${file}: case ${name} names no rule of ours: ${rule}`);
      const values = Object.entries(wand).map(([path, value]) => [path, isNothing(value) ? undefined : value] as const);
      return { case: name, step, rule, mage, wand: new Map(values) };
    }),
  );

type Entry = { step: number | 'files'; rule: RuleName; mage: string; wand: { [path: string]: ExactJson } };

const isNothing = (value: ExactJson): boolean => isObject(value) && field(value, '$') === 'nothing';

/** So that a record of Mage cannot change below a documented difference without a failure. */
export const fingerprint = (expected: ExactJson, paths: Iterable<string>): string =>
  createHash('sha256')
    .update([...paths].map((path) => `${path} ${exactText(valueAt(expected, parsePath(path)))}`).join('\n'))
    .digest('hex')
    .slice(0, 16);

export const documentedDifferences = readDifferences();
