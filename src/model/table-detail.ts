/** A table as the catalog tree unfolds it. */
export type TableDetail = {
  columns: { name: string; type: string; nullable: boolean; default: string | null }[];
  indexes: { name: string; definition: string; unique: boolean; primary: boolean; bytes: number }[];
};
