/** A JSON array as a Postgres array literal: `{1,NULL,"a \"b\""}`; inner arrays nest, objects are their JSON text. */
export const arrayLiteral = (list: unknown[]): string => `{${list.map(element).join(',')}}`;

const element = (value: unknown): string => {
  if (value === null) return 'NULL';
  if (Array.isArray(value)) return arrayLiteral(value);
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
};
