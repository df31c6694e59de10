/** What an SQL script would take away for good. */
export { destroyedBy } from '../../blocks/sql/destroyed-by.ts';
