/** Where in its statement Postgres found a mistake, as an index in the text; null where it did not say. */
export const sqlErrorPosition = (error: unknown): number | null => {
  const { cause } = error as { cause?: { position?: string; query?: string } };
  const position = Number(cause?.position ?? Number.NaN);
  return Number.isInteger(position) && position > 0 ? position - 1 : null;
};
