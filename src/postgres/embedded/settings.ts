import type { Place } from './place.ts';

/**
 * Settings of a new cluster, in its postgresql.conf where its owner may change them. fsync, synchronous_commit and full_page_writes
 * stay on: this is a user's data. What is not named here has its default: no other setting moved COPY by more than the noise.
 */
export const clusterSettings = (): string => `
# wand's settings for a new cluster; edit them as you like.
timezone = 'UTC'
log_timezone = 'UTC'
log_line_prefix = '%m [%p] %a: '
# A backend whose client died would go on with its statement; one second is how long it may.
client_connection_check_interval = 1s
`;

/** Settings that follow from where the cluster lies today; given at each start. */
export const startSettings = (place: Place, port: number): string[] =>
  Object.entries({
    listen_addresses: '127.0.0.1',
    port: String(port),
    // A list in which a name may be in double quotes: blanks and commas in the path need them.
    unix_socket_directories: `"${place.socketFolder.replaceAll('"', '""')}"`,
    unix_socket_permissions: '0700',
    logging_collector: 'off',
  }).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
