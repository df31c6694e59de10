/** An output as a file of this host, wherever it was made. */
export { localOutput } from '../outputs/fetch-output.ts';
