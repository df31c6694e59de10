/** VendorID becomes vendor_id, PULocationID pu_location_id, `Trip distance` trip_distance. A leading digit gets `_` before it. */
export const snakeCase = (name: string): string => {
  const words = name
    .replace(/([\p{Ll}\d])(\p{Lu})/gu, '$1_$2')
    .replace(/(\p{Lu}+)(\p{Lu}\p{Ll})/gu, '$1_$2')
    .replace(/[^\p{L}\p{N}]+/gu, '_')
    .replace(/^_+|_+$/g, '')
    .toLowerCase();
  return /^\d/.test(words) || words === '' ? `_${words}` : words;
};
