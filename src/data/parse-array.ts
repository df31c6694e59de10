/** The elements of a Postgres array literal as texts and nulls: `{1,NULL,"a,b"}`; inner arrays nest. Bounds (`[0:1]={...}`) are passed over. */
export const parseArrayLiteral = (literal: string): unknown[] => {
  const text = literal.slice(literal.indexOf('{'));
  let at = 0;
  const array = (): unknown[] => {
    const items: unknown[] = [];
    at++;
    while (at < text.length && text[at] !== '}') {
      if (text[at] === ',') at++;
      else items.push(text[at] === '{' ? array() : text[at] === '"' ? quoted() : bare());
    }
    at++;
    return items;
  };
  const quoted = (): string => {
    let value = '';
    for (at++; at < text.length && text[at] !== '"'; at++) {
      if (text[at] === '\\') at++;
      value += text[at];
    }
    at++;
    return value;
  };
  const bare = (): string | null => {
    const end = /[,}]/.exec(text.slice(at));
    const value = text.slice(at, end ? at + end.index : text.length);
    at += value.length;
    return value === 'NULL' ? null : value;
  };
  return array();
};
