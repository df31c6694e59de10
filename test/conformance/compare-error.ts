/** Texts of Mage's own complaints: wand says the same in words of its own. */
const mageWording = [
  /^Block \S+ (may be|is) missing (upstream dependencies|input arguments)\./,
  /^Block \S+ may have too many upstream dependencies\./,
  /^Block \S+ does not have any decorated functions\./,
  /^Failed to pass tests for block /,
  /^Failed to read json file: /,
  /^Please do not use duplicate column name: /,
];

/**
 * Whether two last lines of a failure say the same: the same exception class (its module does not matter), and the same message
 * unless the message is Mage's wording. Of a database's error the first line counts, whatever the client that reported it.
 */
export const errorsAgree = (expected: string, got: string): boolean => {
  const [wanted, found] = [parseError(expected), parseError(got)];
  if (/^(psycopg2|pandas\.errors\.DatabaseError)/.test(wanted.type)) return databaseErrorsAgree(wanted.message, found);
  if (lastName(wanted.type) !== lastName(found.type)) return false;
  return wanted.message === found.message || mageWording.some((pattern) => pattern.test(wanted.message));
};

type ErrorLine = { type: string; message: string };

const parseError = (text: string): ErrorLine => {
  const at = text.indexOf(': ');
  return at < 0
    ? { type: text.replace(/:$/, ''), message: '' }
    : { type: text.slice(0, at), message: text.slice(at + 2).trim() };
};

const lastName = (type: string): string => type.split('.').at(-1) ?? type;

/** pandas puts the statement in front, psycopg and wand what lies around it behind. */
const databaseErrorsAgree = (expected: string, got: ErrorLine): boolean => {
  const wanted = expected.startsWith('Execution failed on sql')
    ? (expected.match(/': (?!.*': )([^\n]*)/s)?.[1] ?? expected)
    : expected.split('\n')[0]!;
  const isDatabaseError = /^[0-9A-Z]{5}$/.test(got.type) || /^psycopg/.test(got.type);
  return isDatabaseError && got.message.split('\n')[0] === wanted;
};
