/**
 * A date-time in a template as Python's aware `datetime` behaves in Jinja: `{{ execution_date }}` prints
 * `2024-01-01 00:00:00+00:00`, and the members that SQL blocks use are there (mage-format.md 4.3). Always in UTC.
 */
export class PythonDatetime {
  readonly #time: Date;
  readonly #microsecond: number;

  /** Takes ISO 8601 with an offset or Z; throws a RangeError for other text. */
  constructor(iso: string) {
    this.#time = new Date(iso);
    if (Number.isNaN(this.#time.getTime())) throw new RangeError(`not a date-time: ${iso}`);
    const fraction = /\.(\d{1,6})/.exec(iso)?.[1] ?? '';
    this.#microsecond = Number(fraction.padEnd(6, '0'));
  }

  toString(): string {
    return this.isoformat(' ');
  }

  isoformat(separator = 'T'): string {
    const fraction = this.#microsecond === 0 ? '' : `.${digits(this.#microsecond, 6)}`;
    return `${this.strftime(`%Y-%m-%d${separator.replaceAll('%', '%%')}%H:%M:%S`)}${fraction}+00:00`;
  }

  /** The directives of the C standard in the C locale; an unknown one stays as it is. */
  strftime(format: string): string {
    return format.replace(/%(-?)([a-zA-Z%])/g, (whole, bare: string, directive: string) => {
      const text = this.#directive(directive);
      return text === null ? whole : bare ? text.replace(/^0+(?=\d)/, '') : text;
    });
  }

  /** Member by its Python name; undefined if there is none. */
  member(name: string): unknown {
    const time = this.#time;
    const members: Record<string, () => unknown> = {
      year: () => time.getUTCFullYear(),
      month: () => time.getUTCMonth() + 1,
      day: () => time.getUTCDate(),
      hour: () => time.getUTCHours(),
      minute: () => time.getUTCMinutes(),
      second: () => time.getUTCSeconds(),
      microsecond: () => this.#microsecond,
      strftime: () => (format: string) => this.strftime(format),
      isoformat: () => (separator?: string) => this.isoformat(separator),
      date: () => () => this.strftime('%Y-%m-%d'),
      time: () => () => this.strftime('%H:%M:%S'),
      timestamp: () => () => time.getTime() / 1000,
      weekday: () => () => (time.getUTCDay() + 6) % 7,
      isoweekday: () => () => time.getUTCDay() || 7,
    };
    return Object.hasOwn(members, name) ? members[name]!() : undefined;
  }

  #directive(directive: string): string | null {
    const time = this.#time;
    const hour = time.getUTCHours();
    const day = days[time.getUTCDay()]!;
    const month = months[time.getUTCMonth()]!;
    const startOfYear = Date.UTC(time.getUTCFullYear(), 0, 1);
    const known: Record<string, string> = {
      Y: digits(time.getUTCFullYear(), 4),
      y: digits(time.getUTCFullYear() % 100, 2),
      m: digits(time.getUTCMonth() + 1, 2),
      d: digits(time.getUTCDate(), 2),
      H: digits(hour, 2),
      I: digits(hour % 12 || 12, 2),
      M: digits(time.getUTCMinutes(), 2),
      S: digits(time.getUTCSeconds(), 2),
      f: digits(this.#microsecond, 6),
      j: digits(Math.floor((time.getTime() - startOfYear) / 86_400_000) + 1, 3),
      p: hour < 12 ? 'AM' : 'PM',
      a: day.slice(0, 3),
      A: day,
      b: month.slice(0, 3),
      B: month,
      w: String(time.getUTCDay()),
      u: String(time.getUTCDay() || 7),
      z: '+0000',
      Z: 'UTC',
      s: String(Math.floor(time.getTime() / 1000)),
      '%': '%',
    };
    if (Object.hasOwn(known, directive)) return known[directive]!;
    if (directive === 'F') return this.strftime('%Y-%m-%d');
    return directive === 'T' ? this.strftime('%H:%M:%S') : null;
  }
}

const digits = (value: number, width: number): string => String(value).padStart(width, '0');

const days = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const months = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];
