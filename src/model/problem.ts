/** Something wrong in a user's files or surroundings, as `wand check`, the tree and the screens show it. */
export type Problem = {
  severity: 'error' | 'warning';
  message: string;
  project?: string;
  pipeline?: string;
  block?: string;
  /** Path as the user knows it. */
  file?: string;
  /** 1-based. */
  line?: number;
  /** The pipeline runs all the same, as in Mage: it is this block that fails. */
  failsBlockOnly?: true;
  /** The way out, as an imperative sentence. */
  fix?: string;
};
