const messageKeys = ['message', 'msg', 'event', 'text'];
const timeKeys = new Set(['time', 'timestamp', 'ts', '@timestamp', 'datetime']);
/** Longer lines are shown as they are: nobody reads them folded either. */
const longest = 20_000;

/** A log line that is a JSON object as `message  key=value key=value`, without its time, which the line has already; null for any other line. */
export const foldedJson = (text: string): string | null => {
  if (text.length > longest || !/^\s*\{.*\}\s*$/s.test(text)) return null;
  let value: Record<string, unknown>;
  try {
    value = JSON.parse(text) as Record<string, unknown>;
  } catch {
    return null;
  }
  const messageKey = messageKeys.find((key) => typeof value[key] === 'string');
  const rest = Object.entries(value).filter(([key]) => key !== messageKey && !timeKeys.has(key.toLowerCase()));
  const pairs = rest.map(
    ([key, field]) => `${key}=${typeof field === 'string' ? quoted(field) : JSON.stringify(field)}`,
  );
  const message = messageKey === undefined ? [] : [String(value[messageKey])];
  return [...message, pairs.join(' ')].filter((part) => part !== '').join('  ');
};

const quoted = (text: string): string => (/^[^\s"=]+$/.test(text) ? text : JSON.stringify(text));
