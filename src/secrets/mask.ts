/** Names whose values are secret, as people name them. */
const secretName =
  /PASSWORD|PASSWD|PASSPHRASE|SECRET|TOKEN|CREDENTIAL|API_?KEY|ACCESS_?KEY|PRIVATE_?KEY|ENCRYPTION_?KEY|AUTH_?KEY|(^|_)(PASS|PWD|KEY|DSN|PAT)$/i;

/** A working folder, not a password. */
const notSecret = new Set(['PWD', 'OLDPWD', 'SSH_AUTH_SOCK']);

/** Values that everybody sees; a password that repeats one (the course's user and password are alike) cannot be hidden by masking. */
const publicName = /(^|_)(USER|USERNAME|DBNAME|DATABASE|DB|HOST|SCHEMA|NAME)$/i;

const shortest = 4;
const mask = '***';

/**
 * What must not be shown of an environment: values of variables with a secret's name and passwords inside URLs, as written and percent-decoded;
 * longest first, so that a secret inside another does not leave its rest. Shorter than four characters is not masked: it
 * would tear up every text.
 */
export const secretValues = (environment: Record<string, string | undefined>): string[] => {
  const entries = Object.entries(environment).filter((entry): entry is [string, string] => Boolean(entry[1]));
  const known = new Set(entries.filter(([name]) => publicName.test(name)).map(([, value]) => value));
  const named = entries.filter(([name]) => isSecretName(name)).map(([, value]) => value);
  const found = [...named, ...entries.flatMap(([, value]) => passwordsOfUrls(value))].flatMap(linesAndWhole);
  return [...new Set(found)]
    .filter((value) => value.length >= shortest && !known.has(value))
    .sort((a, b) => b.length - a.length);
};

/** Whether what stands behind such a name is a secret, however short. */
export const isSecretName = (name: string): boolean => secretName.test(name) && !notSecret.has(name);

/** The text with every secret replaced by `***`. `secrets` as secretValues answers them. */
export const maskSecrets = (text: string, secrets: readonly string[]): string =>
  secrets.reduce((masked, secret) => masked.replaceAll(secret, mask), text);

const passwordsOfUrls = (value: string): string[] =>
  [...value.matchAll(/[a-z][a-z0-9+.-]*:\/\/[^\s/:@]*:([^\s]+?)@(?=[^@\s]*(?:\s|$))/gi)].flatMap(
    ([, password = '']) => [password, decoded(password)],
  );

/** Logs come line by line, so a private key over several lines must be known by its lines too. */
const linesAndWhole = (value: string): string[] =>
  value.includes('\n')
    ? [
        value,
        ...value
          .split('\n')
          .map((line) => line.trim())
          .filter((line) => line.length > 15),
      ]
    : [value];

const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};
