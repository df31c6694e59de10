const messageKeys = ['message', 'msg', 'event', 'text'];
const timeKeys = new Set(['time', 'timestamp', 'ts', '@timestamp', 'datetime']);
/** Longer lines are shown as they are: nobody reads them folded either. */
const longest = 20_000;

/** Longer JSON is shown as it is: laid out it would be some 100,000 rows. Characters. */
const longestLaidOut = 200_000;
/** Deeper values are indented no further, so that what is laid out stays some times as long as the line. */
const deepest = 40;

/** A log line to be read whole: JSON with a row for each value, any other text as it is. Numbers stay as they are written. */
export const wholeLine = (text: string): string => {
  if (text.length > longestLaidOut || !/^\s*[[{].*[\]}]\s*$/s.test(text)) return text;
  try {
    JSON.parse(text);
  } catch {
    return text;
  }
  return laidOut(text.trim());
};

/** JSON text, known to be correct, with line breaks and indents: parsed and printed again it would lose digits of large numbers. */
const laidOut = (json: string): string => {
  let result = '';
  let depth = 0;
  const lineBreak = (): string => `\n${'  '.repeat(Math.min(depth, deepest))}`;
  for (const [token] of json.matchAll(/"(?:[^"\\]|\\.)*"|[[{]\s*[\]}]|[[\]{},:]|[^\s[\]{},:"]+/g)) {
    if (token === '{' || token === '[') {
      depth += 1;
      result += token + lineBreak();
    } else if (token === '}' || token === ']') {
      depth -= 1;
      result += lineBreak() + token;
    } else if (token === ',') result += token + lineBreak();
    else if (token === ':') result += ': ';
    else result += /^[[{]/.test(token) ? token.replace(/\s+/g, '') : token;
  }
  return result;
};

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
