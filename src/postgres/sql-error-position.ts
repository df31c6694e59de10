/** Where in its statement Postgres found a mistake, as an index in the text; null where it did not say. */
export const sqlErrorPosition = (error: unknown, sql: string): number | null => {
  const { cause } = error as { cause?: { position?: string } };
  const position = Number(cause?.position ?? Number.NaN);
  return Number.isInteger(position) && position > 0 ? indexOfCharacter(sql, position - 1) : null;
};

/** Postgres counts characters, JavaScript halves of surrogate pairs: the index of the character with this number, from 0. */
export const indexOfCharacter = (text: string, number: number): number => [...text].slice(0, number).join('').length;
