/** Texts of Mage's own complaints and crashes: wand says the same in words of its own. */
const mageWording = [
  /^Block \S+ (may be|is) missing (upstream dependencies|input arguments)\./,
  /^Block \S+ may have too many upstream dependencies\./,
  /^Block \S+ does not have any decorated functions\./,
  /^Failed to pass tests for block /,
  /^Failed to read json file: /,
  /^Please do not use duplicate column name: /,
  /^Please provide a table_name argument in the export method\.$/,
  /^Table '\S+' already exists in database\.$/,
  /^No connection currently open\./,
  /^None file format found for this file extension: /,
  // Crashes inside Mage's export.
  /^The truth value of a Series is ambiguous\./,
  /^'NoneType' object has no attribute 'copy'$/,
  // Names a function inside Mage.
  /^Block\._block_decorator\.<locals>\.custom_code\(\) missing 1 required positional argument: 'function'$/,
];

/**
 * Whether two last lines of a failure say the same: the same exception class (its module does not matter), and the same message
 * unless the message is Mage's wording. Of a database's error the first line counts, whatever the client that reported it.
 */
export const errorsAgree = (expected: string, got: string): boolean => {
  const [wanted, found] = [parseError(expected), parseError(got)];
  if (isDatabaseError(wanted.type)) return isDatabaseError(found.type) && serverWords(wanted) === serverWords(found);
  if (lastName(wanted.type) !== lastName(found.type)) return false;
  return wanted.message === found.message || mageWording.some((pattern) => pattern.test(wanted.message));
};

type ErrorLine = { type: string; message: string };

const parseError = (text: string): ErrorLine => {
  const at = text.indexOf(': ');
  if (at < 0) return { type: text.replace(/:\s*$/, ''), message: '' };
  return { type: text.slice(0, at), message: text.slice(at + 2).trim() };
};

const lastName = (type: string): string => type.split('.').at(-1) ?? type;

/** psycopg's and pandas' classes; a SQL block of wand names SQLSTATE and condition, such as `42P01 undefined_table`. */
const isDatabaseError = (type: string): boolean =>
  /^psycopg2?\./.test(type) || type === 'pandas.errors.DatabaseError' || /^[0-9A-Z]{5}( |$)/.test(type);

/** pandas puts the statement in front; where the error is stands behind. */
const serverWords = ({ type, message }: ErrorLine): string => {
  const own =
    type === 'pandas.errors.DatabaseError'
      ? (/^Execution failed on sql '.*': (?=[^\n]*(\n|$))(.*)$/s.exec(message)?.[2] ?? message)
      : message;
  return own.split('\n')[0]!.trim();
};
